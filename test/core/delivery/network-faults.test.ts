// What becomes of a post when the network fails.
import { beforeEach, describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../../src/core/clock.ts';
import { failure, rateLimited } from '../../../src/core/errors.ts';
import { failBefore, loseAnswer, loseRequest, refuse } from '../../helpers/played-network.ts';
import { buttonsOf, idIn, wordsOf } from '../../helpers/replies.ts';
import { type Stage, useStages } from '../../helpers/stage.ts';
import { deliveryOf, noticesOf, unavailable } from './told.ts';

const createStage = useStages();
let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
});
const delivery = (id: string, account?: string) => deliveryOf(stage, id, account);
const notices = () => noticesOf(stage);

describe('when the network fails', () => {
  it('transient faults are retried later and later, then told with a retry button', async () => {
    for (let count = 0; count < 4; count += 1) stage.x.script.push(failBefore(unavailable()));
    const reply = await stage.type('/post to:x Try');
    const waits: number[] = [];
    for (let tries = 1; tries <= 3; tries += 1) {
      await stage.pass(0);
      const found = await delivery(idIn(reply));
      expect(found).toMatchObject({ state: 'scheduled', failures: tries });
      const wait = found!.nextAttemptAt!.getTime() - stage.clock.now().getTime();
      waits.push(wait);
      await stage.pass(wait);
    }
    expect(waits[0]! / 300_000).toBeCloseTo(1, 0);
    waits.forEach((wait, index) => {
      expect(Math.abs(wait - 300_000 * 2 ** index)).toBeLessThanOrEqual(0.2 * 300_000 * 2 ** index);
    });
    expect(await delivery(idIn(reply))).toMatchObject({ state: 'failed' });
    const notice = notices().at(-1)!.reply;
    expect(wordsOf(notice)).toContain('X does not answer.');
    expect(buttonsOf(notice)).toContain(`retry.post:${idIn(reply)}`);
    await stage.press(`retry.post:${idIn(reply)}`);
    await stage.pass(0);
    expect(stage.x.wall).toHaveLength(1);
    expect(notices()).toHaveLength(2);
  });

  it('an answer that is lost after the effect is settled by looking, never by sending again', async () => {
    stage.x.script.push(loseAnswer);
    const reply = await stage.type('/post to:x Once');
    await stage.pass(0);
    expect(await delivery(idIn(reply))).toMatchObject({ state: 'uncertain' });
    await stage.pass(MINUTE);
    expect(stage.x.wall).toHaveLength(1);
    expect(await delivery(idIn(reply))).toMatchObject({ state: 'published', remoteId: 'x-1' });
    expect(stage.x.reconciled[0]).toMatchObject({ intent: { text: 'Once' } });
  });

  it('only a proven absence lets it be sent again', async () => {
    stage.x.script.push(loseRequest);
    await stage.type('/post to:x Again');
    await stage.pass(MINUTE);
    expect(stage.x.wall).toHaveLength(1);
    expect(stage.x.reconciled).toHaveLength(1);
  });

  it('when looking cannot tell, a person is asked, and may say so', async () => {
    stage.x.script.push(loseAnswer);
    for (let looks = 0; looks < 6; looks += 1)
      stage.x.looks.push({
        state: 'unknown',
        lookAgainAt: new Date(stage.clock.now().getTime() + (looks + 1) * MINUTE),
      });
    const reply = await stage.type('/post to:x Where');
    await stage.pass(HOUR);
    const id = idIn(reply);
    expect(stage.x.wall).toHaveLength(1);
    const notice = notices().at(-1)!.reply;
    expect(buttonsOf(notice)).toEqual([
      `retry.look:${id}:x1`,
      `retry.there:${id}:x1`,
      `retry.absent:${id}:x1`,
    ]);
    expect(wordsOf(await stage.press(`retry.there:${id}:x1`, 'no address'))).toContain('is no web address');
    await stage.press(`retry.there:${id}:x1`, 'https://x.com/acme/status/42');
    expect(await delivery(id)).toMatchObject({
      state: 'published',
      remoteId: '42',
      remoteUrl: 'https://x.com/acme/status/42',
    });
    expect(stage.x.wall).toHaveLength(1);
  });

  it('an error that nobody foresaw, after the fence, is uncertain too', async () => {
    stage.x.script.push(async (context, create) => {
      await context.creating({ text: 'odd', mediaCount: 0 });
      create();
      throw new TypeError('undefined is not a function');
    });
    await stage.type('/post to:x Odd');
    await stage.pass(MINUTE);
    expect(stage.x.wall).toHaveLength(1);
    expect(stage.x.reconciled).toHaveLength(1);
  });

  it('a rate limit holds the whole account until the instant that the network named, without spending a try', async () => {
    const reset = new Date(stage.clock.now().getTime() + 15 * MINUTE);
    stage.x.script.push(
      refuse(
        rateLimited(reset, {
          code: 'RATE_LIMITED',
          message: 'X asks to wait.',
          hint: 'Nothing is to be done.',
        }),
      ),
    );
    const first = await stage.type('/post to:x One');
    await stage.pass(SECOND);
    await stage.type('/post to:x Two');
    await stage.type('/post to:tumblr Elsewhere');
    await stage.pass(14 * MINUTE);
    expect(stage.x.wall).toEqual([]);
    expect(stage.tumblr.wall).toHaveLength(1);
    await stage.pass(2 * MINUTE);
    expect(stage.x.wall.map((each) => each.text)).toEqual(['One', 'Two']);
    expect(stage.x.wall[0]!.at.getTime()).toBeGreaterThanOrEqual(reset.getTime());
    expect(await delivery(idIn(first))).toMatchObject({ failures: 0 });
  });

  it('a withdrawn access fails one post, keeps the later ones waiting, and lets them out when it is mended', async () => {
    stage.x.script.push(
      refuse(
        failure('AuthRevoked', {
          code: 'AUTH_REVOKED',
          message: 'X refuses the token.',
          hint: 'Make a new one.',
        }),
      ),
    );
    const first = await stage.type('/post to:x First');
    const second = await stage.type('/schedule to:x when:"in 30 min" Second');
    await stage.pass(HOUR);
    expect(await delivery(idIn(first))).toMatchObject({ state: 'failed' });
    expect(await delivery(idIn(second))).toMatchObject({ state: 'scheduled' });
    expect((await delivery(idIn(second)))?.nextAttemptAt).toBeUndefined();
    expect(wordsOf(await stage.type('/accounts'))).toContain('X refuses the token. Make a new one.');
    await stage.press(`retry.post:${idIn(first)}`);
    await stage.pass(0);
    expect(stage.x.wall.map((each) => each.text).sort()).toEqual(['First', 'Second']);
  });

  it('refused content is not tried again, and may be mended', async () => {
    stage.x.script.push(
      refuse(
        failure('ContentRejected', {
          code: 'CONTENT_REJECTED',
          message: 'X: no such cashtag.',
          hint: 'Change the words.',
        }),
      ),
    );
    const reply = await stage.type('/post to:x Bad $words');
    await stage.pass(HOUR);
    expect(stage.x.wall).toEqual([]);
    await stage.press(`edit.words:${idIn(reply)}`, 'Good words');
    await stage.press(`retry.post:${idIn(reply)}`);
    await stage.pass(0);
    expect(stage.x.wall.map((each) => each.text)).toEqual(['Good words']);
  });

  it('one network that fails does not hide the other that worked', async () => {
    stage.x.script.push(
      refuse(
        failure('ContentRejected', {
          code: 'CONTENT_REJECTED',
          message: 'X says no.',
          hint: 'Change the words.',
        }),
      ),
    );
    const reply = await stage.type('/post to:all Both');
    await stage.pass(0);
    const notice = wordsOf(notices().at(-1)!.reply);
    expect(notice).toContain('1 of 2 published');
    expect(notice).toContain('[failed] X @acme: X says no.');
    expect(notice).toContain('[ok] Tumblr @acme: published');
    expect(idIn(reply)).not.toBe('');
  });
});
