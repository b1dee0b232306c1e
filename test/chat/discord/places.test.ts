/** Use in places where the bot has no seat: the way of cards and outcomes is decided at once, and said. */
import { describe, expect, it } from 'vitest';
import { type Bench, startBench } from './bench.ts';
import { card, failure } from './scripted-desk.ts';

const WHEN = { when: 'fri 18:30', text: 'Hello' };

function strangeChannel({ discord }: Bench) {
  return discord.world.channel('elsewhere', { guild: discord.world.guild('Foreign', false) });
}

describe('where the bot may not write', () => {
  it.each([
    ['a server that only the person brought it to', strangeChannel],
    [
      'a channel that is closed to it',
      ({ discord }: Bench) => {
        const channel = discord.world.channel('staff', { guild: discord.home.channel.guild! });
        channel.botMaySend = false;
        return channel;
      },
    ],
    ['a group of people', ({ discord }: Bench) => discord.world.channel('friends', { type: 3 })],
  ])('(%s) the conversation is the person’s direct messages', async (_name, place) => {
    const bench = await startBench();
    const { discord, desk, problems } = bench;
    desk.onRun = () => card();
    const sight = await discord.people.slash('schedule', WHEN, { channel: place(bench) });

    const direct = discord.world.direct(discord.home.user);
    expect(sight.ephemeral).toBe(true);
    expect(sight.text).toContain('come to you as direct messages');
    expect(sight.message?.buttons).toEqual([]);
    expect(desk.ran[0]?.conversation).toEqual({ frontend: 'discord', id: direct.id, kind: 'direct' });
    expect(desk.ran[0]?.messageId).toBeUndefined();
    const [placed] = discord.messages(direct);
    expect(placed?.buttons.map(({ label }) => label)).toEqual(['Edit', 'Cancel']);
    expect(desk.placed).toEqual([
      { postId: 'K7QPD', message: { conversation: desk.ran[0]?.conversation, messageId: placed?.id } },
    ]);
    expect(problems()).toEqual([]);
  });

  it('a card in the direct messages works like any other', async () => {
    const bench = await startBench();
    const { discord, desk } = bench;
    desk.onRun = () => card();
    await discord.people.slash('schedule', WHEN, { channel: strangeChannel(bench) });
    const [placed] = discord.messages(discord.world.direct(discord.home.user));
    desk.onPress = () => card('Cancelled.', { buttons: [] });
    const sight = await discord.people.press(placed, 'Cancel');
    expect(sight).toMatchObject({ kind: 'edit', ephemeral: false });
  });

  it('a person who takes no direct messages is told that the outcome cannot be told', async () => {
    const bench = await startBench();
    const { discord, desk } = bench;
    discord.home.user.takesDirectMessages = false;
    desk.onRun = () => card();
    const sight = await discord.people.slash('schedule', WHEN, { channel: strangeChannel(bench) });
    expect(sight.text).toContain('I could not write to you directly');
    expect(sight.message?.buttons).toHaveLength(2);
    expect(desk.placed).toEqual([]);
  });

  it('nothing is done when not even the direct messages can be opened', async () => {
    const bench = await startBench();
    const { discord, desk } = bench;
    discord.faults.add({ path: '/users/@me/channels', status: 403, code: 50007 });
    const sight = await discord.people.slash('schedule', WHEN, { channel: strangeChannel(bench) });
    expect(sight.ephemeral).toBe(true);
    expect(sight.text).toContain('nothing was done');
    expect(desk.ran).toEqual([]);
  });

  it('an error is shown to the person alone', async () => {
    const bench = await startBench();
    bench.desk.onRun = () => failure('No such time.');
    const sight = await bench.discord.people.slash('schedule', WHEN, { channel: strangeChannel(bench) });
    expect(sight).toMatchObject({ ephemeral: true, text: 'No such time.' });
    expect(bench.discord.messages(bench.discord.world.direct(bench.discord.home.user))).toEqual([]);
  });
});
