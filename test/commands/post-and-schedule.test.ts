import { beforeEach, describe, expect, it } from 'vitest';
import { DAY, MINUTE } from '../../src/core/clock.ts';
import { buttonsOf, idIn, wordsOf } from '../helpers/replies.ts';
import { type Stage, useStages } from '../helpers/stage.ts';
import { labelsOf, titleIn } from './read.ts';

const createStage = useStages();
let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
});
const stored = async (id: string) => (await stage.stores.posts.find(stage.workspaceId, id))!;
const all = async () => (await stage.engine.desk.complete(completion('show', 'post', ''))).length;
const completion = (command: string, option: string, typed: string) => ({
  identity: 'terminal:local',
  name: 'you',
  conversation: { frontend: 'terminal', id: 'local', kind: 'direct' as const },
  signal: new AbortController().signal,
  command,
  option,
  typed,
});

describe('/schedule', () => {
  it('answers with the card: the words, everything that was given, when in full, and where to', async () => {
    const reply = await stage.type(
      '/schedule to:tumblr when:"tomorrow 9:00" link:https://a.example title:"A title" first_comment:"And more" ' +
        'board:Cats priority:high expires:"tomorrow 20:00" media:a.png alt:"A cat" Good morning\nto you',
    );
    const id = idIn(reply);
    expect(titleIn(reply)).toBe(`#${id} · scheduled`);
    const words = wordsOf(reply);
    expect(words).toContain('Good morning\nto you');
    expect(words).toContain('Title: A title');
    expect(words).toContain('Link: https://a.example');
    expect(words).toContain('Board: Cats');
    expect(words).toContain('First comment: And more');
    expect(words).toContain('Priority: high');
    expect(words).toContain('1 picture (with alt text)');
    expect(words).toContain('Goes out Wed, 25 Nov 2026, 09:00 Europe/Rome (in 23 hours)');
    expect(words).toContain('Never after Wed, 25 Nov 2026, 20:00 Europe/Rome (in 34 hours)');
    expect(words).toContain('[waiting] Tumblr @acme');
    expect(words).not.toContain('X @acme');
    expect(words).not.toContain('left out; nothing');
    expect(labelsOf(reply)).toEqual([['Edit the words', 'Another time', 'Cancel']]);
    expect(buttonsOf(reply)).toEqual([`edit.words:${id}:1`, `move.to:${id}`, `cancel.ask:${id}`]);
    expect(reply).toMatchObject({ tone: 'info', card: id });
    expect(await stored(id)).toMatchObject({
      targets: ['tumblr1'],
      priority: 'high',
      words: { text: 'Good morning\nto you', firstComment: 'And more', board: 'Cats' },
      media: [{ name: 'a.png', alt: 'A cat' }],
      origin: { person: 'terminal:local', personName: 'you' },
    });
  });

  it('echoes what it made of a date as people write it at home', async () => {
    const reply = await stage.type('/schedule to:x when:"25.12. 18.30" Hello');
    expect(wordsOf(reply)).toContain('Goes out Fri, 25 Dec 2026, 18:30 Europe/Rome (in 31 days)');
    expect(titleIn(await stage.type('/schedule to:x when:"fri 25.11. 9:00" Hello'))).toContain(
      'is another one than that of the day: it is Wed, 25 Nov 2026',
    );
  });

  it('says where it goes when `to` was left out, and what was assumed about the time', async () => {
    const reply = await stage.type('/schedule when:tomorrow Hello');
    expect(wordsOf(reply)).toContain('It goes to every account, since `to` was left out.');
    expect(wordsOf(reply)).toContain('No time was given; 9:00 was taken.');
    expect(wordsOf(reply)).toMatch(/\[waiting\] Tumblr @acme\n\[waiting\] X @acme/);
    await stage.type('/settings default_to:x');
    const byDefault = await stage.type('/schedule when:tomorrow Hello default');
    expect(wordsOf(byDefault)).not.toContain('left out');
    expect(wordsOf(byDefault)).toContain('[waiting] X @acme');
    expect(wordsOf(byDefault)).not.toContain('Tumblr');
  });

  it.each([
    ['/schedule Hello', 'needs `when`', '/schedule when:"tomorrow 9:00" Good morning'],
    ['/schedule when:"yesterday 9:00" Hello', 'that has passed', 'Wed, 25 Nov 2026, 09:00 Europe/Rome'],
    ['/schedule when:someday Hello', '“someday” is no time that I understand', '“tomorrow 9:00”'],
    [
      '/schedule when:"2027-03-28 02:30" Hello',
      'does not exist in Europe/Rome',
      'Choose Sun, 28 Mar 2027, 01:30',
    ],
    ['/schedule when:"2027-10-31 02:30" Hello', 'happens twice in Europe/Rome', '2027-10-31T00:30Z'],
    ['/schedule when:"2033-01-01 9:00" Hello', 'more than five years ahead', 'Choose an earlier time.'],
    ['/schedule when:"9:00 Europe/Roma" Hello', 'no time zone “Europe/Roma”', 'Europe/Rome'],
    ['/schedule when:tomorrow expires:"today 12:00" Hello', 'expire before it is due', 'later `expires`'],
    [
      '/schedule when:tomorrow to:mastodon Hello',
      'no account “mastodon”',
      'Possible here: all, tumblr, tumblr:@acme, x',
    ],
    ['/schedule when:tomorrow to:tumbr Hello', 'Did you mean tumblr?', 'Possible here'],
    [
      '/schedule when:tomorrow priority:urgent Hello',
      '`priority` cannot be “urgent”',
      'Possible: low, normal, high.',
    ],
    ['/schedule when:tomorrow', 'There is nothing to post yet.', 'Write the words after the command'],
    ['/schedule when:tomorrow media:ftp://a.example/x.png Hi', 'is no web address', 'https://'],
    ['/schedule when:tomorrow alt:"A cat" Hi', 'no picture or video for it', 'Attach the picture'],
    [
      '/schedule when:tomorrow media:a.png alt:A alt:B Hi',
      '2 alt texts for one picture',
      'one `alt` for each',
    ],
    [
      `/schedule when:tomorrow title:"${'t'.repeat(301)}" Hi`,
      '`title` has 301 characters; at most 300',
      'Shorten',
    ],
    ['/schedule wehn:tomorrow Hi', 'Did you mean “when”?', 'Possible here'],
    ['/schedule when:tomorrow 9:00 Hi', 'only the beginning of a time', 'when:"tomorrow 9:00"'],
    ['/schedule when:tomorrow post:#K7QPD Hi', '/edit has it', 'Use /edit'],
    ['/schedule when:tomorrow Hello to:x', '“to:x” stands after the words', 'Options come first: to:x Hello'],
  ])('%s is refused with the reason and the next step, and nothing is kept', async (line, reason, step) => {
    const reply = await stage.type(line);
    expect(titleIn(reply)).toContain(reason);
    expect(wordsOf(reply)).toContain(step);
    expect(reply).toMatchObject({ tone: 'error', personal: true });
    expect(reply.card).toBeUndefined();
    expect(await all()).toBe(0);
  });

  it('takes an offset as it is named where a wall time happens twice', async () => {
    const reply = await stage.type('/schedule to:x when:"2027-10-31T00:30Z" Twice');
    expect((await stored(idIn(reply))).dueAt).toEqual(new Date('2027-10-31T00:30:00Z'));
    const zone = await stage.type('/schedule to:x when:"2027-01-03 09:00 America/New_York" Elsewhere');
    expect((await stored(idIn(zone))).dueAt).toEqual(new Date('2027-01-03T14:00:00Z'));
    expect(wordsOf(zone)).toContain('15:00 Europe/Rome');
  });

  it('keeps nothing of a text that is far too long, and says how long it may be', async () => {
    const reply = await stage.type(`/schedule when:tomorrow ${'long '.repeat(40_001)}`);
    expect(titleIn(reply)).toMatch(/The text has 200,?004 characters; at most 200,?000/);
    expect(await all()).toBe(0);
  });
});

