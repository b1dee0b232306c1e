/** The gateway: outcomes and cards by bot token, told once, or refused with a reason that the outbox can use. */
import { describe, expect, it } from 'vitest';
import type { Conversation } from '../../../src/core/words.ts';
import { type Bench, startBench } from './bench.ts';
import { card, failure, say } from './scripted-desk.ts';

function target({ discord }: Bench) {
  const conversation: Conversation = {
    frontend: 'discord',
    id: discord.home.channel.id,
    kind: 'group',
    title: '#posts',
  };
  return { conversation, person: `discord:${discord.home.user.id}` };
}

const sends = ({ discord }: Bench) =>
  discord.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/messages'));

describe('an outcome', () => {
  it('is told in its channel, as an answer to the message that asked, ringing for nobody', async () => {
    const bench = await startBench();
    const { discord, frontEnd } = bench;
    const asked = discord.people.say('the command');
    const reference = await frontEnd.gateway.send(
      { ...target(bench), replyTo: asked.id },
      say('Published. @everyone'),
      'n1',
    );
    const told = discord.messages().at(-1);
    expect(told).toMatchObject({ text: 'Published. @everyone', replyTo: asked.id, nonce: 'n1' });
    expect(reference).toEqual({ conversation: target(bench).conversation, messageId: told?.id });
    const [request] = sends(bench);
    expect(request?.authorization).toBe(`Bot ${discord.token}`);
    expect(request?.body).toMatchObject({ allowed_mentions: { parse: [] }, enforce_nonce: true });
  });

  it('is told although the message that asked is gone', async () => {
    const bench = await startBench();
    await bench.frontEnd.gateway.send({ ...target(bench), replyTo: '123456789' }, say('Published.'), 'n1');
    expect(bench.discord.messages()).toHaveLength(1);
  });

  it.each([
    ['a server error before the effect', { status: 502 }],
    ['a server error after the effect', { status: 500, afterEffect: true }],
    ['a rate limit', { status: 429, retryAfter: 0.05 }],
  ])('is one message in spite of %s', async (_name, fault) => {
    const bench = await startBench();
    bench.discord.faults.add({ path: '/messages', ...fault });
    await bench.frontEnd.gateway.send(target(bench), say('Published.'), 'n1');
    expect(bench.discord.messages()).toHaveLength(1);
    expect(sends(bench)).toHaveLength(2);
  });

  it.each([
    ['the connection breaks before the effect', { drop: true }],
    ['the connection breaks after the effect', { drop: true, afterEffect: true }],
    ['Discord fails again and again', { status: 503, times: 4 }],
    ['the rate limit is long', { status: 429, retryAfter: 3600 }],
    ['the token is refused', { status: 401 }],
  ])('stays in the outbox when %s, and is one message when it is sent again', async (_name, fault) => {
    const bench = await startBench();
    bench.discord.faults.add({ method: 'POST', path: '/messages', ...fault });
    await expect(bench.frontEnd.gateway.send(target(bench), say('Published.'), 'n1')).rejects.toMatchObject({
      code: 'CHAT_UNAVAILABLE',
      next: { do: 'later' },
    });
    if (!('retryAfter' in fault)) await bench.frontEnd.gateway.send(target(bench), say('Published.'), 'n1');
    expect(bench.discord.messages()).toHaveLength('retryAfter' in fault ? 0 : 1);
  });

  it('keeps long nonces apart', async () => {
    const bench = await startBench();
    const long = 'notice.of.a.very.long.post.and.delivery.';
    for (const nonce of [`${long}1`, `${long}2`, `${long}1`]) {
      await bench.frontEnd.gateway.send(target(bench), say('Published.'), nonce);
    }
    expect(bench.discord.messages()).toHaveLength(2);
  });

  it.each([
    [
      'takes its right to write away',
      (bench: Bench) => {
        bench.discord.home.channel.botMaySend = false;
      },
    ],
    [
      'closes the channel to it',
      (bench: Bench) => {
        bench.discord.home.channel.botMayView = false;
      },
    ],
    [
      'deletes the channel',
      (bench: Bench) => {
        bench.discord.home.channel.gone = true;
      },
    ],
    [
      'throws it out',
      (bench: Bench) => {
        bench.discord.home.channel.guild!.hasBot = false;
      },
    ],
  ])('comes to the person directly when somebody %s', async (_name, change) => {
    const bench = await startBench();
    const { discord, frontEnd, hasLogged } = bench;
    change(bench);
    const reference = await frontEnd.gateway.send(target(bench), say('Published.'), 'n1');
    const direct = discord.world.direct(discord.home.user);
    expect(reference.conversation).toEqual({ frontend: 'discord', id: direct.id, kind: 'direct' });
    expect(discord.messages(direct)[0]?.text).toBe(
      'Published.\nI may not write in #posts, so this comes to you directly.',
    );
    expect(hasLogged('warn', /refuses the bot/)).toBe(true);
  });

  it('is CHAT_UNREACHABLE when the person cannot be written to either', async () => {
    const bench = await startBench();
    bench.discord.home.channel.botMaySend = false;
    bench.discord.home.user.takesDirectMessages = false;
    await expect(bench.frontEnd.gateway.send(target(bench), say('Published.'), 'n1')).rejects.toMatchObject({
      code: 'CHAT_UNREACHABLE',
      hint: expect.stringContaining('direct messages'),
    });
  });

  it('that is personal goes to the person and not to the channel', async () => {
    const bench = await startBench();
    await bench.frontEnd.gateway.send(target(bench), failure('Your token has expired.'), 'n1');
    expect(bench.discord.messages()).toEqual([]);
    expect(bench.discord.messages(bench.discord.world.direct(bench.discord.home.user))).toHaveLength(1);
  });
});

describe('a card', () => {
  it('is redrawn in place by bot token', async () => {
    const bench = await startBench();
    const { discord, desk, frontEnd } = bench;
    desk.onRun = () => card();
    await discord.people.slash('schedule', { when: 'fri 18:30', text: 'Hello' });
    const placed = await discord.until('the card', () => desk.placed[0]);
    await frontEnd.gateway.edit(placed.message, card('Published.', { buttons: [] }));
    expect(discord.messages()).toMatchObject([{ text: 'Post #K7QPD\nPublished.', buttons: [] }]);
  });

  it('that somebody deleted is a dead route', async () => {
    const bench = await startBench();
    const reference = await bench.frontEnd.gateway.send(target(bench), card(), 'n1');
    for (const message of bench.discord.world.messages) message.deleted = true;
    await expect(bench.frontEnd.gateway.edit(reference, card())).rejects.toMatchObject({
      code: 'CHAT_UNREACHABLE',
    });
  });

  it('is tried again later when Discord fails', async () => {
    const bench = await startBench();
    const reference = await bench.frontEnd.gateway.send(target(bench), card(), 'n1');
    bench.discord.faults.add({ method: 'PATCH', status: 500, times: 4 });
    await expect(bench.frontEnd.gateway.edit(reference, card())).rejects.toMatchObject({
      code: 'CHAT_UNAVAILABLE',
    });
  });
});
