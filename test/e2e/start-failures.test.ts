/** Starts that cannot succeed: exit code 1, everything that is wrong in one message, and what to do. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startDiscordSimulator } from '../simulators/discord/index.ts';
import { startTelegramSimulator } from '../simulators/telegram/index.ts';
import { launch, type ProgramOptions, startProgram, type Test } from './program.ts';
import { startX } from './x.ts';

/** Starts it, waits for its end, and answers what it said. */
async function failedStart(t: Test, options: ProgramOptions): Promise<string> {
  const program = launch(t, options);
  program.endInput();
  const { code } = await program.ended;
  expect({ code, errors: program.errors }).toMatchObject({ code: 1 });
  expect(program.errors).toContain('Carillon cannot start.');
  // A person reads this: no stack, no object.
  expect(program.errors).not.toMatch(/\n {4}at |\[object/);
  return program.errors;
}

describe('the configuration', () => {
  it.concurrent('names every fault at once, with what was found, what is possible and an example', async (t) => {
    const said = await failedStart(t, {
      env: {
        PORT: '99999',
        SCHEDULER_INTERVAL: 'often',
        DEFAULT_TIME_ZONE: 'Europe/Rom',
        LOG_LEVEL: 'loud',
        MONGODB_URI: 'postgres://somewhere:secretword@db',
        TELEGRAM_TOKEN: 'not-a-token-at-all',
        TELEGRAM_WEBHOOK_SECRET: 'a-long-random-word',
        X_API_KEY: 'abc',
        X_API_URL: 'https://x.example/with/path',
        DISCORD_TOKE: 'abc',
      },
    });
    expect(said).toContain('10 variables are wrong');
    expect(said).toMatch(/PORT: found “99999”; possible: a port from 1 to 65535[^;]*; for example PORT=/);
    expect(said).toMatch(/SCHEDULER_INTERVAL: found “often”; possible: a whole number from 1 to 3600/);
    expect(said).toMatch(/DEFAULT_TIME_ZONE: found “Europe\/Rom”/);
    expect(said).toMatch(/LOG_LEVEL: found “loud”; possible: debug, info/);
    expect(said).toMatch(/MONGODB_URI: found a secret of \d+ characters/);
    expect(said).toMatch(/TELEGRAM_TOKEN: found a secret of 18 characters/);
    expect(said).toMatch(
      /X_API_URL: found “https:\/\/x\.example\/with\/path”; possible: scheme, host and port/,
    );
    expect(said).toContain('X_API_SECRET, X_ACCESS_TOKEN, X_ACCESS_SECRET: not set');
    expect(said).toContain('PUBLIC_URL: not set; with TELEGRAM_WEBHOOK_SECRET it is needed');
    expect(said).toContain('DISCORD_TOKE: there is no such variable. Did you mean DISCORD_TOKEN?');
    expect(said).not.toMatch(/secretword|not-a-token/);
    expect(said).toContain('.env.example explains each');
  });

  it.concurrent('reads .env in the working directory, and its faults too', async (t) => {
    const probe = launch(t);
    await probe.kill('SIGKILL');
    writeFileSync(join(probe.folder, '.env'), 'SCHEDULER_MAX_RETRIES=-1\n');
    const said = await failedStart(t, { folder: probe.folder });
    expect(said).toMatch(/One variable is wrong:\n {2}- SCHEDULER_MAX_RETRIES: found “-1”/);
  });

  it.concurrent('says that roles need a database that processes can share', async (t) => {
    expect(await failedStart(t, { env: { ROLES: 'web' } })).toContain('ROLES: set without MONGODB_URI');
  });
});

describe('what the program needs from the machine', () => {
  it.concurrent('a port that is taken is named, with the way out', async (t) => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    t.onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const said = await failedStart(t, { env: { PORT: String(port) } });
    expect(said).toContain(`Port ${port} on 127.0.0.1 is taken by another program.`);
    expect(said).toContain('Set PORT to a free one');
  });

  it.concurrent('a data folder in use names the process that has it, and leaves that one alone', async (t) => {
    const holder = await startProgram(t);
    const said = await failedStart(t, { data: holder.data });
    expect(said).toContain(`in use by process ${holder.child.pid}`);
    expect(said).toContain('DATA_DIR');
    expect((await holder.health()).status).toBe(200);
    holder.type('/post to:x Still mine');
    await holder.sees(/published http/);
  });

  it.concurrent('a data folder that cannot be made is named', async (t) => {
    const probe = launch(t);
    await probe.kill('SIGKILL');
    mkdirSync(probe.folder, { recursive: true });
    writeFileSync(join(probe.folder, 'file'), '');
    const data = join(probe.folder, 'file', 'data');
    const said = await failedStart(t, { folder: probe.folder, data });
    expect(said).toContain(data);
    expect(said).toContain('DATA_DIR');
    expect(readFileSync(join(probe.folder, 'file'), 'utf8')).toBe('');
  });

  it.concurrent('a MongoDB that does not answer is named without its password', async (t) => {
    // Listens and says nothing; a closed port would only be quicker.
    const silent = createSocketServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    t.onTestFinished(() => void silent.close());
    const { port } = silent.address() as AddressInfo;
    const said = await failedStart(t, {
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
    const said = await failedStart(t, {
      env: { DISCORD_TOKEN: 'MTA.other.token', DISCORD_API_URL: discord.url },
    });
    expect(said).toContain('DISCORD_TOKEN');
    expect(said).not.toContain('MTA.other.token');
  });

  it.concurrent('of Telegram', async (t) => {
    const telegram = await startTelegramSimulator();
    t.onTestFinished(() => telegram.stop());
    const env = { TELEGRAM_TOKEN: '123456:not-the-token-of-this-bot', TELEGRAM_API_URL: telegram.url };
    const said = await failedStart(t, { env });
    expect(said).toContain('TELEGRAM_TOKEN');
    expect(said).not.toContain('not-the-token-of-this-bot');
  });

  it.concurrent('of X', async (t) => {
    const { x, env } = await startX(t);
    x.revoke();
    const said = await failedStart(t, { env });
    expect(said).toContain('X refuses the credentials');
    expect(said).toContain('X_… variables');
    for (const secret of Object.values(x.credentials)) expect(said).not.toContain(secret);
  });
});
