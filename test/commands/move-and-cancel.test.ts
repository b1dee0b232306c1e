import { beforeEach, describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../src/core/clock.ts';
import { failure } from '../../src/core/errors.ts';
import { refuse } from '../helpers/played-network.ts';
import { buttonsOf, idIn, wordsOf } from '../helpers/replies.ts';
import { type Stage, useStages } from '../helpers/stage.ts';
import { dieBefore, labelsOf, titleIn, underWayOnX } from './read.ts';

const createStage = useStages();
let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
});
const stored = async (id: string) => (await stage.stores.posts.find(stage.workspaceId, id))!;
const planned = async (line = '/schedule when:"in 1 hour" Words') => idIn(await stage.type(line));
const says = (message: string) =>
  refuse(failure('ContentRejected', { code: 'CONTENT_REJECTED', message, hint: 'Change the words.' }));

describe('/move', () => {
  it('gives another time, later or earlier, and the post goes out then and not before', async () => {
    const id = await planned();
    const later = await stage.type(`/move post:#${id} when:"in 3 hours"`);
    expect(wordsOf(later)).toContain('Moved.');
    expect(wordsOf(later)).toContain('Goes out Tue, 24 Nov 2026, 13:00 Europe/Rome (in 3 hours)');
    expect(labelsOf(later)).toEqual([['Edit the words', 'Another time', 'Cancel']]);
    await stage.pass(2 * HOUR);
    expect(stage.x.wall).toEqual([]);
    const earlier = await stage.press(`move.to:${id}`, 'in 10 min');
    expect(wordsOf(earlier)).toContain('Goes out Tue, 24 Nov 2026, 12:10 Europe/Rome (in 10 minutes)');
    await stage.pass(10 * MINUTE);
    expect(stage.x.wall).toHaveLength(1);
    await stage.pass(DAY);
    expect(stage.x.wall).toHaveLength(1);
  });

  it('a button on an old card asks for no time when the post is cancelled', async () => {
    const id = await planned();
    await stage.press(`cancel.now:${id}`);
    expect(wordsOf(await stage.press(`move.to:${id}`))).toContain(
      'is cancelled and cannot be changed any more',
    );
  });

  it('brought forward and cut off before its delivery has the new time: goes out then all the same', async () => {
    const id = await planned('/schedule to:x when:"in 5 hours" Words');
    dieBefore(stage, 'write');
    await stage.type(`/move post:#${id} when:"in 1 hour"`);
    expect((await stored(id)).dueAt).toEqual(new Date('2026-11-24T10:00:00Z'));
    await stage.pass(HOUR - MINUTE);
    await stage.engine.onSweep();
    await stage.pass(MINUTE);
    expect(stage.x.wall).toHaveLength(1);
    await stage.pass(DAY);
    expect(stage.x.wall).toHaveLength(1);
  });

  it('to "now" goes out at once', async () => {
    const id = await planned();
    await stage.type(`/move ${id} when:now`);
    await stage.pass(0);
    expect(stage.x.wall).toHaveLength(1);
    expect(stage.tumblr.wall).toHaveLength(1);
  });

  it('passes on what was assumed about the time', async () => {
    const id = await planned();
    expect(wordsOf(await stage.type(`/move ${id} when:friday`))).toContain(
      'No time was given; 9:00 was taken.',
    );
  });

  it.each([
    ['yesterday 9:00', 'that has passed', 'The next such time is Wed, 25 Nov 2026, 09:00 Europe/Rome'],
    ['2027-03-28 02:30', 'does not exist in Europe/Rome', 'Choose Sun, 28 Mar 2027, 01:30'],
    ['2027-10-31 02:30', 'happens twice in Europe/Rome', '2027-10-31T01:30Z'],
    ['whenever', '“whenever” is no time that I understand', '“fri 18:30”'],
  ])('to “%s” is refused, typed and pressed alike', async (when, reason, step) => {
    const id = await planned();
    for (const reply of [
      await stage.type(`/move ${id} when:"${when}"`),
      await stage.press(`move.to:${id}`, when),
    ]) {
      expect(titleIn(reply)).toContain(reason);
      expect(wordsOf(reply)).toContain(step);
    }
    expect((await stored(id)).dueAt).toEqual(new Date('2026-11-24T10:00:00Z'));
  });

  it('past the expiry is refused', async () => {
    const id = await planned('/schedule when:"in 1 hour" expires:"in 2 hours" Words');
    const reply = await stage.type(`/move ${id} when:"in 2 hours"`);
    expect(titleIn(reply)).toBe(`#${id} expires before that time.`);
    expect(wordsOf(reply)).toContain('Choose an earlier time');
  });

  it('needs a time, and a post that is there', async () => {
    const id = await planned();
    expect(wordsOf(await stage.type(`/move ${id}`))).toContain('/move needs `when`');
    expect(wordsOf(await stage.type('/move when:tomorrow'))).toContain('/move needs `post`');
    const unknown = await stage.type('/move ZZZZZ when:tomorrow');
    expect(titleIn(unknown)).toBe('There is no post #ZZZZZ here.');
    expect(wordsOf(unknown)).toContain('See /queue');
  });

  it('after one account is out moves only the others; after that what failed is sent with /retry', async () => {
    stage.x.script.push(says('X says no.'));
    const id = idIn(await stage.type('/post to:x Words'));
    await stage.pass(0);
    const reply = await stage.type(`/move ${id} when:"in 1 hour"`);
    expect(titleIn(reply)).toBe(`Nothing of #${id} waits for its time any more.`);
    expect(wordsOf(reply)).toContain(`/retry post:#${id}`);
    expect((await stored(id)).revision).toBe(1);
  });

  it('of two at once one wins, and the post goes out once, at the winner’s time', async () => {
    const id = await planned('/schedule to:x when:"in 1 hour" Words');
    const replies = await Promise.all([
      stage.type(`/move ${id} when:"in 2 hours"`),
      stage.type(`/move ${id} when:"in 3 hours"`),
    ]);
    expect(replies.filter((reply) => wordsOf(reply).includes('Moved.'))).toHaveLength(1);
    const { dueAt } = await stored(id);
    await stage.pass(DAY);
    expect(stage.x.wall.map(({ at }) => at)).toEqual([dueAt]);
  });
});

