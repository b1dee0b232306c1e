/** The whole program in Telegram, as its people see it: claim, captions, albums, replies, groups, limits. */
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { type RunningProgram, sharedByFile, type Test } from '../../e2e/program.ts';
import {
  claim,
  type InTelegram,
  onWall,
  outcome,
  outcomes,
  sees,
  startTelegram,
} from '../../e2e/telegram.ts';
import { plain } from '../../media/samples.ts';
import { startInside } from '../inside.ts';

const file = sharedByFile();
let here: InTelegram;
let picture: Buffer;
let other: Buffer;
beforeAll(async () => {
  picture = await plain(1080, 1080).jpeg().toBuffer();
  other = await plain(1080, 1080, '#cc6633').jpeg().toBuffer();
  here = await startTelegram(file, startInside);
}, 60_000);

const MEGABYTE = 1024 * 1024;
const idOf = (text: string): string => /#[A-Z0-9]{5,6}/.exec(text)?.[0] ?? '';

describe('before anybody owns the bot', () => {
  it('answers how to join and does nothing else; groups are left in peace', async () => {
    const { telegram, program } = here;
    const mallory = telegram.user('Mallory');
    mallory.say('/post to:x Spam');
    expect((await sees(mallory.chat, '/start')).text).toMatch(/claim|owner/i);
    mallory.say('/start AAAA-AAAA');
    await sees(mallory.chat, 'not the claim code');
    const group = telegram.group('Strangers');
    mallory.in(group).say('/post to:x Spam');
    mallory.in(group).say('/help');
    await sees(group, '/schedule');
    expect(group.botMessages()).toHaveLength(1);
    expect(await program.wall()).toEqual([]);
  });

  it('is owned by whoever has the code; others are refused still', async () => {
    const { telegram, program } = here;
    await claim(here);
    const mallory = telegram.user('Mallory');
    mallory.say('/post to:x Spam');
    // An owner needs the id to let somebody in.
    expect((await sees(mallory.chat, '/team add:')).text).toContain(String(mallory.id));
    expect(await program.wall()).toEqual([]);
    expect(await program.health()).toMatchObject({
      status: 200,
      body: { frontends: { telegram: { state: 'ready' } } },
    });
  });
});