describe('/post', () => {
  it('goes out at once, and the card says so from the first answer to the last', async () => {
    const reply = await stage.type('/post to:x Now');
    const id = idIn(reply);
    expect(titleIn(reply)).toBe(`#${id} · on its way`);
    expect(wordsOf(reply)).toContain('Goes out now');
    expect(labelsOf(reply)).toEqual([]);
    await stage.pass(0);
    const card = stage.told.findLast(({ kind }) => kind === 'edit')!.reply;
    expect(titleIn(card)).toBe(`#${id} · published`);
    expect(card).toMatchObject({ tone: 'success', noticeTells: true });
    expect(wordsOf(card)).not.toContain('Goes out now');
  });

  it('what is no web address is refused as a link, with how to write it', async () => {
    for (const [typed, step] of [
      ['notalink', 'link:https://example.org/page'],
      ['example.org/shop', 'link:https://example.org/shop'],
      ['ftp://a.example/x', 'link:https://'],
      ['https://', 'link:https://'],
    ] as const) {
      const reply = await stage.type(`/post to:x link:${typed} Words`);
      expect(titleIn(reply), typed).toContain('no web address');
      expect(wordsOf(reply), typed).toContain(step);
    }
    await stage.pass(0);
    expect(stage.x.wall).toEqual([]);
  });

  it('a link alone is a post; a picture alone is one', async () => {
    await stage.type('/post to:x link:https://a.example');
    await stage.type('/post to:x media:a.png');
    await stage.pass(0);
    expect(stage.x.wall).toHaveLength(2);
  });

  it('`when:` belongs to /schedule: it is not published as words', async () => {
    const reply = await stage.type('/post when:"tomorrow 9:00" Hello');
    expect(titleIn(reply)).toBe('There is no option “when” here; /schedule has it.');
    await stage.pass(DAY);
    expect(stage.x.wall).toEqual([]);
  });

  it('control characters are gone, joiners and direction stay, in a command and in a form', async () => {
    const typed = 'a\u0000b\u001b[2J \u200f\u05d0\u200d \u202eevil\u2028line';
    const clean = 'ab[2J \u200f\u05d0\u200d \u202eevil\nline';
    const reply = await stage.type(`/post to:x ${typed}`);
    expect((await stored(idIn(reply))).words.text).toBe(clean);
    const form = await stage.engine.desk.run({
      ...completion('post', '', ''),
      messageId: 'form',
      command: 'post',
      input: { kind: 'fields', fields: { to: '\u200bx\u0007', text: `${typed}!`, title: '\u0007' } },
      media: [],
    });
    expect((await stored(idIn(form))).words).toEqual({ text: `${clean}!` });
  });

  it('a card placed late shows the newest state, and the same message handled twice asks the same', async () => {
    await stage.type('/schedule to:x when:"in 10 min" Twin');
    const first = await stage.type('/schedule to:x when:"in 20 min" Twin', { messageId: 'update-1' });
    const again = await stage.type('/schedule to:x when:"in 20 min" Twin', { messageId: 'update-1' });
    expect(again).toEqual(first);
    expect(wordsOf(again)).toContain('The same words are queued already');
    await stage.pass(30 * MINUTE);
    expect(stage.x.wall).toHaveLength(1);
  });
});
