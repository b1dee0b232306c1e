// Threads on X: each part once, in its place, whatever breaks on the way.
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/core/clock.ts';
import { buttonsOf, idIn, wordsOf } from '../../helpers/replies.ts';
import type { Stage } from '../../helpers/stage.ts';
import type { Fault } from '../../simulators/faults.ts';
import type { XSimulator } from '../../simulators/x/server.ts';
import { useXStages, type XStage } from './stage.ts';

const createStage = useXStages();

const sentence = (what: string): string => `${what} ${'goes on and on '.repeat(14).trim()}.`;
const PARTS = ['One', 'Two', 'Three'].map(sentence);
const LONG = PARTS.join(' ');
const THREAD = `/post to:x thread:yes ${LONG}`;

const CREATE = /^\/2\/tweets$/;
const PASS_ON: Fault = { do: 'hold', until: Promise.resolve() };
/** The creating call number `part` meets the fault; those before it go through. */
function breakPart(x: XSimulator, part: number, fault: Fault): void {
  if (part > 1) x.faults.next('POST', CREATE, PASS_ON, part - 1);
  x.faults.next('POST', CREATE, fault);
}
const creations = (x: XSimulator): number =>
  x.requests.filter(({ method, path }) => method === 'POST' && CREATE.test(path)).length;
const REFUSED: Fault = {
  do: 'answer',
  status: 403,
  body: { title: 'Forbidden', detail: 'Your Tweet contains an invalid URL.', status: 403 },
};

/** Behind so many posts the whole thread stands on X and nothing else, each part once and answering the one before. */
function expectThread(x: XSimulator, parts: readonly string[] = PARTS, after = 0): void {
  const stands = x.tweets().slice(after);
  expect(stands.map(({ sent }) => sent)).toEqual(parts);
  expect(stands.map(({ repliedTo }) => repliedTo)).toEqual([
    undefined,
    ...stands.slice(0, -1).map(({ id }) => id),
  ]);
}
const lastTold = (stage: Stage): string => wordsOf(stage.told.at(-1)!.reply);
const delivery = async ({ stage }: XStage, id: string) =>
  (await stage.stores.deliveries.ofPost(stage.workspaceId, id))[0]!;

describe('a text that is too long', () => {
  it('is told with the rule and the parts that it would make, and goes out as a thread at the press of a button', async () => {
    const { stage, x } = await createStage();
    const reply = await stage.type(`/post to:x,tumblr ${LONG}`);
    const id = idIn(reply);
    const said = wordsOf(reply);
    expect(said).toMatch(
      /\[failed\] X @acme: at most 280 weighted characters .* or send it as a thread of 3 parts/,
    );
    expect(said).toContain('As a thread for X @acme:\n1. One goes on');
    expect(said).toContain('\n3. Three goes on');
    expect(buttonsOf(reply)).toEqual([
      `schedule.others:${id}`,
      `edit.thread:${id}:1`,
      `edit.words:${id}:1`,
      `cancel.now:${id}`,
    ]);
    await stage.pass(MINUTE);
    expect(x.requests).toEqual([]);
    const pressed = await stage.press(`edit.thread:${id}:1`);
    expect(wordsOf(pressed)).toContain('X @acme: goes out as a thread; found: 3 parts.');
    await stage.pass(SECOND);
    expectThread(x);
    expect(stage.tumblr.wall.map(({ text }) => text)).toEqual([LONG]);
    expect(lastTold(stage)).toContain('[ok] X @acme: published as a thread of 3 parts');
    const link = JSON.stringify(stage.told.at(-1)?.reply);
    expect(link).toContain(`https://x.com/acme/status/${x.tweets()[0]?.id}`);
  });

  it('is no thread where it fits, and never one of more than 25 parts', async () => {
    const { stage, x } = await createStage();
    await stage.type('/post to:x thread:yes Short enough');
    const reply = await stage.type(`/post to:x thread:yes ${'a\n---\n'.repeat(26)}`);
    expect(wordsOf(reply)).toContain('[failed] X @acme: a thread has at most 25 parts of 280 weighted');
    const offer = await stage.type(`/post to:x ${'word '.repeat(5000)}`);
    expect(buttonsOf(offer)).not.toContain(`edit.thread:${idIn(offer)}:1`);
    await stage.pass(SECOND);
    expect(x.tweets()).toMatchObject([{ sent: 'Short enough' }]);
    expect(x.tweets()[0]).not.toHaveProperty('repliedTo');
  });

  it('can be a thread for one network only, and stop being one', async () => {
    const { stage, x } = await createStage();
    const id = idIn(await stage.type('/schedule to:x,tumblr when:"in 1 hour" Short'));
    const edited = await stage.type(`/edit post:#${id} to:x thread:yes text:"${LONG}"`);
    expect(wordsOf(edited)).toContain('goes out as a thread; found: 3 parts.');
    const refused = await stage.type(`/edit post:#${id} to:x thread:no`);
    expect(wordsOf(refused)).toContain('Nothing was changed: the post would break a rule.');
    await stage.pass(HOUR);
    expectThread(x);
    expect(stage.tumblr.wall.map(({ text }) => text)).toEqual(['Short']);
  });
});