describe('a post', () => {
  it('is a caption under a photo; its card is edited in place and its outcome told once', async () => {
    const { anna, program } = here;
    anna.sendPhoto({ caption: '/post to:instagram,tumblr alt:"Our shop" New in', bytes: picture });
    const card = await sees(anna.chat, /^#\w+ ·/);
    const told = await outcome(anna.chat, 'New in');
    expect(told.text).toContain('· published');
    expect(told.replyTo).toBe(card.id);
    await sees(
      anna.chat,
      ({ id, text }) => id === card.id && text.includes(`${idOf(card.text)} · published`),
    );
    const wall = await onWall(program, 'New in');
    expect(wall.map(({ network }) => network).sort()).toEqual(['instagram', 'tumblr']);
    for (const { media } of wall)
      expect(media).toMatchObject([{ kind: 'image', width: 1080, alt: 'Our shop' }]);
    expect(outcomes(anna.chat, 'New in')).toHaveLength(1);
  });

  it('of an album is one post with every picture', async () => {
    const { anna, program } = here;
    await anna.sendAlbum([{ bytes: picture }, { bytes: other }], { caption: '/post to:tumblr Two of them' });
    await outcome(anna.chat, 'Two of them');
    expect(await onWall(program, 'Two of them')).toMatchObject([
      { media: [{ kind: 'image' }, { kind: 'image' }] },
    ]);
  });

  it('is a message that is answered with /schedule', async () => {
    const { anna } = here;
    const original = anna.forward('Words of a colleague');
    await sees(anna.chat, 'Shall I post', { after: original });
    anna.reply(original, '/schedule to:x when:"tomorrow 9:00"');
    const card = await sees(anna.chat, /· scheduled[\s\S]*Words of a colleague/, { after: original });
    expect(card.entities.some(({ type }) => type === 'date_time')).toBe(true);
    // The question stands in the place of the card, which may be drawn anew at any moment.
    const question = sees(anna.chat, 'cannot be undone');
    await anna.press(card, 'Cancel');
    await anna.press(await question, 'Cancel it');
    await sees(anna.chat, ({ id, text }) => id === card.id && text.includes('cancelled'));
  });

  it('is a forwarded message whose button is pressed', async () => {
    const { anna, program } = here;
    const forwarded = anna.forward({ text: 'Passed on', photo: { caption: 'Passed on', bytes: picture } });
    const offer = await sees(anna.chat, 'Shall I post this', { after: forwarded });
    await anna.press(offer, 'Schedule this');
    const question = await sees(anna.chat, ({ forceReply }) => forceReply, { after: offer });
    anna.reply(question, 'in 1 sec');
    await outcome(anna.chat, 'Passed on');
    expect(await onWall(program, 'Passed on')).toHaveLength(5);
  });

  it('that is more than Telegram hands over is told with the way out', async () => {
    const { anna } = here;
    const sent = anna.sendVideo({ caption: '/post to:x Big', name: 'holiday.mp4', size: 25 * MEGABYTE });
    const { text } = await sees(anna.chat, 'holiday.mp4', { after: sent });
    expect(text).toMatch(/25 MB[\s\S]*20 MB[\s\S]*media:https:\/\/[\s\S]*TELEGRAM_API_URL/);
  });

  it('that breaks a rule offers what helps', async () => {
    const { anna, program } = here;
    anna.say(`/post to:x,tumblr ${'w'.repeat(281)}`);
    const draft = await sees(anna.chat, 'at most 280 weighted characters');
    expect(draft.buttons.flat().map(({ label }) => label)).toEqual([
      'Post to Tumblr (rehearsal)',
      'Post as a thread',
      'Edit the words',
      'Cancel',
    ]);
    await anna.press(draft, 'Edit the words');
    const question = await sees(anna.chat, ({ forceReply }) => forceReply, { after: draft });
    anna.reply(question, 'Short enough for all');
    await outcome(anna.chat, 'Short enough for all');
    expect(await onWall(program, 'Short enough for all')).toHaveLength(2);
  });

  it('is made once of an update that comes twice', async () => {
    const { anna, telegram, program } = here;
    anna.say('/post to:x Twice delivered');
    await outcome(anna.chat, 'Twice delivered');
    const update = telegram.updates.findLast(({ message }) =>
      JSON.stringify(message).includes('Twice delivered'),
    );
    telegram.redeliver(update!);
    anna.say('/accounts');
    await sees(anna.chat, 'Accounts');
    expect(await onWall(program, 'Twice delivered')).toHaveLength(1);
    expect(outcomes(anna.chat, 'Twice delivered')).toHaveLength(1);
  });
});

describe('a group', () => {
  it('is served in the topic that asked, by roles that count at the moment of use, and one press acts once', async () => {
    const { anna, telegram, program } = here;
    const group = telegram.group('Team');
    const topic = group.topic('Campaign');
    anna.in(group, topic).say(`/start@${telegram.bot.username}`);
    await sees(group, 'This conversation belongs to your team now');
    const ben = telegram.user('Ben');
    const there = { anna: anna.in(group, topic), ben: ben.in(group, topic) };
    there.ben.say('/post to:x Not yet');
    await sees(group, '/team');
    there.anna.say(`/team add:${ben.id} role:viewer`);
    await sees(group, 'Added as viewer');
    there.ben.say('/post to:x Not yet');
    await sees(group, 'needs the role editor; yours is viewer');

    there.anna.say('/schedule to:x when:"in 3 hours" Only once');
    await sees(group, /· scheduled[\s\S]*Only once/);
    const draftFrom = there.anna.say('/post to:x Only once');
    const draft = await sees(group, 'Is that meant?', { after: draftFrom });
    expect(draft.topic).toBe(topic);
    expect(await there.ben.press(draft, 'Post it')).toMatchObject({ alert: true });
    there.anna.say(`/team add:${ben.id} role:editor`);
    await sees(group, 'Role changed to editor');
    const answers = await Promise.all([
      there.anna.press(draft, 'Post it'),
      there.ben.press(draft, 'Post it'),
      there.ben.press(draft, 'Post it'),
    ]);
    expect(answers.filter(({ alert }) => alert)).toHaveLength(2);
    const told = await outcome(group, 'Only once');
    expect(told.topic).toBe(topic);
    expect(await onWall(program, 'Only once')).toHaveLength(1);
    expect(outcomes(group, 'Only once')).toHaveLength(1);
  });

  it('that becomes a supergroup hears of its posts there', async () => {
    const { anna, telegram } = here;
    const group = telegram.group('Small', { kind: 'group' });
    anna.in(group).say('/start');
    await sees(group, 'This conversation belongs to your team now');
    anna.in(group).say('/schedule to:x when:"in 2 sec" Moved house');
    await sees(group, /· scheduled[\s\S]*Moved house/);
    const supergroup = group.migrate();
    expect((await outcome(supergroup, 'Moved house')).text).toContain('· published');
    anna.in(supergroup).say('/queue state:done');
    expect((await sees(supergroup, 'Queue: done')).text).toContain('Moved house');
  });

  it('whose outcome it was to hear may have put the bot out: the post stands, others are served', async () => {
    const { anna, telegram, program } = here;
    const cleo = telegram.user('Cleo');
    anna.say(`/team add:${cleo.id} role:editor`);
    await sees(anna.chat, 'Added as editor');
    cleo.say('/schedule to:x when:"in 1 sec" Nobody listens');
    const card = await sees(cleo.chat, /· scheduled[\s\S]*Nobody listens/);
    cleo.blockBot();
    await program.until('its outcome to be given up', () =>
      program.log.some(
        ({ msg, dead, noticeId }) =>
          msg === 'a notice could not be told' &&
          dead === true &&
          String(noticeId).startsWith(`${idOf(card.text).slice(1)}.outcome`),
      ),
    );
    expect(await onWall(program, 'Nobody listens')).toHaveLength(1);
    anna.say('/queue state:done');
    expect((await sees(anna.chat, 'Queue: done')).text).toContain('Nobody listens');
    expect((await program.health()).status).toBe(200);
    cleo.unblockBot();
    cleo.say('/post to:x I am back');
    await outcome(cleo.chat, 'I am back');
  });
});

describe('bad weather', () => {
  it('of polling and sending delays what is told, and doubles nothing', async () => {
    const { anna, telegram, program } = here;
    telegram.faults.serverError('getUpdates', 2);
    telegram.faults.dropBefore('getUpdates', 1);
    telegram.faults.tooMany('sendMessage', 1);
    telegram.faults.serverError('sendMessage', 1);
    anna.say('/post to:x Through the storm');
    await outcome(anna.chat, 'Through the storm');
    expect(await onWall(program, 'Through the storm')).toHaveLength(1);
    expect(outcomes(anna.chat, 'Through the storm')).toHaveLength(1);
  });
});

describe('by webhook', () => {
  it('serves commands, photos and buttons, and refuses what Telegram did not send', async () => {
    const t = file;
    let web: string | undefined;
    const publicUrl = await forward(t, () => web);
    const secret = 'a-secret-of-the-webhook';
    const called = await startTelegram(t, startInside, {
      env: { TELEGRAM_WEBHOOK_SECRET: secret, PUBLIC_URL: publicUrl },
    });
    web = called.program.web;
    const { anna, telegram, program } = called;
    await claim(called);
    anna.sendPhoto({ caption: '/post to:tumblr By webhook', bytes: picture });
    await outcome(anna.chat, 'By webhook');
    expect(await onWall(program, 'By webhook')).toHaveLength(1);
    expect(telegram.calls('getUpdates')).toEqual([]);
    expect(telegram.webhook?.secret).toBe(secret);
    const forged = await fetch(`${web}/telegram/webhook`, { method: 'POST', body: '{"update_id":1}' });
    expect(forged.status).toBe(401);
    expect((await program.health()).status).toBe(200);
  });
});

/** What stands between Telegram and the program: PUBLIC_URL must be known before the program has a port. */
async function forward(t: Test, target: () => RunningProgram['web'] | undefined): Promise<string> {
  const proxy = createServer((incoming, response) => {
    const onward = request(
      `${target()}${incoming.url}`,
      { method: incoming.method, headers: incoming.headers, agent: false },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  t.onTestFinished(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}
