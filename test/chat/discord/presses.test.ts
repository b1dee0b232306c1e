/** Buttons and the forms behind them. */
import { describe, expect, it } from 'vitest';
import type { Bench } from './bench.ts';
import { startBench } from './bench.ts';
import { card, failure, say } from './scripted-desk.ts';

async function withCard(bench: Bench) {
  bench.desk.onRun = () => card();
  const sight = await bench.discord.people.slash('schedule', { when: 'fri 18:30', text: 'Hello' });
  return sight.message;
}

describe('a pressed button', () => {
  it('runs its action and draws the reply in the place of the message', async () => {
    const bench = await startBench();
    const { discord, desk, problems } = bench;
    const message = await withCard(bench);
    desk.onPress = () => card('Cancelled.', { buttons: [] });
    const sight = await discord.people.press(message, 'Cancel');

    expect(sight).toMatchObject({ kind: 'edit', ephemeral: false });
    expect(sight.text).toContain('Cancelled.');
    expect(desk.pressed[0]).toMatchObject({
      action: 'schedule.cancel:K7QPD',
      identity: `discord:${discord.home.user.id}`,
      messageId: message?.id,
      conversation: { id: discord.home.channel.id },
    });
    expect(discord.messages()).toHaveLength(1);
    expect(discord.messages()[0]?.buttons).toEqual([]);
    await discord.until('the card to be reported again', () => desk.placed.length === 2);
    expect(desk.placed[1]?.message.messageId).toBe(message?.id);
    expect(problems()).toEqual([]);
  });

  it('shows an error beside the message, to the person alone, and leaves the message as it was', async () => {
    const bench = await startBench();
    const { discord, desk } = bench;
    const message = await withCard(bench);
    desk.onPress = () => failure('That is already being published.');
    const sight = await discord.people.press(message, 'Cancel');
    expect(sight).toMatchObject({
      kind: 'message',
      ephemeral: true,
      text: 'That is already being published.',
    });
    expect(discord.messages()).toHaveLength(1);
    expect(discord.messages()[0]?.buttons).toHaveLength(2);
  });

  it('is answered to each of two people who press it at once', async () => {
    const bench = await startBench();
    const { discord, desk } = bench;
    const message = await withCard(bench);
    const grace = discord.world.user('Grace');
    let presses = 0;
    desk.onPress = () => {
      presses += 1;
      return presses === 1 ? card('Cancelled.', { buttons: [] }) : failure('It is cancelled already.');
    };
    const sights = await Promise.all([
      discord.people.press(message, 'Cancel'),
      discord.people.press(message, 'Cancel', { user: grace }),
    ]);
    expect(sights.map(({ kind }) => kind).sort()).toEqual(['edit', 'message']);
    expect(discord.messages()).toHaveLength(1);
    expect(discord.messages()[0]?.text).toContain('Cancelled.');
    expect(new Set(desk.pressed.map(({ identity }) => identity)).size).toBe(2);
  });

  it('puts a card that comes from a hidden message where everybody sees it, once', async () => {
    const bench = await startBench();
    const { discord, desk } = bench;
    desk.onRun = () =>
      card('The text is too long for X.', { tone: 'warning', personal: true, card: undefined as never });
    const hidden = await discord.people.slash('schedule', { when: 'fri 18:30', text: 'Hello' });
    expect(hidden.ephemeral).toBe(true);
    desk.onPress = () => card('Scheduled without X.');
    const sight = await discord.people.press(hidden.message, 'Cancel');
    expect(sight).toMatchObject({ kind: 'edit', ephemeral: true });
    expect(sight.text).toContain('The card of the post stands in this channel.');
    expect(discord.messages().map(({ text }) => text)).toEqual(['Post #K7QPD\nScheduled without X.']);
    expect(desk.placed).toMatchObject([{ message: { messageId: discord.messages()[0]?.id } }]);
  });

  it('whose action asks for something opens a form with what stands there now', async () => {
    const bench = await startBench();
    const { discord, desk } = bench;
    const message = await withCard(bench);
    const opened = await discord.people.press(message, 'Edit');
    expect(opened.kind).toBe('modal');
    expect(opened.form).toMatchObject({
      title: 'Edit the words',
      fields: [{ label: 'Words', value: 'The old words', multiline: true, max: 3000 }],
    });
    expect(desk.pressed).toEqual([]);

    desk.onPress = () => card('Changed.');
    const done = await discord.people.submit(opened.form, { answer: 'The new words' });
    expect(done).toMatchObject({ kind: 'edit' });
    expect(desk.pressed).toMatchObject([
      { action: 'schedule.edit:K7QPD', answer: 'The new words', messageId: message?.id },
    ]);
    expect(discord.messages()).toHaveLength(1);
  });

  it('opens no form with half a text in it', async () => {
    const bench = await startBench();
    const { discord, desk } = bench;
    desk.onAsks = async () => ({
      title: 'Edit',
      label: 'Words',
      multiline: true,
      max: 10_000,
      value: 'x'.repeat(4001),
    });
    const opened = await discord.people.press(await withCard(bench), 'Edit');
    expect(opened.form?.fields[0]).toMatchObject({
      value: '',
      max: 4000,
      placeholder: expect.stringContaining('4,001'),
    });
  });

  it('is pressed at once when the desk asks nothing after all', async () => {
    const bench = await startBench();
    const { discord, desk } = bench;
    desk.onAsks = async () => undefined;
    desk.onPress = () => failure('Only editors may do that.');
    const sight = await discord.people.press(await withCard(bench), 'Edit');
    expect(sight.text).toBe('Only editors may do that.');
  });

  it('says so when the form could not be opened in time, and does nothing', async () => {
    const bench = await startBench({ timeouts: { asks: 30 } });
    const { discord, desk } = bench;
    const message = await withCard(bench);
    desk.onAsks = () => new Promise(() => undefined);
    const sight = await discord.people.press(message, 'Edit');
    expect(sight).toMatchObject({ kind: 'message', ephemeral: true });
    expect(sight.text).toContain('Press the button again.');
    expect(desk.pressed).toEqual([]);
  });

  it('gives back the words of a form that was refused', async () => {
    const bench = await startBench();
    const { discord, desk } = bench;
    const opened = await discord.people.press(await withCard(bench), 'Edit');
    desk.onPress = () => failure('The post is being published right now.');
    const sight = await discord.people.submit(opened.form, { answer: 'Words that took an hour' });
    expect(sight.ephemeral).toBe(true);
    expect(sight.text).toContain('> Words that took an hour');
  });
});