describe('a thread', () => {
  it('begins a part at each line of dashes; media, poll and who may reply stand on the first, the link on the last', async () => {
    const { stage, x } = await createStage();
    await stage.type(
      '/post to:x,tumblr thread:yes media:a.png replies:verified link:https://example.com/bells Look\n---\nThe bells\n---\nRing',
    );
    await stage.type('/post to:x thread:yes poll:"Yes|No" Shall we?\n---\nThink about it');
    await stage.pass(SECOND);
    const [first, ...rest] = x.tweets();
    expect(first).toMatchObject({ sent: 'Look', replySettings: 'verified' });
    expect(first?.media).toHaveLength(1);
    expect(rest.slice(0, 2).map(({ sent, media }) => [sent, media.length])).toEqual([
      ['The bells', 0],
      ['Ring\nhttps://example.com/bells', 0],
    ]);
    expect(rest.slice(2)).toMatchObject([
      { sent: 'Shall we?', poll: { options: ['Yes', 'No'] } },
      { sent: 'Think about it' },
    ]);
    expect(rest[3]).not.toHaveProperty('poll');
    expect(stage.tumblr.wall.map(({ text }) => text)).toEqual(['Look\n\nThe bells\n\nRing']);
  });

  it('is never doubled when the answer to a part is lost, before its effect or after it', async () => {
    for (const when of ['before', 'after'] as const) {
      const { stage, x } = await createStage();
      const threads = ['P', 'Q', 'R'].map((name) => PARTS.map((part) => `${name} ${part}`));
      for (const [index, parts] of threads.entries()) {
        const before = creations(x);
        breakPart(x, index + 1, { do: 'drop', when });
        await stage.type(`/post to:x thread:yes ${parts.join('\n---\n')}`);
        await stage.pass(3 * MINUTE);
        expect(lastTold(stage)).toContain('published as a thread of 3 parts');
        expect(creations(x) - before).toBe(when === 'before' ? 4 : 3);
        expectThread(x, parts, index * 3);
      }
    }
  });

  it('is never doubled when the process dies while a part is on its way', async () => {
    const { stage, x } = await createStage();
    for (const part of [1, 2, 3]) {
      let letGo = (): void => undefined;
      const until = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      const arrived = x.arrived('POST', CREATE, part);
      breakPart(x, part, { do: 'hold', until });
      const parts = PARTS.map((each) => `${part} ${each}`);
      const id = idIn(await stage.type(`/post to:x thread:yes ${parts.join('\n---\n')}`));
      await arrived;
      await stage.restart();
      letGo();
      await stage.pass(3 * MINUTE);
      expectThread(x, parts, (part - 1) * 3);
      expect(creations(x)).toBe(part * 3);
      const stands = x.tweets().slice(-3);
      expect(await delivery({ stage, x }, id)).toMatchObject({
        state: 'published',
        remoteId: stands[0]?.id,
        parts: stands.map((each) => ({ id: each.id, text: each.sent })),
      });
    }
  });

  it('of which X refuses a part: what is out stays and is told with its link; a retry goes on with that part', async () => {
    const { stage, x } = await createStage();
    breakPart(x, 3, REFUSED);
    const id = idIn(await stage.type(THREAD));
    await stage.pass(MINUTE);
    expect(x.tweets()).toHaveLength(2);
    expect(lastTold(stage)).toMatch(
      /\[failed\] X @acme: X refused the post.* Parts 1 to 2 of 3 are out. Retry goes on with part 3\./,
    );
    await stage.press(`retry.post:${id}`);
    await stage.pass(MINUTE);
    expectThread(x);
    expect(creations(x)).toBe(4);
  });

  it('whose rest is given up stays as it is, the card says what is out, and that can be removed', async () => {
    const { stage, x } = await createStage();
    breakPart(x, 2, REFUSED);
    const id = idIn(await stage.type(THREAD));
    await stage.pass(MINUTE);
    await stage.type(`/cancel post:#${id}`);
    const given = await stage.press(`cancel.now:${id}`);
    expect(wordsOf(given)).toContain('[off] X @acme: cancelled Part 1 of 3 is out.');
    await stage.pass(DAY);
    expect(x.tweets()).toHaveLength(1);
    const asked = await stage.type(`/remove post:#${id}`);
    await stage.press(buttonsOf(asked)[0]!);
    await stage.pass(SECOND);
    expect(x.tweets()).toEqual([]);
    expect(lastTold(stage)).toContain('[off] X @acme: removed');
  });

  it('goes on with other words behind what is out, and sends nothing when the words that are out were changed', async () => {
    const { stage, x } = await createStage();
    breakPart(x, 2, REFUSED);
    const id = idIn(await stage.type(THREAD));
    await stage.pass(MINUTE);
    await stage.type(`/edit post:#${id} Something else. ${LONG}`);
    await stage.press(`retry.post:${id}`);
    await stage.pass(MINUTE);
    expect(lastTold(stage)).toContain(
      'The first part of the thread is out, and the words do not begin with them',
    );
    expect(creations(x)).toBe(2);
    await stage.type(`/edit post:#${id} ${PARTS[0]} That is all.`);
    await stage.press(`retry.post:${id}`);
    await stage.pass(MINUTE);
    expectThread(x, [PARTS[0]!, 'That is all.']);

    breakPart(x, 2, REFUSED);
    const cut = idIn(await stage.type('/post to:x thread:yes Ding\n---\nDong'));
    await stage.pass(MINUTE);
    await stage.type(`/edit post:#${cut} Ding`);
    await stage.press(`retry.post:${cut}`);
    await stage.pass(MINUTE);
    expect(lastTold(stage)).toContain('[ok] X @acme: published');
    expect(
      x
        .tweets()
        .slice(2)
        .map(({ sent }) => sent),
    ).toEqual(['Ding']);
  });

  it('waits in the middle for a rate limit to end, past its own expiry too', async () => {
    const { stage, x } = await createStage();
    const reset = Math.floor(stage.clock.now().getTime() / 1000) + 3600;
    breakPart(x, 2, {
      do: 'answer',
      status: 429,
      body: { title: 'Too Many Requests', status: 429 },
      headers: { 'x-rate-limit-reset': String(reset), 'x-rate-limit-remaining': '0' },
    });
    await stage.type(`/post to:x thread:yes expires:"in 30 min" ${LONG}`);
    await stage.pass(59 * MINUTE);
    expect(x.tweets()).toHaveLength(1);
    await stage.pass(2 * MINUTE);
    expectThread(x);
    expect(creations(x)).toBe(4);
  });

  it('whose last part was deleted by hand is not hung under anything else', async () => {
    const { stage, x } = await createStage();
    breakPart(x, 2, { do: 'answer', status: 500 });
    await stage.type(THREAD);
    await stage.pass(SECOND);
    x.forgetTweet(x.tweets()[0]!.id);
    await stage.pass(10 * MINUTE);
    expect(x.tweets()).toEqual([]);
    expect(lastTold(stage)).toContain('X does not let the part before be answered; it may be gone');
  });

  it('goes on when a person says that a part is there, or is not', async () => {
    for (const there of [true, false]) {
      const { stage, x } = await createStage();
      breakPart(x, 2, { do: 'drop', when: there ? 'after' : 'before' });
      x.faults.next('GET', /\/users\/\d+\/tweets$/, { do: 'answer', status: 500 }, 6);
      const id = idIn(await stage.type(THREAD));
      await stage.pass(HOUR);
      expect(lastTold(stage)).toContain('Is it there?');
      if (there) await stage.press(`retry.there:${id}:x1`, `https://x.com/acme/status/${x.tweets()[1]?.id}`);
      else await stage.press(`retry.absent:${id}:x1`);
      await stage.pass(MINUTE);
      expectThread(x);
    }
  });

  it('is removed as a whole, the last part first, also when that breaks off in the middle', async () => {
    const { stage, x } = await createStage();
    const id = idIn(await stage.type(THREAD));
    await stage.pass(SECOND);
    const ids = x.tweets().map((each) => each.id);
    x.faults.next('DELETE', new RegExp(`/${ids[1]}$`), { do: 'answer', status: 503 });
    await stage.press(`remove.now:${id}:x1`);
    await stage.pass(HOUR);
    expect(x.tweets()).toEqual([]);
    const deleted = x.requests
      .filter(({ method }) => method === 'DELETE')
      .map(({ path }) => path.split('/').at(-1));
    expect(deleted).toEqual([ids[2], ids[1], ids[2], ids[1], ids[0]]);
    expect(lastTold(stage)).toContain('[off] X @acme: removed');
  });

  it('has the numbers of its first part, and says so', async () => {
    const { stage, x } = await createStage({ numbers: { like_count: 7 } });
    const id = idIn(await stage.type(THREAD));
    await stage.pass(SECOND);
    const said = wordsOf(await stage.type(`/stats ${id}`));
    expect(said).toMatch(/7 likes .* This is the first of the 3 parts of the thread\./);
    expect(x.requests.at(-1)?.path).toBe(`/2/tweets/${x.tweets()[0]?.id}`);
  });

  it('begins with a mention, and is found again all the same', async () => {
    const { stage, x } = await createStage({ fieldNames: 'new' });
    breakPart(x, 1, { do: 'drop', when: 'after' });
    await stage.type('/post to:x thread:yes @bells ring\n---\n@bells ring again');
    await stage.pass(10 * MINUTE);
    expectThread(x, ['@bells ring', '@bells ring again']);
  });
});
