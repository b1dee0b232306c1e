/** The life of the gateway connection. */
import { describe, expect, it } from 'vitest';
import { prepareBench, startBench } from './bench.ts';
import { say } from './scripted-desk.ts';

describe('connecting', () => {
  it('asks for no intent at all and is ready', async () => {
    const { discord, frontEnd, problems } = await startBench();
    expect(frontEnd.status()).toEqual({ state: 'ready' });
    expect(discord.gateway.identified).toEqual([{ token: discord.token, intents: 0 }]);
    expect(problems()).toEqual([]);
  });

  it('is refused with the name of the variable when the token is wrong', async () => {
    const { frontEnd, desk, logged } = await prepareBench({ botToken: 'MTA.wrong.token' });
    await expect(frontEnd.start(desk)).rejects.toMatchObject({
      code: 'TOKEN_REFUSED',
      kind: 'ConfigError',
      message: expect.stringContaining('DISCORD_TOKEN'),
    });
    expect(frontEnd.status()).toMatchObject({
      state: 'down',
      detail: expect.stringContaining('DISCORD_TOKEN'),
    });
    expect(JSON.stringify(logged)).not.toContain('wrong.token');
  });

  it('does not hold up the start when Discord does not answer', async () => {
    const { frontEnd, desk, discord, hasLogged } = await prepareBench({ timeouts: { ready: 100 } });
    discord.faults.add({ path: '/gateway/bot', status: 503, times: 1000 });
    await frontEnd.start(desk);
    expect(frontEnd.status().state).not.toBe('ready');
    await discord.until('the log', () => hasLogged('warn', /trying again/));
  });

  it('reports a token that is withdrawn while it runs', async () => {
    const { discord, frontEnd, hasLogged } = await startBench();
    discord.gateway.close(4004);
    await discord.until('the log', () => hasLogged('error', /given up/));
    expect(frontEnd.status()).toMatchObject({
      state: 'down',
      detail: expect.stringContaining('DISCORD_TOKEN'),
    });
  });
});

describe('a connection that is lost', () => {
  it('is resumed, and what happened meanwhile is not lost', async () => {
    const { discord, desk, frontEnd } = await startBench();
    await discord.people.slash('queue');
    discord.gateway.drop();
    const sight = await discord.people.slash('queue', { page: 2 });
    expect(sight.text).toBe('Done.');
    expect(discord.gateway.resumed).toBe(1);
    expect(desk.ran).toHaveLength(2);
    expect(frontEnd.status().state).toBe('ready');
  });

  it('is resumed when Discord asks for it', async () => {
    const { discord } = await startBench();
    discord.gateway.askReconnect();
    await discord.until('a resumed session', () => discord.gateway.resumed === 1);
    expect((await discord.people.slash('queue')).text).toBe('Done.');
  });

  it('is noticed when heartbeats are no longer answered', async () => {
    const { discord } = await startBench({ heartbeat: 60 });
    discord.gateway.silence();
    await discord.until('a resumed session', () => discord.gateway.resumed >= 1);
    expect((await discord.people.slash('queue')).text).toBe('Done.');
  });

  it('is made anew when the session is over, also when Discord refuses connections at first', async () => {
    // The library leaves five seconds between two new sessions.
    const { discord, frontEnd } = await startBench({ patience: 13_000 });
    discord.gateway.invalidate(1);
    await discord.until('the loss', () => frontEnd.status().state === 'connecting');
    await discord.until('a second session', () => discord.gateway.identified.length === 2);
    await discord.until('readiness', () => frontEnd.status().state === 'ready');
    expect((await discord.people.slash('queue')).text).toBe('Done.');
  });
});

describe('stopping', () => {
  it('lets what is in hand end, and takes nothing new', async () => {
    const { discord, desk, frontEnd } = await startBench();
    let release: () => void = () => undefined;
    desk.onRun = () => new Promise((resolve) => (release = () => resolve(say('Scheduled.'))));
    const answered = discord.people.slash('queue');
    await discord.until('the desk at work', () => desk.ran.length === 1);
    const stopped = frontEnd.stop();
    await discord.until('the connection to end', () => !discord.gateway.connected);
    release();
    expect((await answered).text).toBe('Scheduled.');
    await stopped;
    expect(frontEnd.status()).toEqual({ state: 'down', detail: 'stopped' });
  });

  it('gives up what takes too long, and tells the desk', async () => {
    const { discord, desk, frontEnd } = await startBench({ timeouts: { stop: 30 } });
    let aborted = false;
    desk.onRun = ({ signal }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          aborted = true;
          resolve(say('Interrupted.'));
        });
      });
    const answered = discord.people.slash('queue');
    await discord.until('the desk at work', () => desk.ran.length === 1);
    await frontEnd.stop();
    expect(aborted).toBe(true);
    expect((await answered).text).toBe('Interrupted.');
  });

  it('in the pause before a new attempt leaves no connection behind', async () => {
    const { discord, frontEnd } = await startBench();
    discord.gateway.drop();
    await discord.until('the loss', () => frontEnd.status().state === 'connecting');
    await frontEnd.stop();
    await new Promise((resolve) => setTimeout(resolve, 700)); // Longer than the library's pause of 500 ms.
    expect(discord.gateway.connected).toBe(false);
    expect(discord.gateway.resumed).toBe(0);
  });
});