describe('the menu of a message', () => {
  it('makes a post of its words and files, and asks for the moment', async () => {
    const { discord, desk } = await startBench();
    const message = discord.people.say('Big news!\nRead on', {
      files: [{ name: 'n.png', bytes: Buffer.from('png') }],
    });
    const opened = await discord.people.menu('Schedule this', message);
    expect(opened.form?.fields).toMatchObject([
      { name: 'when', required: true, value: '' },
      { name: 'text', value: 'Big news!\nRead on', multiline: true },
      { name: 'to', required: false, value: '' },
    ]);
    const done = await discord.people.submit(opened.form, { when: 'tomorrow 9:00' });
    expect(done).toMatchObject({ kind: 'message', text: 'Done.', ephemeral: false });
    expect(desk.ran[0]).toMatchObject({
      command: 'schedule',
      input: { kind: 'fields', fields: { when: 'tomorrow 9:00', text: 'Big news!\nRead on' } },
      media: [{ kind: 'attachment', name: 'n.png' }],
    });
  });

  it('takes the words as they were changed, or none', async () => {
    const { discord, desk } = await startBench();
    const opened = await discord.people.menu('Schedule this', discord.people.say('Old'));
    await discord.people.submit(opened.form, { when: 'now', text: '' });
    expect(desk.ran[0]?.input).toEqual({ kind: 'fields', fields: { when: 'now' } });
  });

  it('gives back what was typed when the moment was not understood', async () => {
    const { discord, desk } = await startBench();
    const opened = await discord.people.menu('Schedule this', discord.people.say('Old'));
    desk.onRun = () => failure('The time was not understood.');
    const sight = await discord.people.submit(opened.form, { when: 'soonish', text: 'New words' });
    expect(sight.ephemeral).toBe(true);
    expect(sight.text).toMatch(/You wrote:[\s\S]*> soonish[\s\S]*> New words/);
  });

  it('says so when the form came back after what it belonged to was forgotten', async () => {
    const before = await startBench();
    const opened = await before.discord.people.menu('Schedule this', before.discord.people.say('Old'));
    const { discord, desk } = await startBench();
    const sight = await discord.people.submit(opened.form, { when: 'now' });
    expect(sight.text).toContain('Use the command again.');
    expect(sight.text).toContain('> Old');
    expect(desk.ran).toEqual([]);
  });
});
void say;
