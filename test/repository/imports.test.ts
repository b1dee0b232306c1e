/** Dependency direction: commands → core services → ports; adapters know core and never each other; only the program's own folder joins them. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What the files of a part may import of ours. `src/main` stands for main.ts and the folder app beside it. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  commands: ['src/core'],
  'src/core': [],
  'src/lib': ['src/core'],
  'src/embedded': [],
  'src/config': ['src/core', 'src/lib'],
  'src/chat/discord': ['src/core', 'src/lib'],
  'src/chat/telegram': ['src/core', 'src/lib'],
  'src/chat/terminal': ['src/core', 'src/lib'],
  'src/publishers': ['src/core', 'src/lib'],
  'src/stores': ['src/core', 'src/lib'],
  'src/media': ['src/core', 'src/lib'],
  'src/jobs': ['src/core', 'src/lib'],
  'src/web': ['src/core', 'src/lib'],
  'src/tools': ['src/core', 'src/lib', 'src/config', 'src/stores', 'src/embedded'],
  'src/main': [
    'src/core',
    'src/lib',
    'src/embedded',
    'src/config',
    'src/chat/discord',
    'src/chat/telegram',
    'src/chat/terminal',
    'src/publishers',
    'src/stores',
    'src/media',
    'src/jobs',
    'src/web',
  ],
};

/** Packages that belong to one part only. */
const ONLY: Readonly<Record<string, string>> = {
  'discord.js': 'src/chat/discord',
  grammy: 'src/chat/telegram',
  agenda: 'src/jobs',
  'twitter-api-v2': 'src/publishers',
  lmdb: 'src/embedded',
  mingo: 'src/embedded',
  sharp: 'src/media',
  pino: 'src/lib',
};

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

function partOf(file: string): string {
  if (file === 'src/main.ts' || file.startsWith('src/app/')) return 'src/main';
  if (file === 'src/config.ts') return 'src/config';
  const parts = file.split('/');
  return parts[0] === 'commands' ? 'commands' : parts.slice(0, parts[1] === 'chat' ? 3 : 2).join('/');
}

interface Import {
  readonly file: string;
  readonly target: string;
}

const files = [...sources('src'), ...sources('commands')];
const imports: Import[] = files.flatMap((file) => {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => ({
    file,
    target: match[1] ?? '',
  }));
});
const ours = imports
  .filter(({ target }) => target.startsWith('.'))
  .map(({ file, target }) => ({ file, target: join(dirname(file), target).split(sep).join('/') }));

describe('imports', () => {
  it('are read at all', () => expect(ours.length).toBeGreaterThan(200));

  it('go in the allowed direction only', () => {
    const wrong = ours.filter(({ file, target }) => {
      const [from, to] = [partOf(file), partOf(target)];
      return from !== to && !ALLOWED[from]?.includes(to);
    });
    expect(wrong).toEqual([]);
  });

  it('of a package stay in the part that owns it', () => {
    const wrong = imports.filter(({ file, target }) => {
      const owner = ONLY[target.split('/')[0] ?? ''];
      return owner !== undefined && !partOf(file).startsWith(owner);
    });
    expect(wrong).toEqual([]);
  });

  it('process.env is read in config only', () => {
    const readers = files.filter((file) => readFileSync(join(ROOT, file), 'utf8').includes('process.env'));
    expect(readers).toEqual(['src/config.ts']);
  });

  it('core and commands name no chat platform and no network', () => {
    const names = /\b(discord|telegram|grammy|instagram|pinterest|tumblr|facebook|twitter)\b/i;
    const naming = files
      .filter((file) => file.startsWith('src/core/') || file.startsWith('commands/'))
      .flatMap((file) => {
        // Comments may point at a platform as the source of a limit, and examples in texts show people what to type.
        const code = readFileSync(join(ROOT, file), 'utf8').replace(
          /\/\*[\s\S]*?\*\/|\/\/.*|'[^'\n]*'|`[^`]*`/g,
          '',
        );
        return names.test(code) ? [file] : [];
      });
    expect(naming).toEqual([]);
  });

  it('time, timers and chance come through their ports', () => {
    const direct =
      /\bDate\.now\(|\bsetTimeout\(|\bsetInterval\(|\bMath\.random\(|\brandomUUID\(|\bnew Date\(\)/;
    const wrong = files.filter(
      (file) =>
        /^(src\/(core|jobs|publishers|chat)\/|commands\/)/.test(file) &&
        direct.test(readFileSync(join(ROOT, file), 'utf8')),
    );
    expect(wrong).toEqual([]);
  });
});
