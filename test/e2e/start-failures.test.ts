/** Starts that cannot succeed, as the process tells them; the other reasons are in test/app/start-failures.test.ts. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { endsAtOnce, launch, newFolder, type ProgramOptions, startProgram, type Test } from './program.ts';

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
    const folder = newFolder(t);
    writeFileSync(join(folder, '.env'), 'SCHEDULER_MAX_RETRIES=-1\n');
    const said = await failedStart(t, { folder });
    expect(said).toMatch(/One variable is wrong:\n {2}- SCHEDULER_MAX_RETRIES: found “-1”/);
  });
});

it.concurrent('a data folder in use names the process that has it, and leaves that one alone; SIGTERM ends that one at once when nothing is in hand', async (t) => {
  const holder = await startProgram(t);
  const said = await failedStart(t, { data: holder.data });
  expect(said).toContain(`in use by process ${holder.child.pid}`);
  expect(said).toContain('DATA_DIR');
  expect((await holder.health()).status).toBe(200);
  holder.type('/post to:x Still mine');
  await holder.sees(/published http/);
  await endsAtOnce(holder, 'SIGTERM');
});
