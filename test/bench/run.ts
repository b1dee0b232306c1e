/**
 * `npm run bench` runs every bench of this folder, `npm run bench -- NAME` one of them; what follows the name is for the
 * bench (`npm run bench -- idle --seconds 20`), `npm run bench -- --help` tells what there is. Ends with code 1 when a
 * target is missed.
 */
import { readdir, readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import type { Figure } from './figures.ts';

const ENDING = '.bench.ts';

interface Bench {
  run(options: readonly string[]): Promise<readonly Figure[]>;
}

const [wanted, ...options] = process.argv.slice(2);
const names = (await readdir(import.meta.dirname))
  .filter((file) => file.endsWith(ENDING))
  .map((file) => file.slice(0, -ENDING.length))
  .sort();
if (wanted === '--help') {
  await help();
  process.exit(0);
}
if (wanted !== undefined && !names.includes(wanted)) {
  console.error(`There is no bench “${wanted}”; there are: ${names.join(', ')}.`);
  process.exit(2);
}

console.log(
  `Node ${process.versions.node}, ${process.platform}, ${cpus().length} × ${cpus()[0]?.model.trim()}`,
);
const missed: string[] = [];
let targets = 0;
for (const name of wanted === undefined ? names : [wanted]) {
  console.log(`\n── ${name}`);
  const bench = (await import(new URL(`${name}${ENDING}`, import.meta.url).href)) as Bench;
  for (const { what, isMet } of await bench.run(options)) {
    if (isMet === undefined) continue;
    targets += 1;
    if (!isMet) missed.push(`${name}: ${what}`);
  }
}
if (targets > 0) console.log(`\n${targets - missed.length} of ${targets} targets met.`);
for (const each of missed) console.log(`Missed: ${each}`);
// Servers of the benches are stopped by them; what a library still holds must not keep a finished run alive.
process.exit(missed.length > 0 ? 1 : 0);

/** Each bench says itself what it measures and which options it has, at its top. */
async function help(): Promise<void> {
  console.log('npm run bench [-- NAME [OPTIONS]]\n\nWithout a name every bench runs. There are:');
  for (const name of names) {
    const source = await readFile(new URL(`${name}${ENDING}`, import.meta.url), 'utf8');
    const words = /\/\*\*([\s\S]*?)\*\//.exec(source)?.[1] ?? '';
    console.log(
      `\n  ${name}\n    ${words
        .replace(/^\s*\*?\s*/gm, '')
        .trim()
        .replaceAll('\n', '\n    ')}`,
    );
  }
}
