/** Discord at its worst, in front of the whole program: what is asked is done once or not at all, and outcomes arrive once. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DiscordSimulator } from '../simulators/discord/index.ts';
import { claim, type InDiscord, idOf, outcome, outcomes, startDiscord } from './discord.ts';
import { type Program, sharedByFile, startProgram } from './program.ts';

const onWall = async (
  program: { wall(): Promise<readonly { text: string }[]> },
  words: string,
): Promise<number> => (await program.wall()).filter(({ text }) => text === words).length;

const nonceRequests = (discord: DiscordSimulator, words: string) =>
  discord.requests.filter(
    ({ method, path, body }) =>
      method === 'POST' && path.endsWith('/messages') && JSON.stringify(body).includes(`“${words}”`),
  );

const file = sharedByFile();
let here: InDiscord<Program>;
beforeAll(async () => {
  here = await startDiscord(file, startProgram);
  await claim(here);
}, 60_000);
afterEach(() => here.discord.faults.clear());

describe('the connection', () => {
  it('that drops is taken up again, and what people did meanwhile is done once', async () => {
    const { discord, program } = here;
    discord.gateway.drop();
    const during = discord.people.slash('post', { text: 'While you were out', to: 'x' });
    expect((await during).text).toContain('on its way');
    await outcome(discord, 'While you were out');
    discord.people.again((await during).interactionId);
    discord.gateway.askReconnect();
    await discord.people.slash('queue');
    expect(await onWall(program, 'While you were out')).toBe(1);
    expect(outcomes(discord, 'While you were out')).toHaveLength(1);
  });

  it('that cannot be made at once is tried again until it stands', async () => {
    const { discord, program } = here;
    discord.gateway.drop(3);
    await discord.until('the connection', () => discord.gateway.connected);
    await discord.people.slash('post', { text: 'Up again', to: 'x' });
    await outcome(discord, 'Up again');
    expect(await program.health()).toMatchObject({
      status: 200,
      body: { frontends: { discord: { state: 'ready' } } },
    });
  });

  it('whose session Discord has forgotten is made anew, and goes on', async () => {
    const { discord, program } = here;
    const before = discord.gateway.identified.length;
    discord.gateway.invalidate();
    await discord.until(
      'a new session',
      () => discord.gateway.identified.length > before && discord.gateway.connected,
    );
    await discord.people.slash('post', { text: 'Back again', to: 'x' });
    await outcome(discord, 'Back again');
    expect((await program.health()).status).toBe(200);
  });
});

describe('an outcome', () => {
  it('is told once, after refusals, rate limits, errors and a lost answer', async () => {
    const { discord, program } = here;
    discord.faults.add({ method: 'POST', path: '/messages', status: 429, retryAfter: 0.2 });
    discord.faults.add({ method: 'POST', path: '/messages', status: 502 });
    discord.faults.add({ method: 'POST', path: '/messages', drop: true, afterEffect: true });
    await discord.people.slash('post', { text: 'Rough weather', to: 'x' });
    await outcome(discord, 'Rough weather');
    await discord.until('the tries', () => nonceRequests(discord, 'Rough weather').length >= 4);
    expect(outcomes(discord, 'Rough weather')).toHaveLength(1);
    expect(await onWall(program, 'Rough weather')).toBe(1);
  });
});

describe('an interaction', () => {
  it('that is acknowledged too late is not run at all', async () => {
    const { discord, program } = here;
    discord.faults.add({ method: 'POST', path: '/callback', delay: 3_200, times: 10 });
    const sight = await discord.people.slash('post', { text: 'Too late', to: 'x' });
    expect(sight.kind).toBe('failed');
    await program.until('a note of it', () =>
      program.log.some(({ msg }) => msg.includes('too late; nothing was done')),
    );
    discord.faults.clear();
    const [again, queue] = [
      await discord.people.slash('post', { text: 'In time', to: 'x' }),
      await discord.people.slash('queue', { state: 'all' }),
    ];
    expect(again.text).toContain('on its way');
    expect(queue.text).not.toContain('Too late');
    expect(await onWall(program, 'Too late')).toBe(0);
  });

  it('whose token died before the answer is answered by bot token', async () => {
    const { discord, program } = here;
    discord.faults.add({ method: 'PATCH', path: '/webhooks/', status: 404, code: 10015, times: 10 });
    discord.people
      .slash('schedule', { when: 'tomorrow 9:00', text: 'Slow desk', to: 'x' })
      .catch(() => undefined);
    const card = await discord.until('the card by bot token', () =>
      discord.messages().find(({ text, thinking }) => !thinking && text.includes('Slow desk')),
    );
    discord.faults.clear();
    const id = idOf(card.text);
    const cancelled = await discord.people.press(card, 'Cancel');
    expect(cancelled.text).toContain(`Cancel ${id}?`);
    expect((await program.health()).status).toBe(200);
  });

  it('that Discord answers with errors first is run once', async () => {
    const { discord, program } = here;
    discord.faults.add({ method: 'POST', path: '/callback', status: 500 });
    discord.faults.add({ method: 'POST', path: '/callback', drop: true, afterEffect: true });
    discord.faults.add({ method: 'PATCH', path: '@original', status: 503, times: 2 });
    const sight = await discord.people.slash(
      'post',
      { text: 'Bumpy road', to: 'x' },
      { until: ({ text }) => text.includes('Bumpy road') },
    );
    expect(sight.text).toMatch(/on its way|published/);
    await outcome(discord, 'Bumpy road');
    expect(await onWall(program, 'Bumpy road')).toBe(1);
  });
});

// The last of the file: the program that all the others talk to does not survive it.
describe('an outcome when the process dies', () => {
  it('that was on its way is told once by the next, and one that Discord had taken is not told again', async (t) => {
    const { discord, program, env } = here;
    const { folder } = program;
    // Nothing of it is with Discord yet.
    discord.faults.add({ method: 'POST', path: '/messages', delay: 60_000, times: 100 });
    await discord.people.slash('post', { text: 'Last breath', to: 'x' });
    await discord.until('the outcome on its way', () => nonceRequests(discord, 'Last breath').length > 0);
    await program.kill('SIGKILL');
    discord.faults.clear();
    const second = await startProgram(t, { folder, env });
    await outcome(discord, 'Last breath');
    await discord.people.slash('queue');
    expect(outcomes(discord, 'Last breath')).toHaveLength(1);
    expect(await onWall(second, 'Last breath')).toBe(1);
    expect(second.output).not.toContain('Claim code');

    // Discord has the message, and the process never hears of it.
    discord.faults.add({ method: 'POST', path: '/messages', drop: true, afterEffect: true, times: 100 });
    await discord.people.slash('post', { text: 'Heard already', to: 'x' });
    await outcome(discord, 'Heard already');
    await second.kill('SIGKILL');
    discord.faults.clear();
    const before = nonceRequests(discord, 'Heard already').length;
    await startProgram(t, { folder, env });
    await discord.until('it to be sent again', () => nonceRequests(discord, 'Heard already').length > before);
    await discord.people.slash('queue');
    expect(outcomes(discord, 'Heard already')).toHaveLength(1);
  });
});
