/**
 * Makes sure that what the tests start is what the sources say: `npm test` builds before, but a single file may be run
 * without, and an old build would be tested without anybody noticing.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCES = ['src', 'commands', 'tsconfig.json', 'tsconfig.build.json'];
/** Written after each build of ours; a build by `npm run build` shows in its own files. */
const STAMP = join(ROOT, 'dist', '.built');
const GUARD = join(ROOT, 'node_modules', '.carillon-build');
/** A build takes seconds; an older guard was left by a process that died in the middle of one. */
const GUARD_MAX_MS = 120_000;
const LOOK_MS = 50;

/** The folder of the built program's own modules. */
export const BUILT = join(ROOT, 'dist', 'src');
export const PROGRAM = join(BUILT, 'main.js');

/** The newest change below a path, in milliseconds since 1970; 0 when there is nothing. */
function newest(path: string): number {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (!entry) return 0;
  if (!entry.isDirectory()) return entry.mtimeMs;
  return Math.max(entry.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function isFresh(): boolean {
  const sources = Math.max(...SOURCES.map((path) => newest(join(ROOT, path))));
  const main = statSync(PROGRAM, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const stamp = statSync(STAMP, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return main > 0 && Math.max(main, stamp) >= sources;
}

function enterGuard(): boolean {
  try {
    mkdirSync(GUARD);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const since = statSync(GUARD, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - since > GUARD_MAX_MS) rmdirSync(GUARD);
    return false;
  }
}

/** Builds unless the build is newer than every source. Of test files that run at once, one builds and the others wait. */
export async function buildOnce(): Promise<void> {
  while (!isFresh()) {
    if (!enterGuard()) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      continue;
    }
    try {
      if (!isFresh()) build();
    } finally {
      rmdirSync(GUARD);
    }
  }
}

function build(): void {
  const begun = new Date();
  const compiler = join(
    dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
    'bin',
    'tsc',
  );
  // Types are looked at by `npm run check`; looking takes eight times as long as building.
  execFileSync(process.execPath, [compiler, '-p', join(ROOT, 'tsconfig.build.json'), '--noCheck'], {
    stdio: 'pipe',
  });
  writeFileSync(STAMP, '');
  // As of its beginning: what is changed while it runs is newer and builds again.
  utimesSync(STAMP, begun, begun);
}
