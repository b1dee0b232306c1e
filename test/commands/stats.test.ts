import { beforeEach, describe, expect, it } from 'vitest';
import { DAY, MINUTE, SECOND } from '../../src/core/clock.ts';
import { failure } from '../../src/core/errors.ts';
import { idIn, wordsOf } from '../helpers/replies.ts';
import { type Stage, useStages } from '../helpers/stage.ts';
import { labelsOf, member, titleIn } from './read.ts';

const createStage = useStages();
let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
});

async function published(line = '/post to:all Words'): Promise<string> {
  const id = idIn(await stage.type(line));
  await stage.pass(0);
  return id;
}

const noRight = failure('PermissionMissing', {
  code: 'PERMISSION_MISSING',
  message: 'X does not permit it.',
  hint: 'Get the right; then /stats.',
});

describe('/stats', () => {
  it('asks the networks at that moment: a row for each account, and what they left out', async () => {
    const id = await published();
    stage.x.insightScript.push(async () => ({
      numbers: { impressions: 12_040, likes: 1, comments: 0 },
      at: stage.clock.now(),
      notes: ['X tells clicks on links for 30 days only.'],
    }));
    stage.clock.moveTo(new Date(stage.clock.now().getTime() + DAY));
    const reply = await stage.type(`/stats post:#${id}`);
    expect(titleIn(reply)).toBe(`#${id} · numbers`);
    expect(wordsOf(reply)).toContain(
      '[ok] X @acme: 12,040 impressions · 1 like · 0 comments. X tells clicks on links for 30 days only.',
    );
    expect(wordsOf(reply)).toContain('[ok] Tumblr @acme: 1 like');
    expect(wordsOf(reply)).toContain('As of Wed, 25 Nov 2026, 10:00 Europe/Rome.');
    const [asked] = stage.x.measured;
    expect(asked).toMatchObject({ id: 'x-1', hasVideo: false });
    expect(asked?.publishedAt.getTime()).toBe(stage.clock.now().getTime() - DAY);
  });

  it('one network’s failure hides no other, and says what to do', async () => {
    const id = await published();
    stage.x.insightScript.push(async () => {
      throw noRight;
    });
    const reply = await stage.type(`/stats ${id}`);
    expect(wordsOf(reply)).toContain('[question] X @acme: X does not permit it. Get the right; then /stats.');
    expect(wordsOf(reply)).toContain('[ok] Tumblr @acme: 1 like');
    // Numbers are a look: the account goes on.
    await published('/post to:x Next');
    expect(stage.x.wall).toHaveLength(2);
  });

  it('one network that hangs hides no other; what it tells later is there the next time', async () => {
    const id = await published();
    let answer: () => void = () => undefined;
    stage.x.insightScript.push(
      () =>
        new Promise((resolve) => {
          answer = () => resolve({ numbers: { likes: 7 }, at: stage.clock.now(), notes: [] });
        }),
    );
    const reply = stage.type(`/stats ${id}`);
    await expect.poll(() => stage.x.measured.length).toBe(1);
    await stage.pass(15 * SECOND);
    expect(wordsOf(await reply)).toContain('[question] X @acme: X has not answered within 15 seconds.');
    answer();
    expect(wordsOf(await stage.type(`/stats ${id}`))).toContain('[ok] X @acme: 7 likes');
    expect(stage.x.measured).toHaveLength(1);
  });

  it('asked twice, or by two people at once, asks the network once; after five minutes anew', async () => {
    const id = await published('/post to:x Words');
    await Promise.all([stage.type(`/stats ${id}`), stage.press(`stats.post:${id}`)]);
    await stage.pass(3 * MINUTE);
    expect(wordsOf(await stage.type(`/stats ${id}`))).toContain('1 like (asked 3 minutes ago)');
    expect(stage.x.measured).toHaveLength(1);
    await stage.pass(3 * MINUTE);
    await stage.type(`/stats ${id}`);
    expect(stage.x.measured).toHaveLength(2);
  });

  it('a network that failed is asked anew, but not at every press', async () => {
    const id = await published('/post to:x Words');
    stage.x.insightScript.push(async () => {
      throw noRight;
    });
    for (let time = 0; time < 3; time += 1) await stage.type(`/stats ${id}`);
    expect(stage.x.measured).toHaveLength(1);
    await stage.pass(MINUTE);
    expect(wordsOf(await stage.type(`/stats ${id}`))).toContain('[ok] X @acme: 1 like');
  });

  it('says where a network tells nothing, and that there is nothing to count', async () => {
    Reflect.deleteProperty(stage.tumblr, 'insights');
    const id = await published();
    expect(wordsOf(await stage.type(`/stats ${id}`))).toContain(
      '[off] Tumblr @acme: Tumblr tells apps no numbers.',
    );
    stage.x.insightScript.push(async () => ({ numbers: {}, at: stage.clock.now(), notes: [] }));
    await stage.pass(6 * MINUTE);
    expect(wordsOf(await stage.type(`/stats ${id}`))).toContain('[ok] X @acme: no numbers yet');
    const planned = idIn(await stage.type('/schedule to:x when:"in 1 hour" Later'));
    expect(titleIn(await stage.type(`/stats ${planned}`))).toBe(
      `Nothing of #${planned} is published, so there is nothing to count.`,
    );
  });

  it('is a button on the card of what is out, for viewers as well', async () => {
    const id = await published();
    const card = await stage.type(`/show ${id}`);
    expect(labelsOf(card)).toEqual([['Numbers', 'Remove']]);
    const viewer = await member(stage, 77, 'Vera', 'viewer');
    expect(titleIn(await stage.press(`stats.post:${id}`, undefined, viewer))).toBe(`#${id} · numbers`);
  });
});