describe('/cancel', () => {
  it('asks first, and nothing happens until the answer', async () => {
    const id = await planned();
    const asked = await stage.type(`/cancel post:#${id}`);
    expect(titleIn(asked)).toBe(`Cancel #${id}?`);
    expect(wordsOf(asked)).toContain(
      '“Words” is planned for Tue, 24 Nov 2026, 11:00 Europe/Rome (in 60 minutes).',
    );
    expect(wordsOf(asked)).toContain('Cancelling cannot be undone.');
    expect(labelsOf(asked)).toEqual([['Cancel it', 'Keep it']]);
    expect(buttonsOf(asked)).toEqual([`cancel.now:${id}`, `show.card:${id}`]);
    expect(asked.tone).toBe('warning');
    const kept = await stage.press(`show.card:${id}`);
    expect(titleIn(kept)).toBe(`#${id} · scheduled`);
    await stage.pass(HOUR);
    expect(stage.x.wall).toHaveLength(1);
  });

  it('the card afterwards says that it is cancelled, when it was planned, and has no buttons', async () => {
    const id = await planned();
    const reply = await stage.press(`cancel.now:${id}`);
    expect(titleIn(reply)).toBe(`#${id} · cancelled`);
    expect(wordsOf(reply)).toContain('Cancelled.');
    expect(wordsOf(reply)).toContain('Was planned for Tue, 24 Nov 2026, 11:00 Europe/Rome (in 60 minutes)');
    expect(wordsOf(reply)).toContain('[off] Tumblr @acme: cancelled');
    expect(buttonsOf(reply)).toEqual([]);
    expect(reply.card).toBe(id);
    await stage.pass(DAY);
    expect([...stage.x.wall, ...stage.tumblr.wall]).toEqual([]);
    expect(wordsOf(await stage.type('/queue'))).toContain('Nothing is planned');
    expect(wordsOf(await stage.type('/queue state:cancelled'))).toContain(`#${id}`);
  });

  it('pressed twice, or after the end, is told and does nothing', async () => {
    const id = await planned();
    const replies = await Promise.all([stage.press(`cancel.now:${id}`), stage.press(`cancel.now:${id}`)]);
    expect(replies.filter(({ tone }) => tone !== 'error')).toHaveLength(1);
    await stage.pass(0);
    for (const line of [`/cancel ${id}`, `/edit post:#${id} Words`, `/move ${id} when:tomorrow`])
      expect(titleIn(await stage.type(line)), line).toBe(
        `#${id} is cancelled and cannot be changed any more.`,
      );
    expect(titleIn(await stage.type(`/retry ${id}`))).toContain(`Nothing of #${id} failed.`);
    await stage.pass(DAY);
    expect(stage.x.wall).toEqual([]);
  });

  it('races the dispatcher: it wins, or is told that it came too late', async () => {
    const id = await planned('/schedule to:x when:"in 1 hour" Words');
    const reply = stage.press(`cancel.now:${id}`);
    stage.clock.moveTo(new Date(stage.clock.now().getTime() + HOUR));
    const answer = await reply;
    await stage.pass(HOUR);
    const won = answer.tone !== 'error' && titleIn(answer).includes('cancelled');
    expect(stage.x.wall).toHaveLength(won ? 0 : 1);
    if (!won) expect(wordsOf(answer)).toMatch(/already being published|finished/);
  });

  it('with one account under way cancels the other and says so', async () => {
    const { id, letGo } = await underWayOnX(stage, planned);
    expect(titleIn(await stage.type(`/cancel ${id}`))).toBe(`Cancel #${id}?`);
    const reply = await stage.press(`cancel.now:${id}`);
    expect(wordsOf(reply)).toContain(
      'Cancelled. 1 of its accounts was under way already; the outcome is told here.',
    );
    expect(wordsOf(reply)).toContain('[off] Tumblr @acme: cancelled');
    letGo();
    await stage.pass(DAY);
    expect(stage.x.wall).toHaveLength(1);
    expect(stage.tumblr.wall).toEqual([]);
    expect(titleIn(stage.told.findLast(({ kind }) => kind === 'send')!.reply)).toBe(
      `#${id} · 1 of 2 published`,
    );
  });

  it('gives up what failed, so that the queue is clear again', async () => {
    stage.x.script.push(says('X says no.'));
    const id = idIn(await stage.type('/post to:x Bad'));
    await stage.pass(0);
    const notice = stage.told.findLast(({ kind }) => kind === 'send')!.reply;
    expect(labelsOf(notice)).toEqual([['Retry', 'Edit the words', 'Give up']]);
    expect(wordsOf(await stage.type('/queue'))).toContain(`[failed] #${id}`);
    const asked = await stage.press(`cancel.ask:${id}`);
    expect(wordsOf(asked)).toContain('“Bad” failed on one account; it would not be tried again.');
    const reply = await stage.press(`cancel.now:${id}`);
    expect(wordsOf(reply)).toContain('Given up: nothing more is tried.');
    expect(titleIn(reply)).toBe(`#${id} · cancelled`);
    await stage.pass(DAY);
    expect(titleIn(await stage.type('/queue'))).toBe('Nothing is planned');
    expect(stage.x.wall).toEqual([]);
  });
});
