/** What goes wrong between Discord and the bot: nothing is lost, nothing is done twice, the process lives. */
import { describe, expect, it } from 'vitest';
import { startBench } from './bench.ts';
import { card, failure, say } from './scripted-desk.ts';

const WHEN = { when: 'fri 18:30', text: 'Hello' };

/** A life of the interaction's token that is over when the first answer has been given. */
const DEAD = -1;

describe('the first answer', () => {
  it('that comes too late means that nothing was done', async () => {
    const { discord, desk, hasLogged } = await startBench({ ackWindow: 40 });
    discord.faults.add({ path: '/callback', delay: 80 });
    const sight = await discord.people.slash('schedule', WHEN);
    expect(sight.kind).toBe('failed');
    await discord.until('the log', () => hasLogged('warn', /too late; nothing was done/));
    expect(desk.ran).toEqual([]);
  });

  it('that another process has given already means that nothing is done here', async () => {
    const { discord, desk, hasLogged } = await startBench();
    discord.faults.add({ path: '/callback', status: 400, code: 40060 });
    discord.people.slash('schedule', WHEN).catch(() => undefined);
    await discord.until('the log', () => hasLogged('warn', /another process/));
    expect(desk.ran).toEqual([]);
  });

  it.each([
    ['a server error', { status: 503 }],
    ['a server error after it was taken', { status: 502, afterEffect: true }],
    ['a broken connection', { drop: true }],
    ['a broken connection after it was taken', { drop: true, afterEffect: true }],
    ['no answer in time', { delay: 300, drop: true, afterEffect: true }],
  ])('survives %s, and the command runs once', async (_name, fault) => {
    const { discord, desk } = await startBench({ timeouts: { acknowledge: 150 } });
    discord.faults.add({ path: '/callback', ...fault });
    desk.onRun = () => card();
    const sight = await discord.people.slash('schedule', WHEN);
    expect(sight.kind).toBe('message');
    await discord.until('the card', () => desk.placed.length === 1);
    expect(desk.ran).toHaveLength(1);
    expect(desk.placed[0]?.message.messageId).toBe(sight.message?.id);
  });
});

describe('the answer', () => {
  it('is given again after server errors', async () => {
    const { discord } = await startBench();
    discord.faults.add({ method: 'PATCH', path: '@original', status: 500, times: 4 });
    expect((await discord.people.slash('queue')).text).toBe('Done.');
    expect(discord.messages()).toHaveLength(1);
  });

  it('waits for a rate limit', async () => {
    const { discord } = await startBench();
    discord.faults.add({ method: 'PATCH', path: '@original', status: 429, retryAfter: 0.1 });
    expect((await discord.people.slash('queue')).text).toBe('Done.');
  });

  it('comes by bot token when the interaction’s token has died meanwhile, and the bot token lives on', async () => {
    const { discord, desk, frontEnd, hasLogged, logged } = await startBench({ tokenLife: DEAD });
    desk.onRun = () => card('Scheduled.');
    discord.people.slash('schedule', WHEN).catch(() => undefined);
    await discord.until('the card', () => desk.placed.length === 1);
    const seen = discord.messages().filter(({ thinking }) => !thinking);
    expect(seen).toMatchObject([{ text: 'Post #K7QPD\nScheduled.' }]);
    expect(desk.placed[0]?.message.messageId).toBe(seen[0]?.id);
    expect(hasLogged('warn', /by bot token/)).toBe(true);
    expect(JSON.stringify(logged)).not.toContain('token-of-');
    await frontEnd.gateway.edit(desk.placed[0]!.message, card('Published.'));
  });

  it('comes by bot token when somebody has deleted the placeholder', async () => {
    const { discord, desk } = await startBench();
    desk.onRun = () => {
      for (const message of discord.world.messages) message.deleted = true;
      return say('Scheduled.');
    };
    discord.people.slash('schedule', WHEN).catch(() => undefined);
    await discord.until('the answer', () => discord.messages().some(({ text }) => text === 'Scheduled.'));
  });

  it('whose form Discord refuses is replaced by one that says so', async () => {
    const { discord, hasLogged } = await startBench();
    discord.faults.add({ method: 'PATCH', path: '@original', status: 400, code: 50035 });
    discord.faults.add({ method: 'POST', path: '/messages', status: 400, code: 50035 });
    const sight = await discord.people.slash('queue');
    expect(sight.ephemeral).toBe(true);
    expect(sight.text).toContain('The answer could not be shown.');
    expect(hasLogged('error', /could not be delivered/)).toBe(true);
  });

  it('that is personal comes as a direct message then', async () => {
    const { discord, desk } = await startBench({ tokenLife: DEAD });
    desk.onRun = () => failure('No such time.');
    discord.people.slash('schedule', WHEN).catch(() => undefined);
    const direct = discord.world.direct(discord.home.user);
    await discord.until('the answer', () => discord.messages(direct).length === 1);
    expect(discord.messages().filter(({ thinking }) => !thinking)).toEqual([]);
  });
});

describe('an interaction', () => {
  it('that Discord sends twice is run once', async () => {
    const { discord, desk, hasLogged } = await startBench();
    const sight = await discord.people.slash('schedule', WHEN);
    discord.people.again(sight.interactionId);
    await discord.until('the log', () => hasLogged('info', /came twice/));
    expect(desk.ran).toHaveLength(1);
  });

  it('of a kind that is not offered is left alone', async () => {
    const { discord, hasLogged } = await startBench();
    discord.gateway.dispatch('INTERACTION_CREATE', { id: '1', type: 99, token: 't', application_id: '2' });
    await discord.until('the log', () => hasLogged('warn', /left alone/));
    expect((await discord.people.slash('queue')).text).toBe('Done.');
  });

  it('goes on for each of many people at once', async () => {
    const { discord, desk, problems } = await startBench();
    const people = Array.from({ length: 20 }, (_, index) => discord.world.user(`Person ${index}`));
    desk.onRun = (request) => say(`Hello ${request.name}.`);
    const sights = await Promise.all(people.map((user) => discord.people.slash('queue', {}, { user })));
    expect(sights.map(({ text }) => text)).toEqual(people.map(({ name }) => `Hello ${name}.`));
    expect(problems()).toEqual([]);
  });
});
