/** Slash commands from a person's keyboard to the desk and back, through the real client and a simulated Discord. */
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { startBench } from './bench.ts';
import { card, failure, say } from './scripted-desk.ts';

const WHEN = { when: 'tomorrow 9:00', text: 'Hello' };

describe('a slash command', () => {
  it('reaches the desk with its fields, its person and its conversation', async () => {
    const { discord, desk, problems } = await startBench();
    const sight = await discord.people.slash('schedule', { ...WHEN, priority: 'high' });

    expect(sight).toMatchObject({ kind: 'message', text: 'Done.', ephemeral: false });
    expect(desk.ran).toHaveLength(1);
    expect(desk.ran[0]).toMatchObject({
      command: 'schedule',
      identity: `discord:${discord.home.user.id}`,
      name: 'Ada',
      conversation: { frontend: 'discord', id: discord.home.channel.id, kind: 'group', title: '#posts' },
      input: { kind: 'fields', fields: { when: 'tomorrow 9:00', text: 'Hello', priority: 'high' } },
      media: [],
    });
    expect(desk.ran[0]?.messageId).toBe(discord.messages()[0]?.id);
    expect(problems()).toEqual([]);
  });

  it('hands over numbers and switches as they are', async () => {
    const { discord, desk } = await startBench();
    await discord.people.slash('queue', { page: 3, all: true });
    expect(desk.ran[0]?.input).toEqual({ kind: 'fields', fields: { page: 3, all: true } });
  });

  it('is acknowledged before the desk is asked, and filled in when the desk has answered', async () => {
    const { discord, desk } = await startBench();
    let thinking: boolean | undefined;
    desk.onRun = () => {
      thinking = discord.messages()[0]?.thinking;
      return say('Done.');
    };
    await discord.people.slash('queue');
    expect(thinking).toBe(true);
    expect(discord.messages()).toHaveLength(1);
    expect(discord.messages()[0]).toMatchObject({ thinking: false, text: 'Done.' });
  });

  it('shows a personal reply to the person alone and leaves nothing in the channel', async () => {
    const { discord, desk } = await startBench();
    desk.onRun = () => failure('No such post.');
    const sight = await discord.people.slash('queue');
    expect(sight).toMatchObject({ kind: 'message', text: 'No such post.', ephemeral: true });
    expect(discord.messages()).toEqual([]);
  });

  it('shows a personal reply as an ordinary message in direct messages', async () => {
    const { discord, desk } = await startBench();
    desk.onRun = () => failure('No such post.');
    const channel = discord.world.direct(discord.home.user);
    const sight = await discord.people.slash('queue', {}, { channel });
    expect(sight).toMatchObject({ text: 'No such post.', ephemeral: false });
    expect(desk.ran[0]?.conversation).toEqual({ frontend: 'discord', id: channel.id, kind: 'direct' });
  });

  it('stays hidden in a conversation that belongs to no workspace', async () => {
    const { discord, desk } = await startBench();
    desk.onKnows = async () => false;
    const sight = await discord.people.slash('queue');
    expect(sight).toMatchObject({ text: 'Done.', ephemeral: true });
    expect(discord.messages()).toEqual([]);
  });

  it('does not wait for a desk that cannot say whose conversation it is', async () => {
    const { discord, desk } = await startBench({ timeouts: { knows: 20 } });
    desk.onKnows = () => new Promise(() => undefined);
    expect(await discord.people.slash('queue')).toMatchObject({ text: 'Done.', ephemeral: false });
  });

  it('knows the channel that a thread hangs under', async () => {
    const { discord, desk } = await startBench();
    const thread = discord.world.channel('spring sale', { parent: discord.home.channel });
    await discord.people.slash('queue', {}, { channel: thread });
    expect(desk.ran[0]?.conversation).toEqual({
      frontend: 'discord',
      id: thread.id,
      kind: 'group',
      parent: discord.home.channel.id,
      title: '#spring sale',
    });
  });

  it('reports where a card stands', async () => {
    const { discord, desk } = await startBench();
    desk.onRun = () => card();
    const sight = await discord.people.slash('schedule', WHEN);
    await discord.until('the card to be reported', () => desk.placed.length > 0);
    expect(desk.placed).toEqual([
      {
        postId: 'K7QPD',
        message: { conversation: desk.ran[0]?.conversation, messageId: sight.message?.id },
      },
    ]);
  });

  it('shows progress while the desk works, and then the answer in its place', async () => {
    const { discord, desk } = await startBench();
    desk.onRun = async (request) => {
      request.progress?.('Fetching the video, 40 %');
      await discord.until('the line of progress', () => discord.messages()[0]?.text.includes('40 %'));
      return say('Scheduled.');
    };
    const sight = await discord.people.slash('schedule', WHEN, {
      until: ({ text: seen }) => seen === 'Scheduled.',
    });
    expect(sight.text).toBe('Scheduled.');
    expect(discord.messages()).toHaveLength(1);
  });

  it('asks for the words in a form when none were given, so that they can have lines', async () => {
    const { discord, desk } = await startBench();
    const sight = await discord.people.slash('schedule', { when: 'fri 18:30', to: 'x' });
    expect(sight.kind).toBe('modal');
    expect(sight.form?.fields).toMatchObject([{ name: 'text', multiline: true, required: true, value: '' }]);
    expect(desk.ran).toEqual([]);

    const done = await discord.people.submit(sight.form, { text: 'First line\nSecond line' });
    expect(done).toMatchObject({ kind: 'message', text: 'Done.' });
    expect(desk.ran[0]?.input).toEqual({
      kind: 'fields',
      fields: { when: 'fri 18:30', to: 'x', text: 'First line\nSecond line' },
    });
  });

  it('tells a person whose desk fails that it failed, without the reason', async () => {
    const { discord, desk, hasLogged } = await startBench();
    desk.onRun = () => {
      throw new Error('connection string mongodb://secret');
    };
    const sight = await discord.people.slash('queue');
    expect(sight.ephemeral).toBe(true);
    expect(sight.text).toContain('Something went wrong');
    expect(sight.text).not.toContain('secret');
    expect(hasLogged('error', /desk failed/)).toBe(true);
  });
});

