import { beforeEach, describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../src/core/clock.ts';
import { failure } from '../../src/core/errors.ts';
import { loseAnswer, refuse } from '../helpers/played-network.ts';
import { idIn, wordsOf } from '../helpers/replies.ts';
import { type Stage, useStages } from '../helpers/stage.ts';
import { holding, labelsOf, titleIn } from './read.ts';

const createStage = useStages();
let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
});
const says = (message: string) =>
  refuse(failure('ContentRejected', { code: 'CONTENT_REJECTED', message, hint: 'Change the words.' }));
const revoked = () =>
  refuse(
    failure('AuthRevoked', {
      code: 'AUTH_REVOKED',
      message: 'X refuses the token.',
      hint: 'Make a new one.',
    }),
  );
const states = async (id: string) =>
  (await stage.stores.deliveries.ofPost(stage.workspaceId, id)).map(
    ({ accountId, state }) => `${accountId} ${state}`,
  );
const notice = () => stage.told.findLast(({ kind }) => kind === 'send')!.reply;

async function failedOnBoth(): Promise<string> {
  stage.x.script.push(says('X says no.'));
  stage.tumblr.script.push(says('Tumblr says no.'));
  const id = idIn(await stage.type('/post to:all Words'));
  await stage.pass(0);
  expect(await states(id)).toEqual(['tumblr1 failed', 'x1 failed']);
  return id;
}

describe('/retry', () => {
  it('sends again what failed, and tells the new outcome', async () => {
    const id = await failedOnBoth();
    expect(titleIn(notice())).toBe(`#${id} · failed`);
    expect(wordsOf(notice())).toContain(`What to do: use the buttons, or /retry post:#${id}.`);
    const reply = await stage.type(`/retry post:#${id}`);
    expect(wordsOf(reply)).toContain('Trying 2 accounts again now.');
    await stage.pass(0);
    expect(await states(id)).toEqual(['tumblr1 published', 'x1 published']);
    expect(titleIn(notice())).toBe(`#${id} · published`);
  });

  it('`to:` sends to one account only; the other keeps its state', async () => {
    const id = await failedOnBoth();
    expect(wordsOf(await stage.type(`/retry post:#${id} to:x`))).toContain('Trying again now.');
    await stage.pass(HOUR);
    expect(await states(id)).toEqual(['tumblr1 failed', 'x1 published']);
    expect(titleIn(await stage.type(`/retry post:#${id} to:x`))).toBe(`Nothing of #${id} failed there.`);
    expect(titleIn(notice())).toBe(`#${id} · 1 of 2 published`);
  });

  it('pressed twice and by two people sends once', async () => {
    const id = await failedOnBoth();
    await Promise.all([stage.press(`retry.post:${id}`), stage.press(`retry.post:${id}`)]);
    await stage.pass(HOUR);
    expect([stage.x.wall.length, stage.tumblr.wall.length]).toEqual([1, 1]);
  });

  it('has nothing to do for what is published, planned, under way, a draft, or elsewhere', async () => {
    const published = idIn(await stage.type('/post to:x Fine'));
    await stage.pass(0);
    const reply = await stage.type(`/retry ${published}`);
    expect(titleIn(reply)).toBe(`Nothing of #${published} failed.`);
    expect(wordsOf(reply)).toContain(`/show post:#${published}`);
    expect(titleIn(await stage.type(`/retry ${published} to:tumblr`))).toBe(
      `#${published} does not go there.`,
    );
    const later = idIn(await stage.type('/schedule to:x when:"in 1 hour" Later'));
    expect(titleIn(await stage.type(`/retry ${later}`))).toBe(`Nothing of #${later} failed.`);
    const draft = idIn(await stage.type('/post to:x Fine'));
    expect(titleIn(await stage.type(`/retry ${draft}`))).toBe(
      `#${draft} is a draft: nothing of it was sent yet.`,
    );
    const held = holding();
    stage.x.script.push(held.behaviour);
    const going = idIn(await stage.type('/post to:x Going'));
    await held.begun;
    expect(titleIn(await stage.type(`/retry ${going}`))).toBe(`#${going} is already being published.`);
    held.letGo();
    await stage.pass(0);
    expect(stage.x.wall.map(({ text }) => text)).toEqual(['Fine', 'Going']);
  });

  it('does not send what has expired', async () => {
    stage.x.script.push(says('X says no.'));
    const id = idIn(await stage.type('/post to:x expires:"in 1 hour" Sale'));
    await stage.pass(2 * HOUR);
    expect(titleIn(await stage.press(`retry.post:${id}`))).toBe(
      `#${id} has expired and is not sent any more.`,
    );
    expect(await states(id)).toEqual(['x1 failed']);
  });

  it('gives an account another chance without sending later posts early', async () => {
    stage.x.script.push(revoked());
    const later = idIn(await stage.type('/schedule to:x when:"in 5 hours" Later'));
    await stage.type('/post to:x First');
    await stage.pass(0);
    const card = await stage.type(`/show ${later}`);
    expect(wordsOf(card)).toContain('[question] X @acme: waits for the account. X refuses the token.');
    const reply = await stage.type(`/retry ${later}`);
    expect(wordsOf(reply)).toContain('The account gets another chance; the post goes out at its time.');
    await stage.pass(HOUR);
    expect(stage.x.wall).toEqual([]);
    await stage.pass(4 * HOUR);
    expect(stage.x.wall.map(({ text }) => text)).toEqual(['Later']);
  });
});

