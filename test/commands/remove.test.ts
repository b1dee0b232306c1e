import { beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '../../src/core/chat.ts';
import { HOUR, MINUTE } from '../../src/core/clock.ts';
import { failure, rateLimited } from '../../src/core/errors.ts';
import type { PlayedNetwork } from '../helpers/played-network.ts';
import { buttonsOf, idIn, wordsOf } from '../helpers/replies.ts';
import { type Stage, useStages } from '../helpers/stage.ts';
import { labelsOf, member, titleIn } from './read.ts';

const createStage = useStages();
let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
});

const states = async (id: string) =>
  (await stage.stores.deliveries.ofPost(stage.workspaceId, id)).map(
    ({ accountId, state }) => `${accountId} ${state}`,
  );
const notice = () => stage.told.findLast(({ kind }) => kind === 'send')!.reply;
const fails = (network: PlayedNetwork, error: Error) =>
  network.removalFaults.push(async () => {
    throw error;
  });
const away = () =>
  failure('PlatformUnavailable', { code: 'PLATFORM_UNAVAILABLE', message: 'X is away.', hint: 'Wait.' });
const chatAway = () =>
  failure('PlatformUnavailable', { code: 'CHAT_UNAVAILABLE', message: 'No chat.', hint: 'Wait.' });
const noRight = () =>
  failure('PermissionMissing', { code: 'PERMISSION_MISSING', message: 'No right.', hint: 'Get it.' });

async function published(line = '/post to:all Words'): Promise<string> {
  const id = idIn(await stage.type(line));
  await stage.pass(0);
  return id;
}

/** Asks, and presses the button that the question shows. */
async function confirmed(line: string, who?: Partial<Caller>) {
  const asked = await stage.type(line, who);
  const answer = await stage.press(buttonsOf(asked)[0] ?? '', undefined, who);
  await stage.pass(0);
  return answer;
}

