/** The whole program in Discord, as its people see it: claim, post, schedule, buttons, roles, places. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  cardOf,
  claimCode,
  type InDiscord,
  idOf,
  outcome,
  outcomes,
  startDiscord,
} from '../../e2e/discord.ts';
import { sharedByFile } from '../../e2e/program.ts';
import { plain } from '../../media/samples.ts';
import type { Sight, SimUser } from '../../simulators/discord/index.ts';
import { startInside } from '../inside.ts';

const file = sharedByFile();
let here: InDiscord;
beforeAll(async () => {
  here = await startDiscord(file, startInside);
}, 60_000);

const picture = async () => ({
  name: 'shop.jpg',
  bytes: await plain(1080, 1080).jpeg().toBuffer(),
  type: 'image/jpeg',
});
const LONG = 'w'.repeat(281);
/** Past the lines of progress that stand in its place while files are fetched. */
const answered = { until: ({ text }: Sight) => /#[A-Z0-9]{5}/.test(text) };

describe('before anybody owns the bot', () => {
  it('answers nothing but how to join, and shows nothing to the channel', async () => {
    const { discord, program } = here;
    for (const [command, options] of [
      ['post', { text: 'Spam' }],
      ['queue', {}],
      ['accounts', {}],
      ['team', { add: `<@${discord.home.user.id}>` }],
    ] as const) {
      const sight = await discord.people.slash(command, options);
      expect(sight.ephemeral).toBe(true);
      expect(sight.text).toMatch(/claim|\/start/i);
    }
    expect(await discord.people.autocomplete('post', 'to', '')).toEqual([]);
    expect((await discord.people.slash('help')).text).toContain('/schedule');
    expect(discord.messages()).toEqual([]);
    expect(await program.wall()).toEqual([]);
  });

  it('refuses a wrong code, takes the printed one from one person only', async () => {
    const { discord, program } = here;
    const grace = discord.world.user('Grace');
    expect((await discord.people.slash('start', { code: 'AAAA-AAAA' })).text).toContain('not the claim code');
    const code = claimCode(program);
    const sights = await Promise.all([
      discord.people.slash('start', { code: code.toLowerCase() }),
      discord.people.slash('start', { code }, { user: grace }),
    ]);
    expect(sights.filter(({ text }) => text.includes('You are the owner now'))).toHaveLength(1);
    expect(sights.filter(({ text }) => text.includes('has an owner already'))).toHaveLength(1);
    // Whoever was first is the owner; the tests go on with Ada, so she must be one.
    if (sights[1]?.text.includes('You are the owner now')) {
      await discord.people.slash(
        'team',
        { add: `<@${discord.home.user.id}>`, role: 'owner' },
        { user: grace },
      );
      await discord.people.slash('team', { remove: `<@${grace.id}>` });
    }
    expect(await program.health()).toMatchObject({
      status: 200,
      body: { frontends: { discord: { state: 'ready' } } },
    });
  });

  it('still refuses strangers afterwards, at commands, buttons and suggestions', async () => {
    const { discord, program } = here;
    const mallory = discord.world.user('Mallory');
    const card = await discord.people.slash('schedule', {
      when: 'tomorrow 9:00',
      text: 'Not yours',
      to: 'x',
    });
    for (const sight of [
      await discord.people.slash('post', { text: 'Spam' }, { user: mallory }),
      await discord.people.press(card.message, 'Cancel', { user: mallory }),
      await discord.people.press(card.message, 'Edit the words', { user: mallory }),
    ]) {
      expect(sight).toMatchObject({ kind: 'message', ephemeral: true });
      expect(sight.text).toContain('/team');
    }
    expect(await discord.people.autocomplete('show', 'post', '', { user: mallory })).toEqual([]);
    expect(discord.messages().at(-1)?.text).toContain('scheduled');
    expect(await program.wall()).toEqual([]);
  });
});

describe('a post', () => {
  it('with an attachment goes out; its card is edited in place, and its outcome told once, by bot token', async () => {
    const { discord, program } = here;
    const media = await picture();
    const sight = await discord.people.slash(
      'post',
      {
        text: 'New in',
        to: 'tumblr,instagram',
        media,
        alt: 'Our shop',
      },
      answered,
    );
    const id = idOf(sight.text);
    const told = await outcome(discord, 'New in');
    expect(told.text).toContain(`${id} · published`);
    expect(told.text.match(/\[?published/g)?.length).toBeGreaterThanOrEqual(2);
    expect(told.replyTo).toBe(sight.message?.id);
    await discord.until('the card to show it', () =>
      cardOf(discord, id)?.text.startsWith(`${id} · published`),
    );
    expect(cardOf(discord, id)?.id).toBe(sight.message?.id);
    expect(cardOf(discord, id)?.edits).toBeGreaterThan(0);
    const { authorization, body } =
      discord.requests.find((each) => (each.body as { nonce?: string })?.nonce === told.nonce) ?? {};
    expect(authorization).toBe(`Bot ${discord.token}`);
    expect(body).toMatchObject({ enforce_nonce: true, allowed_mentions: { parse: [] } });
    const wall = (await program.wall()).filter(({ text }) => text === 'New in');
    expect(wall.map(({ network }) => network).sort()).toEqual(['instagram', 'tumblr']);
    for (const { media: shown } of wall) expect(shown).toMatchObject([{ kind: 'image', alt: 'Our shop' }]);
    expect(outcomes(discord, 'New in')).toHaveLength(1);
  });

  it('is planned with a time that each reader sees in the own zone, moved and taken back by its buttons', async () => {
    const { discord } = here;
    const sight = await discord.people.slash('schedule', {
      when: '2027-01-03 09:00 Europe/Rome',
      text: 'Sale',
      to: 'x',
    });
    expect(sight.message?.markdown).toContain(`<t:${Date.parse('2027-01-03T08:00:00Z') / 1000}`);
    const form = await discord.people.press(sight.message, 'Another time');
    const moved = await discord.people.submit(form.form, { answer: '2027-01-04 10:00' });
    expect(moved.text).toContain('2027-01-04T09:00:00Z');
    const words = await discord.people.press(moved.message, 'Edit the words');
    expect(words.form?.fields[0]?.value).toBe('Sale');
    const edited = await discord.people.submit(words.form, { answer: 'Sale\nwith lines' });
    expect(edited.text).toContain('Sale\n> with lines');
    const asked = await discord.people.press(edited.message, 'Cancel');
    expect(asked.text).toContain('cannot be undone');
    const cancelled = await discord.people.press(asked.message, 'Cancel it');
    expect(cancelled.text).toContain('cancelled');
    expect(cancelled.message?.id).toBe(sight.message?.id);
  });

  it('that breaks a rule is not half scheduled: others, edit or cancel', async () => {
    const { discord, program } = here;
    const first = await discord.people.slash('post', { text: LONG, to: 'x,tumblr' });
    expect(first.text).toContain('at most 280 weighted characters');
    expect(first.text).toContain('found: 281');
    expect(first.message?.buttons.map(({ label }) => label)).toEqual([
      'Post to Tumblr (rehearsal)',
      'Post as a thread',
      'Edit the words',
      'Cancel',
    ]);
    const others = await discord.people.press(first.message, 'Post to Tumblr (rehearsal)');
    expect(others.kind).toBe('edit');
    await discord.until('it to be on the wall', () =>
      cardOf(discord, idOf(first.text))?.text.includes('· published'),
    );
    expect((await program.wall()).filter(({ text }) => text === LONG).map(({ network }) => network)).toEqual([
      'tumblr',
    ]);

    const second = await discord.people.slash('post', { text: `${LONG}2`, to: 'x' });
    const form = await discord.people.press(second.message, 'Edit the words');
    const mended = await discord.people.submit(form.form, { answer: 'Short enough' });
    expect(mended.text).toContain(`${idOf(second.text)} · on its way`);
    await outcome(discord, 'Short enough');

    const third = await discord.people.slash('post', { text: `${LONG}3`, to: 'x' });
    const dropped = await discord.people.press(third.message, 'Cancel');
    expect(dropped.text).toContain('cancelled');
  });

  it('with words that are queued already is warned of, and goes out when that is meant', async () => {
    const { discord, program } = here;
    await discord.people.slash('schedule', { when: 'in 3 hours', text: 'Again', to: 'x' });
    const warned = await discord.people.slash('post', { text: 'again', to: 'x' });
    expect(warned.text).toContain('Is that meant?');
    expect((await program.wall()).filter(({ text }) => text === 'again')).toEqual([]);
    await discord.people.press(warned.message, 'Post it');
    await outcome(discord, 'again');
  });

  it('is made of a message of somebody by its menu', async () => {
    const { discord, program } = here;
    const message = discord.people.say('Words of a colleague', { files: [await picture()] });
    const opened = await discord.people.menu('Schedule this', message);
    expect(opened.form?.fields.find(({ name }) => name === 'text')?.value).toBe('Words of a colleague');
    const sight = await discord.people.submit(opened.form, { when: 'in 1 sec' }, answered);
    expect(sight.text).toContain('scheduled');
    // Without `to` it goes to all accounts; all five take a picture.
    const told = await outcome(discord, 'Words of a colleague');
    expect(told.text).toContain('· published');
    expect((await program.wall()).filter(({ text }) => text === 'Words of a colleague')).toHaveLength(5);
  });
});

describe('suggestions', () => {
  it('of targets, posts and moments with their meaning', async () => {
    const { discord } = here;
    const sight = await discord.people.slash('schedule', {
      when: 'tomorrow 9:00',
      text: 'Findable words',
      to: 'x',
    });
    const targets = await discord.people.autocomplete('post', 'to', 'x,tu');
    expect(targets.map(({ value }) => value)).toContain('x,tumblr');
    const posts = await discord.people.autocomplete('show', 'post', '');
    expect(posts.find(({ value }) => value === idOf(sight.text))?.name).toContain('Findable words');
    const moments = await discord.people.autocomplete('schedule', 'when', 'tomorrow 9:00');
    expect(moments[0]?.value).toBeTruthy();
    expect(moments[0]?.name).toMatch(/09:00/);
  });
});

describe('the team', () => {
  it('is added to by mention; the role counts at the moment of use', async () => {
    const { discord } = here;
    const linus = discord.world.user('Linus');
    const as = { user: linus };
    const added = await discord.people.slash('team', { add: `<@${linus.id}>`, role: 'viewer' });
    expect(added.text).toContain('viewer');
    const card = await discord.people.slash('schedule', {
      when: 'tomorrow 10:00',
      text: 'Team words',
      to: 'x',
    });

    expect((await discord.people.slash('queue', {}, as)).text).toContain('Team words');
    expect((await discord.people.slash('post', { text: 'x' }, as)).text).toContain(
      'needs the role editor; yours is viewer',
    );
    expect((await discord.people.press(card.message, 'Edit the words', as)).text).toContain(
      'needs the role editor',
    );
    expect(await discord.people.autocomplete('edit', 'post', '', as)).toEqual([]);
    expect((await discord.people.autocomplete('show', 'post', '', as)).length).toBeGreaterThan(0);
    expect((await discord.people.slash('team', { add: '<@42>' }, as)).text).toContain('needs the role owner');

    await discord.people.slash('team', { add: `<@${linus.id}>`, role: 'editor' });
    expect((await discord.people.press(card.message, 'Edit the words', as)).kind).toBe('modal');
    expect((await discord.people.autocomplete('edit', 'post', '', as)).length).toBeGreaterThan(0);
    // The form was open when the right was taken away.
    const open = await discord.people.press(card.message, 'Edit the words', as);
    await discord.people.slash('team', { remove: `<@${linus.id}>` });
    const late = await discord.people.submit(open.form, { answer: 'Smuggled' }, as);
    expect(late.ephemeral).toBe(true);
    expect(cardOf(discord, idOf(card.text))?.text).toContain('Team words');
    expect((await discord.people.slash('queue', {}, as)).text).toContain('/team');
  });

  it('cannot lose its last owner', async () => {
    const { discord } = here;
    const sight = await discord.people.slash('team', { remove: `<@${discord.home.user.id}>` });
    expect(sight.text).toContain('last owner');
  });

  it('edits one post at once: one change stands, the other is refused, and its words are given back', async () => {
    const { discord } = here;
    const user = await newEditor('Edda');
    const card = await discord.people.slash('schedule', { when: 'in 5 hours', text: 'Two editors', to: 'x' });
    const forms = {
      ada: await discord.people.press(card.message, 'Edit the words'),
      edda: await discord.people.press(card.message, 'Edit the words', { user }),
    };
    const sights = await Promise.all([
      discord.people.submit(forms.ada.form, { answer: 'As Ada says' }),
      discord.people.submit(forms.edda.form, { answer: 'As Edda says' }, { user }),
    ]);
    const [lost] = sights.filter(({ ephemeral }) => ephemeral);
    const [kept] = sights.filter(({ ephemeral }) => !ephemeral);
    expect(kept?.text).toContain('Changed.');
    expect(lost?.text).toMatch(/Somebody changed #\w+ meanwhile[\s\S]*\/show[\s\S]*As (?:Ada|Edda) says/);
    const shown = await discord.people.slash('show', { post: idOf(card.text) });
    const [, winner] = /As (Ada|Edda) says/.exec(kept?.text ?? '') ?? [];
    expect(shown.text).toContain(`As ${winner} says`);
    expect(lost?.text).not.toContain(`As ${winner} says`);
  });

  it('presses one button twice at once, and it acts once', async () => {
    const { discord, program } = here;
    const ken = await newEditor('Ken');
    await discord.people.slash('schedule', { when: 'in 4 hours', text: 'Once only', to: 'tumblr' });
    const draft = await discord.people.slash('post', { text: 'Once only', to: 'tumblr' });
    const sights = await Promise.all([
      discord.people.press(draft.message, 'Post it'),
      discord.people.press(draft.message, 'Post it', { user: ken }),
      discord.people.press(draft.message, 'Post it'),
    ]);
    const errors = sights.filter(({ ephemeral }) => ephemeral);
    expect(errors).toHaveLength(2);
    for (const { text } of errors) expect(text).toMatch(/no draft any more|changed .* meanwhile/);
    await outcome(discord, 'Once only');
    expect((await program.wall()).filter(({ text }) => text === 'Once only')).toHaveLength(1);
    expect(outcomes(discord, 'Once only')).toHaveLength(1);
  });
});

async function newEditor(name: string): Promise<SimUser> {
  const user = here.discord.world.user(name);
  await here.discord.people.slash('team', { add: `<@${user.id}>`, role: 'editor' });
  return user;
}

describe('where the bot has no seat', () => {
  it('card and outcome go to the person’s direct messages, and that is said', async () => {
    const { discord } = here;
    const foreign = discord.world.channel('elsewhere', { guild: discord.world.guild('Foreign', false) });
    const closed = discord.world.channel('staff', { guild: discord.home.channel.guild! });
    closed.botMaySend = false;
    const direct = discord.world.direct(discord.home.user);
    for (const [index, channel] of [foreign, closed].entries()) {
      const words = `From afar ${index}`;
      const sight = await discord.people.slash('post', { text: words, to: 'x' }, { channel });
      expect(sight.ephemeral).toBe(true);
      expect(sight.text).toContain('come to you as direct messages');
      expect((await outcome(discord, words, direct)).text).toContain('· published');
      expect(discord.messages(channel)).toEqual([]);
    }
  });

  it('an outcome that its channel does not take any more goes to the person', async () => {
    const { discord } = here;
    const channel = discord.world.channel('soon closed', { guild: discord.home.channel.guild! });
    await discord.people.slash('start', {}, { channel });
    await discord.people.slash('schedule', { when: 'in 1 sec', text: 'Door shut', to: 'x' }, { channel });
    channel.botMaySend = false;
    const direct = discord.world.direct(discord.home.user);
    const told = await outcome(discord, 'Door shut', direct);
    expect(told.text).toContain('I may not write in #soon closed');
  });
});