describe('a post that is overdue', () => {
  const overdue = async (): Promise<string> => {
    const id = idIn(await stage.type('/schedule to:x when:"in 1 hour" Old news'));
    await stage.engine.stop(AbortSignal.abort());
    stage.clock.moveTo(new Date(stage.clock.now().getTime() + 4 * HOUR));
    await stage.restart();
    await stage.pass(MINUTE);
    return id;
  };

  it('asks what to do, with three answers', async () => {
    const id = await overdue();
    expect(titleIn(notice())).toBe(`#${id} · needs you`);
    expect(wordsOf(notice())).toContain(
      '[question] X @acme: was due 3 hours ago, while the bot was away; nothing was sent',
    );
    expect(labelsOf(notice())).toEqual([['Publish now', 'Another time', 'Drop it']]);
    expect(wordsOf(await stage.press(`retry.overdue:${id}`))).toContain('Publishing it now.');
    await stage.pass(0);
    expect(stage.x.wall).toHaveLength(1);
  });

  it('goes out at another time', async () => {
    const id = await overdue();
    expect(wordsOf(await stage.press(`move.to:${id}`, 'in 30 min'))).toContain('Moved.');
    await stage.pass(30 * MINUTE);
    expect(stage.x.wall).toHaveLength(1);
  });

  it('is dropped after one more question', async () => {
    const id = await overdue();
    expect(wordsOf(await stage.press(`cancel.ask:${id}`))).toContain('was planned for');
    await stage.press(`cancel.now:${id}`);
    await stage.pass(DAY);
    expect(stage.x.wall).toEqual([]);
    expect(await states(id)).toEqual(['x1 cancelled']);
  });
});

describe('a post of which nobody knows whether it is there', () => {
  const uncertain = async (): Promise<string> => {
    stage.x.script.push(loseAnswer);
    for (let looks = 1; looks <= 6; looks += 1)
      stage.x.looks.push({
        state: 'unknown',
        lookAgainAt: new Date(stage.clock.now().getTime() + looks * MINUTE),
      });
    const id = idIn(await stage.type('/post to:x Where'));
    await stage.pass(HOUR);
    return id;
  };

  it('asks, and takes each answer once', async () => {
    const id = await uncertain();
    expect(labelsOf(notice())).toEqual([['Look again', 'It is there', 'Not there: send again']]);
    expect(wordsOf(await stage.press(`retry.look:${id}:x1`))).toContain('Looking again.');
    await stage.pass(MINUTE);
    expect(await states(id)).toEqual(['x1 published']);
    const stale = await stage.press(`retry.absent:${id}:x1`);
    expect(titleIn(stale)).toBe(`That delivery of #${id} is settled already.`);
    await stage.pass(HOUR);
    expect(stage.x.wall).toHaveLength(1);
  });

  it('"not there" sends again; an address that is none is refused; another account’s button does nothing', async () => {
    const id = await uncertain();
    expect(wordsOf(await stage.press(`retry.there:${id}:x1`))).toContain('“It is there” needs an answer.');
    expect(wordsOf(await stage.press(`retry.there:${id}:x1`, 'javascript:alert(1)'))).toContain(
      'is no web address',
    );
    expect(titleIn(await stage.press(`retry.absent:${id}:tumblr1`))).toContain('is settled already');
    expect(wordsOf(await stage.press(`retry.absent:${id}:x1`))).toContain('Sending it again.');
    await stage.pass(HOUR);
    expect(stage.x.wall).toHaveLength(2);
    expect(await states(id)).toEqual(['x1 published']);
  });
});
