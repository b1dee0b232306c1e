import { beforeEach, describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../src/core/clock.ts';
import { failure } from '../../src/core/errors.ts';
import { failBefore, refuse } from '../helpers/played-network.ts';
import { buttonsOf, idIn, wordsOf } from '../helpers/replies.ts';
import { type Stage, useStages } from '../helpers/stage.ts';
import { holding, labelsOf, titleIn, underWayOnX } from './read.ts';

const createStage = useStages();
let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
});
const stored = async (id: string) => (await stage.stores.posts.find(stage.workspaceId, id))!;
const planned = async (line = '/schedule when:"in 1 hour" Old words') => idIn(await stage.type(line));
const LONG = 'word '.repeat(70).trim();

describe('/edit', () => {
  it('changes the common words of a planned post, which stays planned', async () => {
    const id = await planned();
    const reply = await stage.type(`/edit post:#${id} New words`);
    expect(titleIn(reply)).toBe(`#${id} · scheduled`);
    expect(wordsOf(reply)).toContain('Changed.');
    expect(wordsOf(reply)).toContain('New words');
    expect(labelsOf(reply)).toEqual([['Edit the words', 'Another time', 'Cancel']]);
    await stage.pass(HOUR);
    expect(stage.x.wall.map(({ text }) => text)).toEqual(['New words']);
    expect(stage.tumblr.wall.map(({ text }) => text)).toEqual(['New words']);
  });

  it('changes the words of one network only, and takes them back', async () => {
    const id = await planned();
    const reply = await stage.type(`/edit post:#${id} to:x text:"Only for X"`);
    expect(wordsOf(reply)).toContain('For X @acme: Only for X');
    expect(wordsOf(reply)).toContain('[waiting] X @acme (own words)');
    await stage.type(`/edit post:#${id} Other common words`);
    expect((await stored(id)).variants).toEqual({ x: { text: 'Only for X' } });
    expect(wordsOf(await stage.type(`/edit post:#${id} to:x text:""`))).not.toContain('own words');
    expect((await stored(id)).variants).toEqual({});
    await stage.type(`/edit post:#${id} to:x:@acme text:"By handle"`);
    await stage.pass(HOUR);
    expect([stage.x.wall[0]?.text, stage.tumblr.wall[0]?.text]).toEqual(['By handle', 'Other common words']);
  });

  it('changes everything else that a post has, and takes it away with an empty value', async () => {
    const id = await planned();
    await stage.type(`/edit post:#${id} link:https://a.example title:T board:B first_comment:C media:a.png`);
    expect(await stored(id)).toMatchObject({
      words: { text: 'Old words', link: 'https://a.example', title: 'T', board: 'B', firstComment: 'C' },
      media: [{ name: 'a.png' }],
    });
    await stage.type(`/edit post:#${id} media:b.png media:c.png alt:"Two" alt:"Three"`);
    expect((await stored(id)).media).toMatchObject([
      { name: 'b.png', alt: 'Two' },
      { name: 'c.png', alt: 'Three' },
    ]);
    await stage.type(`/edit post:#${id} link:"" title:"" text:""`);
    expect((await stored(id)).words).toEqual({ text: '', board: 'B', firstComment: 'C' });
  });

  it('changes how urgent a post is and until when it may go out, and takes either away in words', async () => {
    const id = await planned(
      '/schedule when:"in 1 hour" priority:low expires:"in 2 hours" link:https://a.example Old words',
    );
    const reply = await stage.type(`/edit post:#${id} priority:high expires:tomorrow`);
    expect(wordsOf(reply)).toContain('Priority: high');
    expect(wordsOf(reply)).toContain('Never after Wed, 25 Nov 2026, 09:00 Europe/Rome');
    expect(wordsOf(reply)).toContain('No time was given; 9:00 was taken.');
    const priorities = async () =>
      (await stage.stores.deliveries.ofPost(stage.workspaceId, id)).map(({ priority }) => priority);
    expect(await priorities()).toEqual([2, 2]);
    const without = wordsOf(await stage.type(`/edit post:#${id} without:expires,priority,link`));
    for (const gone of ['Priority', 'Never after', 'Link']) expect(without).not.toContain(gone);
    expect(await priorities()).toEqual([1, 1]);
    expect(await stored(id)).not.toHaveProperty('expiresAt');
    await stage.pass(3 * HOUR);
    expect(stage.x.wall.map(({ text }) => text)).toEqual(['Old words']);
  });

  it('takes an expiry away with the word for it, and a new post may say so, too', async () => {
    const id = await planned('/schedule when:"in 1 hour" expires:"in 2 hours" Old words');
    expect(wordsOf(await stage.type(`/edit post:#${id} expires:never`))).not.toContain('Never after');
    expect(await stored(id)).not.toHaveProperty('expiresAt');
    expect(await stored(await planned('/schedule when:"in 1 hour" expires:- Other'))).not.toHaveProperty(
      'expiresAt',
    );
  });

  it('a post whose expiry was brought forward is not sent after it', async () => {
    stage.x.script.push(
      failBefore(
        failure('PlatformUnavailable', {
          code: 'PLATFORM_UNAVAILABLE',
          message: 'X is away.',
          hint: 'Wait.',
        }),
      ),
    );
    const id = await planned('/schedule to:x when:"in 1 hour" Old words');
    await stage.pass(HOUR);
    expect(wordsOf(await stage.type(`/edit post:#${id} expires:"in 2 min"`))).toContain('Never after');
    await stage.pass(HOUR);
    expect(stage.x.wall).toEqual([]);
    expect(titleIn(await stage.type(`/show ${id}`))).toBe(`#${id} · expired`);
  });

  it('takes away what a chat cannot give an empty value for', async () => {
    const id = await planned(
      '/schedule when:"in 1 hour" media:a.png alt:"A cat" thread:yes replies:verified Old words',
    );
    await stage.type(`/edit post:#${id} to:x title:"For X"`);
    expect(wordsOf(await stage.type(`/edit post:#${id} to:x without:title`))).not.toContain('own words');
    await stage.type(`/edit post:#${id} without:"alt, thread replies"`);
    expect(await stored(id)).toMatchObject({
      words: { text: 'Old words' },
      media: [{ name: 'a.png' }],
      variants: {},
    });
    expect((await stored(id)).media[0]).not.toHaveProperty('alt');
    await stage.type(`/edit post:#${id} without:media`);
    expect((await stored(id)).media).toEqual([]);
  });

  it('describes the picture that is there already', async () => {
    const id = await planned('/schedule when:"in 1 hour" media:a.png Old words');
    const reply = await stage.type(`/edit post:#${id} alt:"A cat"`);
    expect(wordsOf(reply)).toContain('1 picture (with alt text)');
    expect((await stored(id)).media).toMatchObject([{ name: 'a.png', alt: 'A cat' }]);
    const two = await planned('/schedule when:"in 1 hour" media:a.png media:b.png Two');
    expect(wordsOf(await stage.type(`/edit post:#${two} alt:"Which?"`))).toContain(
      'give them anew with `media`',
    );
    const none = await planned('/schedule when:"in 1 hour" None');
    expect(titleIn(await stage.type(`/edit post:#${none} alt:"What?"`))).toContain(
      'no picture or video for it',
    );
  });

  it.each([
    ['', 'There is nothing to change.', 'Give new words: /edit post:#'],
    ['text:""', 'Nothing would be left of the post.', 'use /cancel'],
    ['to:all Words', 'one network or account at a time', 'Use one /edit for each.'],
    ['to:x media:a.png', 'belong to the whole post', 'Leave `to` out'],
    ['to:x priority:high', 'belong to the whole post', 'Leave `to` out'],
    ['expires:"in 30 min"', 'would expire before it is due', 'without:expires'],
    ['expires:never', 'has no expires', '/show post:#'],
    ['to:+x', 'goes there already', '/show post:#'],
    ['to:+x,+mastodon', 'There is no account “mastodon”', 'Possible here'],
    ['to:x,+tumblr Words', 'goes there already', '/show post:#'],
    ['to:-all', 'would go nowhere', '/cancel post:#'],
    ['to:x when:"in 2 hours"', 'belong to the whole post', 'Leave `to` out'],
    ['when:"2040-01-01 9:00" Words', 'more than five years ahead', 'earlier time'],
    ['when:"yesterday 9:00"', 'that has passed', 'The next such time'],
    ['expires:whenever', 'no time that I understand', 'tomorrow 9:00'],
    ['without:links', 'Did you mean link?', 'Possible: text, link'],
    ['without:link', 'has no link', '/show post:#'],
  ])('"%s" is refused with the next step', async (more, reason, step) => {
    const id = await planned();
    const reply = await stage.type(`/edit post:#${id} ${more}`);
    expect(wordsOf(reply)).toContain(reason);
    expect(wordsOf(reply)).toContain(step);
    expect(await stored(id)).toMatchObject({ revision: 1, words: { text: 'Old words' } });
  });

  it('says so when the post does not go to that account', async () => {
    const id = await planned('/schedule to:x when:"in 1 hour" Old words');
    for (const more of ['to:tumblr Words', 'to:-tumblr']) {
      const reply = await stage.type(`/edit post:#${id} ${more}`);
      expect(titleIn(reply), more).toBe(`#${id} does not go to that account.`);
      expect(wordsOf(reply)).toContain(`/edit post:#${id} to:+`);
    }
  });

  it('leaves a planned post as it was when the new words break a rule', async () => {
    const id = await planned();
    const reply = await stage.type(`/edit post:#${id} ${LONG}`);
    expect(wordsOf(reply)).toContain('Nothing was changed: the post would break a rule. It stays as it was.');
    expect(wordsOf(reply)).toContain('found: 349');
    expect(wordsOf(reply)).toContain('Old words');
    expect(titleIn(reply)).toBe(`#${id} · scheduled`);
    await stage.pass(HOUR);
    expect(stage.x.wall.map(({ text }) => text)).toEqual(['Old words']);
  });

  it('of two at once one wins, the other is told and nothing is mixed', async () => {
    const id = await planned();
    const replies = await Promise.all([
      stage.type(`/edit post:#${id} title:A First`),
      stage.type(`/edit post:#${id} title:B Second`),
    ]);
    const told = replies.map((reply) => wordsOf(reply));
    const lost = told.filter((words) => words.includes(`Somebody changed #${id} meanwhile`));
    const won = told.filter((words) => words.includes('Changed.'));
    expect([won.length, lost.length]).toEqual([1, 1]);
    const { words } = await stored(id);
    expect([
      { text: 'First', title: 'A' },
      { text: 'Second', title: 'B' },
    ]).toContainEqual(words);
    await stage.pass(HOUR);
    expect(stage.x.wall.map(({ text }) => text)).toEqual([words.text]);
  });

  it('a change that was read before another one is refused, not laid over it', async () => {
    const id = await planned();
    const old = await stored(id);
    await stage.type(`/edit post:#${id} Newer`);
    const stale = { ...stage.stores.posts };
    Object.assign(stage.stores.posts, { find: async () => old });
    const reply = await stage.type(`/edit post:#${id} Stale`);
    Object.assign(stage.stores.posts, { find: stale.find });
    expect(titleIn(reply)).toBe(`Somebody changed #${id} meanwhile; your change was not applied.`);
    expect(wordsOf(reply)).toContain(`/show post:#${id}`);
    expect((await stored(id)).words.text).toBe('Newer');
    await stage.pass(HOUR);
    expect(stage.x.wall.map(({ text }) => text)).toEqual(['Newer']);
  });

  it('comes too late for an account that is under way, and changes the others', async () => {
    const { id, letGo } = await underWayOnX(stage, planned);
    const reply = await stage.type(`/edit post:#${id} Late words`);
    expect(wordsOf(reply)).toContain(
      'Changed. 1 of its accounts was being published already, with the old words.',
    );
    letGo();
    await stage.pass(2 * HOUR);
    expect([stage.x.wall[0]?.text, stage.tumblr.wall[0]?.text]).toEqual(['Old words', 'Late words']);
  });

  it('comes too late for a post that is being published, and for one that is out', async () => {
    const held = holding();
    stage.x.script.push(held.behaviour);
    const id = idIn(await stage.type('/post to:x Going'));
    await held.begun;
    for (const line of [`/edit post:#${id} Too late`, `/move post:#${id} when:tomorrow`, `/cancel ${id}`]) {
      const reply = await stage.type(line);
      expect(titleIn(reply), line).toBe(`#${id} is already being published.`);
      expect(wordsOf(reply)).toContain('Wait for its outcome, which is told here.');
    }
    expect(titleIn(await stage.press(`cancel.now:${id}`))).toBe(`#${id} is already being published.`);
    held.letGo();
    await stage.pass(0);
    expect(stage.x.wall.map(({ text }) => text)).toEqual(['Going']);
    for (const line of [`/edit post:#${id} Too late`, `/move post:#${id} when:tomorrow`, `/cancel ${id}`])
      expect(titleIn(await stage.type(line)), line).toBe(
        `#${id} is finished and cannot be changed any more.`,
      );
  });

  it('changes what failed, and says how to send it again', async () => {
    stage.x.script.push(
      refuse(
        failure('ContentRejected', { code: 'CONTENT_REJECTED', message: 'X says no.', hint: 'Change it.' }),
      ),
    );
    const id = idIn(await stage.type('/post to:all Bad'));
    await stage.pass(MINUTE);
    const reply = await stage.type(`/edit post:#${id} Good`);
    expect(wordsOf(reply)).toContain('Changed. “Retry” sends it again.');
    expect(buttonsOf(reply)).toContain(`retry.post:${id}`);
    await stage.press(`retry.post:${id}`);
    await stage.pass(0);
    expect([stage.x.wall[0]?.text, stage.tumblr.wall[0]?.text]).toEqual(['Good', 'Bad']);
  });
});

