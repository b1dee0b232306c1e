/** Documents that the code is the truth for: they are compared with it, so they cannot drift apart quietly. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadCommands } from '../../src/app/load-commands.ts';
import { VARIABLES, type Variable } from '../../src/config/variables.ts';
import { ERROR_CODES } from '../../src/core/error-codes.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('docs/errors.md', () => {
  it('lists each code with what it means, what the bot does and what the person does', () => {
    const rows = [...read('docs/errors.md').matchAll(/^\| `([A-Z_]+)` \| (.*) \| (.*) \| (.*) \|$/gm)].map(
      ([, code, means, bot, person]) => [code, { means, bot, person }],
    );
    expect(Object.fromEntries(rows)).toEqual(ERROR_CODES);
  });

  it('no code is listed that nothing uses', async () => {
    const { readdirSync } = await import('node:fs');
    const folders = ['src', 'commands'];
    const text = folders
      .flatMap((folder) =>
        readdirSync(new URL(`../../${folder}`, import.meta.url), { recursive: true, withFileTypes: true }),
      )
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && entry.name !== 'error-codes.ts')
      .map((entry) => readFileSync(`${entry.parentPath}/${entry.name}`, 'utf8'))
      .join('\n');
    expect(Object.keys(ERROR_CODES).filter((code) => !text.includes(`'${code}'`))).toEqual([]);
  });
});

describe('the environment', () => {
  it('.env.example has every variable, with its default or an example', () => {
    const lines = [...read('.env.example').matchAll(/^#? ?([A-Z][A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [
      name,
      value,
    ]);
    const expected = Object.entries(VARIABLES as Record<string, Variable>).map(([name, variable]) => [
      name,
      variable.fallback ?? variable.example,
    ]);
    expect(lines).toEqual(expected);
  });

  it('the README names every variable that somebody sets', () => {
    const readme = read('README.md');
    // Those of /connect are for a later version, and the README says so once.
    const later = /^(X_CLIENT|FACEBOOK|INSTAGRAM)/;
    expect(
      Object.keys(VARIABLES).filter((name) => !later.test(name) && !readme.includes(`\`${name}\``)),
    ).toEqual([]);
  });
});

it('the README names every command', async () => {
  const readme = read('README.md');
  expect(
    (await loadCommands()).map(({ name }) => name).filter((name) => !readme.includes(`/${name}`)),
  ).toEqual([]);
});