describe('/remove', () => {
  it('asks first, and nothing happens until the answer', async () => {
    const id = await published();
    const asked = await stage.type(`/remove post:#${id}`);
    expect(titleIn(asked)).toBe(`Remove #${id}?`);
    expect(wordsOf(asked)).toContain('“Words”');
    expect(wordsOf(asked)).toContain('[question] X @acme: will be deleted (see it)');
    expect(wordsOf(asked)).toContain('cannot be undone');
    expect(labelsOf(asked)).toEqual([['Remove it', 'Keep it']]);
    await stage.press(buttonsOf(asked)[1] ?? '');
    await stage.pass(HOUR);
    expect([...stage.x.removals, ...stage.tumblr.removals]).toEqual([]);
  });

  it('deletes it everywhere, shows it on the card and tells it', async () => {
    const id = await published();
    const reply = await confirmed(`/remove ${id}`);
    expect(titleIn(reply)).toBe(`#${id} · being removed`);
    expect([reply.card, buttonsOf(reply)]).toEqual([id, []]);
    expect([stage.x.removals, stage.tumblr.removals]).toEqual([['x-1'], ['tumblr-1']]);
    expect(await states(id)).toEqual(['tumblr1 removed', 'x1 removed']);
    expect(titleIn(notice())).toBe(`#${id} · removed`);
    expect(titleIn(stage.told.findLast(({ kind }) => kind === 'edit')!.reply)).toBe(`#${id} · removed`);
    const [delivery] = await stage.stores.deliveries.ofPost(stage.workspaceId, id);
    expect(delivery?.attempts.at(-1)).toMatchObject({ outcome: 'removed', remoteId: 'tumblr-1' });
    expect(titleIn(await stage.type(`/remove ${id}`))).toBe(`#${id} was removed already.`);
  });

  it('`to:` deletes from one network only, by what was shown in the question', async () => {
    const id = await published();
    const asked = await stage.type(`/remove ${id} to:x`);
    expect(wordsOf(asked)).not.toContain('Tumblr');
    await stage.press(buttonsOf(asked)[0] ?? '');
    await stage.pass(0);
    expect(await states(id)).toEqual(['tumblr1 published', 'x1 removed']);
    expect(titleIn(notice())).toBe(`#${id} · removed from 1 of 2`);
  });

  it('two removals that are told late are told once, as it stands then', async () => {
    const id = await published();
    const before = stage.told.filter(({ kind }) => kind === 'send').length;
    // The first notice meets a chat that is away, its card too.
    stage.chatFaults.push(chatAway(), chatAway());
    await confirmed(`/remove ${id} to:x`);
    await confirmed(`/remove ${id} to:tumblr`);
    await stage.pass(HOUR);
    const sent = stage.told.filter(({ kind }) => kind === 'send').slice(before);
    expect(sent.map(({ reply }) => titleIn(reply))).toEqual([`#${id} · removed`]);
  });

  it('what was removed may be said again without a question', async () => {
    const id = await published();
    expect(wordsOf(await stage.type('/post to:x Words'))).toContain('The same words went out already');
    await confirmed(`/remove ${id}`);
    expect(titleIn(await stage.type('/post to:x Words'))).toMatch(/on its way$/);
  });

  it('says which network keeps it, with the link, and refuses where nothing can be deleted', async () => {
    Reflect.deleteProperty(stage.tumblr, 'remove');
    const id = await published();
    const asked = await stage.type(`/remove ${id}`);
    expect(wordsOf(asked)).toContain('[off] Tumblr @acme: stays: apps cannot delete it there (see it)');
    const refused = await stage.type(`/remove ${id} to:tumblr`);
    expect(titleIn(refused)).toBe(`Where #${id} is published, apps cannot delete it.`);
    expect(wordsOf(refused)).toContain('Delete it there by hand: https://network.test/tumblr-1.');
    await stage.press(buttonsOf(asked)[0] ?? '');
    await stage.pass(0);
    expect(await states(id)).toEqual(['tumblr1 published', 'x1 removed']);
  });

  it('tells what failed beside what did not, and offers to try again', async () => {
    const id = await published();
    fails(stage.x, noRight());
    await confirmed(`/remove ${id}`);
    expect(await states(id)).toEqual(['tumblr1 removed', 'x1 published']);
    expect(titleIn(notice())).toBe(`#${id} · could not be removed`);
    expect(wordsOf(notice())).toContain('[question] X @acme: published, and still there: No right. Get it.');
    expect(wordsOf(notice())).toContain('[off] Tumblr @acme: removed');
    expect(labelsOf(notice())).toEqual([['Try removing again']]);
    const asked = await stage.press(`remove.ask:${id}:x1`);
    fails(stage.x, noRight());
    await stage.press(buttonsOf(asked)[0] ?? '');
    await stage.pass(0);
    expect(titleIn(notice())).toBe(`#${id} · could not be removed`);
    expect(stage.told.filter(({ kind }) => kind === 'send')).toHaveLength(3);
    await stage.press(buttonsOf(asked)[0] ?? '');
    await stage.pass(0);
    expect(stage.x.removals).toEqual(['x-1', 'x-1', 'x-1']);
    expect(titleIn(notice())).toBe(`#${id} · removed`);
    // The missing right to delete keeps no post from going out.
    await published('/post to:x Next');
    expect(stage.x.wall).toHaveLength(2);
  });

  it('tries again by itself while the network is away, and gives up after as many tries as a post', async () => {
    const id = await published('/post to:x Words');
    fails(stage.x, away());
    await confirmed(`/remove ${id}`);
    expect(await states(id)).toEqual(['x1 removing']);
    expect(wordsOf(await stage.type(`/show ${id}`))).toContain('being removed. X is away. Goes on ');
    await stage.pass(10 * MINUTE);
    expect(await states(id)).toEqual(['x1 removed']);
    const second = await published('/post to:x More');
    for (let time = 0; time < 4; time += 1) fails(stage.x, away());
    await confirmed(`/remove ${second}`);
    await stage.pass(3 * HOUR);
    expect(await states(second)).toEqual(['x1 published']);
    expect(wordsOf(notice())).toContain('published, and still there: X is away. Wait.');
  });

  it('waits with the whole account when the network asks to slow down', async () => {
    const id = await published('/post to:x Words');
    const until = new Date(stage.clock.now().getTime() + HOUR);
    fails(
      stage.x,
      rateLimited(until, { code: 'RATE_LIMITED', message: 'X asks to slow down.', hint: 'Wait.' }),
    );
    await confirmed(`/remove ${id}`);
    await stage.type('/post to:x Later');
    await stage.pass(30 * MINUTE);
    expect([stage.x.removals.length, stage.x.wall.length]).toEqual([1, 1]);
    await stage.pass(31 * MINUTE);
    expect(await states(id)).toEqual(['x1 removed']);
    expect(stage.x.wall).toHaveLength(2);
  });

  it('by two people at once is done once, and the other is told', async () => {
    const id = await published('/post to:x Words');
    const action = buttonsOf(await stage.type(`/remove ${id}`))[0] ?? '';
    const replies = await Promise.all([stage.press(action), stage.press(action)]);
    expect(replies.filter(({ tone }) => tone !== 'error')).toHaveLength(1);
    await stage.pass(0);
    expect(stage.x.removals).toEqual(['x-1']);
    expect(await states(id)).toEqual(['x1 removed']);
    expect(titleIn(await stage.press(action))).toBe(`#${id} was removed already.`);
  });

  it('goes on after the process died amid it', async () => {
    const id = await published('/post to:x Words');
    let begun: () => void = () => undefined;
    const began = new Promise<void>((resolve) => {
      begun = resolve;
    });
    stage.x.removalFaults.push(() => {
      begun();
      return new Promise(() => undefined);
    });
    const asked = await stage.type(`/remove ${id}`);
    await stage.press(buttonsOf(asked)[0] ?? '');
    await began;
    expect(await states(id)).toEqual(['x1 removing']);
    await stage.restart();
    await stage.pass(MINUTE);
    expect(stage.x.removals).toEqual(['x-1', 'x-1']);
    expect(await states(id)).toEqual(['x1 removed']);
    expect(titleIn(notice())).toBe(`#${id} · removed`);
  });

  it('needs the role at the button, too', async () => {
    const id = await published('/post to:x Words');
    const action = buttonsOf(await stage.type(`/remove ${id}`))[0] ?? '';
    const viewer = await member(stage, 77, 'Vera', 'viewer');
    for (const reply of [
      await stage.type(`/remove ${id}`, viewer),
      await stage.press(action, undefined, viewer),
    ])
      expect(reply.tone).toBe('error');
    await stage.pass(0);
    expect(stage.x.removals).toEqual([]);
  });

  it('has nothing to do for what is planned, failed, a draft, or elsewhere', async () => {
    const planned = idIn(await stage.type('/schedule to:x when:"in 1 hour" Words'));
    const refused = await stage.type(`/remove ${planned}`);
    expect(titleIn(refused)).toBe(`Nothing of #${planned} is published.`);
    expect(wordsOf(refused)).toContain(`/cancel post:#${planned}`);
    const cancelled = idIn(await stage.type('/schedule to:x when:"in 1 hour" Other words'));
    await stage.press(`cancel.now:${cancelled}`);
    expect(wordsOf(await stage.type(`/remove ${cancelled}`))).toContain('See how it stands: /show post:#');
    expect(titleIn(await stage.type(`/remove ${planned} to:tumblr`))).toBe(`#${planned} does not go there.`);
  });
});
