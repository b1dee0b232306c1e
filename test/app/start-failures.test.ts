/** Starts that cannot succeed: what is wrong, and what to do. How the process ends is in test/e2e/start-failures.test.ts. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asCarillonError } from '../../src/core/errors.ts';
import { newFolder, type ProgramOptions, type Test } from '../e2e/program.ts';
import { startX } from '../e2e/x.ts';
import { startDiscordSimulator } from '../simulators/discord/index.ts';
import { startTelegramSimulator } from '../simulators/telegram/index.ts';
import { startInside } from './inside.ts';

/** Answers what the start is refused with, as the entry prints it. */
async function refusedStart(t: Test, options: ProgramOptions): Promise<string> {
  const error = await startInside(t, options).then(() => expect.unreachable('it started'), asCarillonError);
  // What nobody foresaw is printed with its stack.
  expect(error.kind).not.toBe('Bug');
  return `${error.message}\n${error.hint}`;
}

describe('what the program needs from the machine', () => {
  it.concurrent('a port that is taken is named, with the way out', async (t) => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    t.onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const said = await refusedStart(t, { env: { PORT: String(port) } });
    expect(said).toContain(`Port ${port} on 127.0.0.1 is taken by another program.`);
    expect(said).toContain('Set PORT to a free one');
  });

  it.concurrent('a data folder that cannot be made is named', async (t) => {
    const folder = newFolder(t);
    writeFileSync(join(folder, 'file'), '');
    const data = join(folder, 'file', 'data');
    const said = await refusedStart(t, { folder, data });
    expect(said).toContain(data);
    expect(said).toContain('DATA_DIR');
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('');
  });

  it.concurrent('a MongoDB that does not answer is named without its password', async (t) => {
    // Listens and says nothing; a closed port would only be quicker.
    const silent = createSocketServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    t.onTestFinished(() => void silent.close());
    const { port } = silent.address() as AddressInfo;
    const said = await refusedStart(t, {
      env: {
        MONGODB_URI: `mongodb://carol:secretword@127.0.0.1:${port}/carillon`,
        SECRETS_KEY: '0123456789abcdef'.repeat(4),
      },
    });
    expect(said).toContain(`127.0.0.1:${port}`);
    expect(said).toContain('MONGODB_URI');
    expect(said).not.toContain('secretword');
  });
});

describe('credentials that are refused', () => {
  it.concurrent('of Discord', async (t) => {
    const discord = await startDiscordSimulator();
    t.onTestFinished(() => discord.stop());
    const said = await refusedStart(t, {
      env: { DISCORD_TOKEN: 'MTA.other.token', DISCORD_API_URL: discord.url },
    });
    expect(said).toContain('DISCORD_TOKEN');
    expect(said).not.toContain('MTA.other.token');
  });

  it.concurrent('of Telegram', async (t) => {
    const telegram = await startTelegramSimulator();
    t.onTestFinished(() => telegram.stop());
    const env = { TELEGRAM_TOKEN: '123456:not-the-token-of-this-bot', TELEGRAM_API_URL: telegram.url };
    const said = await refusedStart(t, { env });
    expect(said).toContain('TELEGRAM_TOKEN');
    expect(said).not.toContain('not-the-token-of-this-bot');
  });

  it.concurrent('of X', async (t) => {
    const { x, env } = await startX(t);
    x.revoke();
    const said = await refusedStart(t, { env });
    expect(said).toContain('X refuses the credentials');
    expect(said).toContain('X_… variables');
    for (const secret of Object.values(x.credentials)) expect(said).not.toContain(secret);
  });
});