describe('attached files', () => {
  it('are opened at Discord’s own address, with their size, name and description', async () => {
    const { discord, desk } = await startBench();
    const contents: string[] = [];
    desk.onRun = async (request) => {
      for (const medium of request.media) {
        if (medium.kind === 'attachment') contents.push(await text(await medium.open(request.signal)));
      }
      return say('Done.');
    };
    await discord.people.slash('schedule', {
      when: 'fri 18:30',
      media: { name: 'one.png', bytes: Buffer.from('first picture') },
      alt: 'A bell',
      media2: { name: 'two.png', bytes: Buffer.from('second') },
      alt2: 'A tower',
    });
    expect(contents).toEqual(['first picture', 'second']);
    expect(desk.ran[0]?.media).toMatchObject([
      { kind: 'attachment', name: 'one.png', declaredBytes: 13, alt: 'A bell' },
      { kind: 'attachment', name: 'two.png', declaredBytes: 6, alt: 'A tower' },
    ]);
    expect(desk.ran[0]?.input).toEqual({ kind: 'fields', fields: { when: 'fri 18:30', alt: 'A bell' } });
  });

  it.each([
    ['that Discord no longer has', { status: 404 }, /answered 404/],
    ['whose connection breaks', { drop: true }, /did not deliver/],
    ['that never comes', { delay: 400, drop: true }, /did not deliver/],
  ])('%s are a clear error', async (_name, fault, words) => {
    const { discord, desk } = await startBench({ timeouts: { file: 100 } });
    discord.faults.add({ path: '/attachments/', ...fault });
    let thrown: unknown;
    desk.onRun = async (request) => {
      const [medium] = request.media;
      if (medium?.kind === 'attachment')
        await medium.open(request.signal).catch((error: unknown) => (thrown = error));
      return say('Done.');
    };
    await discord.people.slash('schedule', {
      when: 'now',
      media: { name: 'a.png', bytes: Buffer.from('x') },
    });
    expect(thrown).toMatchObject({ code: 'MEDIA_UNREACHABLE', message: expect.stringMatching(words) });
  });
});
