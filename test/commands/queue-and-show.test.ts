import { beforeEach, describe, expect, it } from 'vitest';
import { HOUR } from '../../src/core/clock.ts';
import { BUTTON_ID_BYTES, BUTTONS_MAX } from '../../src/core/reply.ts';
import type { Account } from '../../src/core/words.ts';
import { loseAnswer } from '../helpers/played-network.ts';
import { buttonsOf, idIn, wordsOf } from '../helpers/replies.ts';
import { type Stage, useStages } from '../helpers/stage.ts';
import { caller, direct, labelsOf, titleIn } from './read.ts';

const createStage = useStages();
let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
});

describe('/queue', () => {
  it('without posts says what to type', async () => {
    const reply = await stage.type('/queue');
    expect(titleIn(reply)).toBe('Nothing is planned');
    expect(wordsOf(reply)).toContain('/schedule when:"tomorrow 9:00" Good morning');
    const done = await stage.type('/queue state:done to:x');
    expect(titleIn(done)).toBe('Queue: done · nothing here for these accounts');
    expect(wordsOf(done)).toContain('/queue state:all');
    expect(wordsOf(await stage.type('/queue state:all'))).toContain('Plan something');
  });

  it('lists what is planned, the next one first, a page at a time, and turns pages both ways', async () => {
    for (let minute = 19; minute >= 1; minute -= 1)
      await stage.type(`/schedule to:x when:"in ${minute} min" Number ${minute}`);
    const first = await stage.type('/queue');
    expect(titleIn(first)).toBe('Queue: planned · 19 posts, page 1 of 3');
    expect(wordsOf(first)).toContain('Tue, 24 Nov 2026, 10:01 Europe/Rome (in 60 seconds): X: Number 1\n');
    expect(wordsOf(first).match(/Number \d+/g)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((n) => `Number ${n}`));
    expect(wordsOf(first)).toMatch(/Details: \/show post:#[A-Z0-9]{5}/);
    expect(labelsOf(first)).toEqual([['More']]);
    const second = await stage.press(buttonsOf(first)[0]!);
    expect(titleIn(second)).toContain('page 2 of 3');
    expect(labelsOf(second)).toEqual([['Back', 'More']]);
    const last = await stage.press(buttonsOf(second)[1]!);
    expect(wordsOf(last).match(/Number \d+/g)).toEqual([17, 18, 19].map((n) => `Number ${n}`));
    expect(labelsOf(last)).toEqual([['Back']]);
    expect(wordsOf(await stage.press(buttonsOf(last)[0]!))).toEqual(wordsOf(second));
    expect(wordsOf(await stage.type('/queue page:3'))).toEqual(wordsOf(last));
    const beyond = await stage.type('/queue page:4');
    expect(titleIn(beyond)).toBe('There is no page 4');
    expect(wordsOf(beyond)).toContain('The list has 3 pages: /queue page:3');
    expect(wordsOf(await stage.type('/queue page:0'))).toContain('a whole number from 1 to');
    expect(wordsOf(await stage.type('/queue page:two'))).toContain('`page` is “two”');
  });

  it('filters by state and account, and keeps the filter when pages are turned', async () => {
    stage.tumblr.script.push(loseAnswer);
    const both = idIn(await stage.type('/post to:all Both'));
    await stage.pass(HOUR);
    for (let index = 1; index <= 9; index += 1) {
      await stage.type(`/post to:x Only X ${index}`);
      await stage.pass(1000);
    }
    const draft = idIn(await stage.type('/post to:x Both'));
    const planned = idIn(await stage.type('/schedule to:tumblr when:tomorrow Tomorrow'));
    const done = await stage.type('/queue state:done to:x');
    expect(titleIn(done)).toBe('Queue: done · 10 posts, page 1 of 2');
    expect(wordsOf(done).match(/Only X \d/g)?.[0], 'newest first').toBe('Only X 9');
    const more = await stage.press(buttonsOf(done)[0]!);
    expect(wordsOf(more)).toContain(`[ok] #${both} `);
    expect(wordsOf(more)).toContain('published · Tumblr, X: Both');
    expect(wordsOf(more)).not.toContain(planned);
    expect(wordsOf(await stage.type('/queue to:tumblr'))).toContain(planned);
    expect(wordsOf(await stage.type('/queue to:x'))).toContain('Nothing is planned for these accounts');
    const drafts = await stage.type('/queue state:drafts');
    expect(wordsOf(drafts)).toContain(`[draft] #${draft} at once: draft · X: Both`);
    expect(titleIn(await stage.type('/queue state:all'))).toContain('12 posts');
    expect(wordsOf(await stage.type('/queue state:dreams'))).toContain(
      'Possible: planned, waiting, attention, drafts, done',
    );
  });

  it('a forged page button finds nothing it should not, and ends nothing', async () => {
    for (const action of [
      'queue.page:1:constructor',
      'queue.page:-5:planned',
      'queue.page:NaN:planned',
      'queue.page:1:planned:W2',
    ])
      expect(titleIn(await stage.press(action)), action).toMatch(/^Nothing is planned/);
  });

  it('buttons stay within the chats’ limits with as many accounts as there may be', async () => {
    const account = (index: number): Account => ({
      id: `ACCT${String(index).padStart(2, '0')}`,
      workspaceId: stage.workspaceId,
      network: 'x',
      mode: 'live',
      handle: `@acme${index}`,
      name: 'Acme',
      remoteId: `${index}`,
      source: 'environment',
      active: true,
      health: 'ok',
      createdAt: stage.clock.now(),
    });
    for (let index = 2; index <= 30; index += 1) await stage.stores.accounts.upsert(account(index));
    const broken = await stage.type(`/post to:x ${'long '.repeat(70)}`);
    await stage.press(`cancel.now:${idIn(broken)}`);
    for (let post = 1; post <= 9; post += 1)
      await stage.type(`/schedule to:x when:"in ${post} hours" Post ${post}`);
    const queue = await stage.type('/queue to:x');
    const card = await stage.type(`/show ${idIn(queue)}`);
    for (const reply of [broken, queue, card, await stage.type('/accounts'), await stage.type('/settings')]) {
      const actions = buttonsOf(reply);
      expect(actions.length).toBeLessThanOrEqual(BUTTONS_MAX);
      for (const action of actions) expect(Buffer.byteLength(action)).toBeLessThanOrEqual(BUTTON_ID_BYTES);
    }
    expect(wordsOf(card).match(/\[waiting\]/g)).toHaveLength(30);
  });
});

describe('/show', () => {
  it('takes an id in any spelling', async () => {
    const id = idIn(await stage.type('/schedule to:x when:tomorrow Words'));
    for (const typed of [
      id,
      `#${id}`,
      id.toLowerCase(),
      `post:#${id}`,
      `post:"${id.toLowerCase()}"`,
      `\u200b#${id}`,
    ])
      expect(titleIn(await stage.type(`/show ${typed}`)), typed).toBe(`#${id} · scheduled`);
  });

  it('says of a post that is being cleared away that how it went is not kept, not that it is a draft', async () => {
    const id = idIn(await stage.type('/post to:x Words'));
    await stage.pass(0);
    const later = new Date(stage.clock.now().getTime() + HOUR);
    await stage.stores.deliveries.removeSettled([id], later, later);
    expect(wordsOf(await stage.type(`/show ${id}`))).toContain(
      '[off] X @acme: how it went is not kept any more',
    );
  });

  it('knows no post of another workspace, in no command and on no button', async () => {
    const id = idIn(await stage.type('/schedule to:x when:"in 1 hour" Secret'));
    const other = {
      ...(await stage.stores.posts.find(stage.workspaceId, id))!,
      id: 'OTHER',
      workspaceId: 'W2',
    };
    await stage.stores.posts.insert(other);
    for (const line of [
      '/show OTHER',
      '/edit post:#OTHER Mine now',
      '/move OTHER when:tomorrow',
      '/cancel OTHER',
      '/retry OTHER',
    ]) {
      const reply = await stage.type(line);
      expect(wordsOf(reply), line).toBe(
        'There is no post #OTHER here.\nSee /queue for the posts and their ids.',
      );
    }
    for (const action of [
      'show.card',
      'cancel.now',
      'cancel.ask',
      'edit.words',
      'move.to',
      'retry.post',
      'schedule.confirm',
    ])
      expect(titleIn(await stage.press(`${action}:OTHER`, 'tomorrow')), action).toBe(
        'There is no post #OTHER here.',
      );
    expect(wordsOf(await stage.type('/queue'))).not.toContain('OTHER');
    expect(await stage.stores.posts.find('W2', 'OTHER')).toEqual(other);
  });

  it('needs an id', async () => {
    const reply = await stage.type('/show');
    expect(wordsOf(reply)).toBe(
      '/show needs `post`: The post, such as #K7QPD.\nFor example: /show post:#K7QPD',
    );
    expect(titleIn(await stage.type(`/show ${'x'.repeat(500)}`))).toBe(
      'There is no post #XXXXXXXXXXXX here.',
    );
  });

  it('a stranger sees nothing', async () => {
    const id = idIn(await stage.type('/schedule to:x when:"in 1 hour" Secret'));
    const reply = await stage.type(`/show ${id}`, caller(66, 'Eve', direct(66)));
    expect(wordsOf(reply)).not.toContain('Secret');
    expect(titleIn(reply)).toBe('You are in no team of this bot.');
  });
});
