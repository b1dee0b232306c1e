// A folder or file that may not be read or written: the start says so, makes nothing and changes nothing. Root may do
// everything, so for root the start runs in a process of another user.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Build, isolateEmbedded, startProcess } from '../built-server.ts';
import { temporaryDirectory } from '../harness.ts';

const isRoot = process.getuid?.() === 0;
const OTHER_USER = 65_534;

let build: Build;
const parent = temporaryDirectory();
beforeAll(() => {
  build = isolateEmbedded();
  chmodSync(dirname(build.folder), 0o755);
  chmodSync(parent, 0o755);
});
afterAll(() => {
  build.remove();
  rmSync(parent, { recursive: true, force: true });
});

/** Starts the command line as a user without special rights. @returns what it says when it ends */
async function refusal(directory: string): Promise<{ code: number | null; text: string }> {
  const child = spawn(process.execPath, [join(build.folder, 'cli.js'), '--port', '0', '--data', directory], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(isRoot ? { uid: OTHER_USER, gid: OTHER_USER } : {}),
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      text += chunk;
      if (text.includes('mongodb://')) child.kill('SIGKILL');
    });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, text };
}

/** A database of the other user. */
async function database(name: string): Promise<string> {
  const directory = join(parent, name);
  const server = await startProcess(build, directory);
  server.child.kill('SIGTERM');
  await once(server.child, 'exit');
  if (isRoot)
    for (const path of [directory, ...readdirSync(directory).map((file) => join(directory, file))])
      chownSync(path, OTHER_USER, OTHER_USER);
  return directory;
}

describe.skipIf(process.platform === 'win32')('without permission', () => {
  it('for the folder', async () => {
    const directory = await database('closed');
    chmodSync(directory, 0o000);
    const { code, text } = await refusal(directory);
    chmodSync(directory, 0o700);
    expect({ code, text }).toMatchObject({ code: 1, text: expect.stringMatching(/permission/i) });
  });

  it('to write into the folder', async () => {
    const directory = await database('read-only');
    chmodSync(directory, 0o500);
    const before = readdirSync(directory);
    const { code, text } = await refusal(directory);
    expect(readdirSync(directory)).toEqual(before);
    chmodSync(directory, 0o700);
    expect({ code, text }).toMatchObject({ code: 1, text: expect.stringMatching(/permission|read-only/i) });
    // With the permission back, it starts as before.
    expect((await refusal(directory)).text).toContain('mongodb://');
  });

  it('for the data file', async () => {
    const directory = await database('file');
    chmodSync(join(directory, 'data.mdb'), 0o000);
    const { code, text } = await refusal(directory);
    chmodSync(join(directory, 'data.mdb'), 0o600);
    expect({ code, text }).toMatchObject({ code: 1, text: expect.stringMatching(/permission/i) });
    expect((await refusal(directory)).text).toContain('mongodb://');
  });

  it('to make the folder', async () => {
    mkdirSync(join(parent, 'sealed'), { mode: 0o500 });
    const { code, text } = await refusal(join(parent, 'sealed', 'new'));
    expect({ code, text }).toMatchObject({ code: 1, text: expect.stringMatching(/permission/i) });
    expect(existsSync(join(parent, 'sealed', 'new'))).toBe(false);
  });
});