describe('the button “Edit the words”', () => {
  it('asks with the words that are there, and takes the answer', async () => {
    const id = await planned();
    const request = {
      identity: 'terminal:local',
      name: 'you',
      conversation: { frontend: 'terminal', id: 'local', kind: 'direct' as const },
      signal: new AbortController().signal,
      action: `edit.words:${id}`,
    };
    expect(await stage.engine.desk.asks(request)).toMatchObject({
      title: 'Edit the words',
      label: 'The new words',
      value: 'Old words',
      max: 4000,
    });
    expect(await stage.engine.desk.asks({ ...request, action: `show.card:${id}` })).toBeUndefined();
    expect(wordsOf(await stage.press(`edit.words:${id}`, ' New\u0007 words '))).toContain('Changed.');
    expect((await stored(id)).words.text).toBe('New words');
  });

  it('is refused when somebody changed the post after it was drawn, and the other change stays', async () => {
    const id = await planned();
    const [drawn = ''] = buttonsOf(await stage.type(`/show ${id}`));
    expect(wordsOf(await stage.press(drawn, 'First')).includes('Changed.')).toBe(true);
    const late = await stage.press(drawn, 'Second');
    expect(titleIn(late)).toBe(`Somebody changed #${id} meanwhile; your change was not applied.`);
    expect(wordsOf(late)).toContain(`/show post:#${id}`);
    expect(titleIn(await stage.press(drawn))).toContain('meanwhile');
    expect((await stored(id)).words.text).toBe('First');
    const [fresh = ''] = buttonsOf(await stage.type(`/move ${id} when:"in 2 hours"`));
    expect(wordsOf(await stage.press(fresh, 'Third'))).toContain('Changed.');
  });

  it('without an answer changes nothing; an answer or words that are too long for it are told', async () => {
    const id = await planned('/schedule to:tumblr media:a.png when:"in 1 hour" Old words');
    expect(wordsOf(await stage.press(`edit.words:${id}`))).toContain('“Edit the words” needs an answer.');
    const long = await stage.press(`edit.words:${id}`, 'a'.repeat(4001));
    expect(titleIn(long)).toContain('4001 characters; a button takes at most 4000');
    expect(wordsOf(long)).toContain('/edit post:#K7QPD Better words');
    expect((await stored(id)).words.text).toBe('Old words');
    await stage.type(`/edit post:#${id} ${'b'.repeat(4090)}`);
    expect(wordsOf(await stage.press(`edit.words:${id}`))).toContain('4090 characters');
    expect((await stored(id)).words.text).toBe('b'.repeat(4090));
  });
});
