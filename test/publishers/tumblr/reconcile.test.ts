import { describe, expect, it } from 'vitest';
import type { Content } from '../../../src/core/publisher.ts';
import type { Intent } from '../../../src/core/words.ts';
import { content, mediaItem, newRun, publishAll, reconcileContext } from '../../helpers/publishing.ts';
import { failureOf, startTumblr } from './harness.ts';

const lost = { do: 'drop', when: 'after' } as const;
const never = { do: 'drop', when: 'before' } as const;
const MINUTE = 60_000;

describe('what was meant is recognised in what is there', () => {
  it.each([
    ['plain words', { text: 'Hello' }],
    ['HTML characters', { text: 'a < b && b > c &amp; "quotes"' }],
    ['links in the text', { text: 'See https://example.com/a?b=1&c=2 now' }],
    ['several paragraphs and spaces', { text: '  One\n\n\nTwo   three \n \nFour' }],
    ['composed and decomposed letters', { text: 'cafe\u0301 and café' }],
    ['emoji and other scripts', { text: '👩🏽‍🤝‍👨🏿 鐘の音 🐦‍🔥 العربية' }],
    [
      'a title, tags and a link card',
      { title: 'Bells', text: 'Ding #bells', link: 'https://www.example.com/a/?b=c' },
    ],
    ['a link card alone', { text: '', link: 'https://example.com/shop' }],
    ['a paragraph in several blocks', { text: 'Ding dong. '.repeat(1000) }],
  ])('%s', async (_name, words) => {
    for (const media of [[], [mediaItem('image', { name: 'a.jpg' }), mediaItem('gif', { name: 'b.gif' })]]) {
      const { simulator, publisher, options } = await startTumblr();
      simulator.faults.next('POST', /\/posts$/, lost);
      const run = newRun();
      const steps = options(content(words, media));
      expect((await failureOf(publishAll(publisher, steps, run))).kind).toBe('OutcomeUnknown');
      const id = simulator.posts()[0]?.id;
      expect(await publisher.reconcile(reconcileContext(steps, run))).toEqual({
        state: 'published',
        id,
        url: `https://acme-bells.tumblr.com/post/${id}`,
      });
    }
  });

  it.each([-280_000, 280_000])('by a clock that differs by %i ms', async (difference) => {
    const { simulator, publisher, options } = await startTumblr({}, difference);
    simulator.faults.next('POST', /\/posts$/, lost);
    const run = newRun();
    const steps = options(content({ text: 'Hello' }));
    await failureOf(publishAll(publisher, steps, run));
    expect(await publisher.reconcile(reconcileContext(steps, run))).toMatchObject({ state: 'published' });
  });

  it('but never in what another post of ours is known to be', async () => {
    const { simulator, publisher, options, clock } = await startTumblr();
    const steps = options(content({ text: 'Hello' }));
    const first = await publishAll(publisher, steps);
    simulator.faults.next('POST', /\/posts$/, lost);
    const run = newRun();
    await failureOf(publishAll(publisher, steps, run));
    const taken = (id: string) => first.state === 'published' && first.id === id;
    const context = { ...reconcileContext(steps, run), isTaken: async (id: string) => taken(id) };
    expect(await publisher.reconcile(context)).toMatchObject({
      state: 'published',
      id: simulator.posts()[1]?.id,
    });
    clock.advance(4 * MINUTE);
    const all = { ...context, isTaken: async () => true };
    expect(await publisher.reconcile(all)).toEqual({ state: 'absent' });
  });
});

describe('what is something else is not taken for it', () => {
  async function lookFor(intent: Intent, already: Content) {
    const { publisher, options, clock } = await startTumblr();
    await publishAll(publisher, options(already));
    clock.advance(10_000);
    const run = { ...newRun(), intents: [intent], sentAt: clock.now() };
    const context = reconcileContext(options(content({ text: 'x' })), run);
    clock.advance(10 * MINUTE);
    return publisher.reconcile(context);
  }

  it.each<[string, Intent, Content]>([
    ['other words', { text: 'Hello', mediaCount: 0 }, content({ text: 'Hello!' })],
    ['another number of media', { text: 'Hello', mediaCount: 1 }, content({ text: 'Hello' })],
    [
      'media where there were none',
      { text: 'Hello', mediaCount: 0 },
      content({ text: 'Hello' }, [mediaItem('image')]),
    ],
    [
      'another card',
      { text: 'New', link: 'https://example.com/a', mediaCount: 0 },
      content({ text: 'New', link: 'https://example.com/b' }),
    ],
    [
      'a card where there was none',
      { text: 'New', mediaCount: 0 },
      content({ text: 'New', link: 'https://example.com/b' }),
    ],
  ])('%s', async (_name, intent, already) => {
    expect(await lookFor(intent, already)).toEqual({ state: 'absent' });
  });

  it('the same words of long before', async () => {
    const { simulator, publisher, options, clock } = await startTumblr();
    await publishAll(publisher, options(content({ text: 'Hello' })));
    clock.advance(7 * MINUTE);
    simulator.faults.next('POST', /\/posts$/, never);
    const run = newRun();
    const steps = options(content({ text: 'Hello' }));
    await failureOf(publishAll(publisher, steps, run));
    clock.advance(3 * MINUTE);
    expect(await publisher.reconcile(reconcileContext(steps, run))).toEqual({ state: 'absent' });
  });
});

describe('when an absence is believed', () => {
  it('only once a post would have appeared', async () => {
    const { simulator, publisher, options, clock } = await startTumblr({ lagMs: 30_000 });
    simulator.faults.next('POST', /\/posts$/, lost);
    const run = newRun();
    const steps = options(content({ text: 'Hello' }));
    await failureOf(publishAll(publisher, steps, run));
    clock.advance(5000);
    const first = await publisher.reconcile(reconcileContext(steps, run));
    expect(first).toEqual({ state: 'unknown', lookAgainAt: new Date(run.sentAt!.getTime() + 3 * MINUTE) });
    clock.advance(175_000);
    expect(await publisher.reconcile(reconcileContext(steps, run))).toMatchObject({ state: 'published' });
  });

  it.each([
    [20 * MINUTE, lost, 'published'],
    [1000, never, 'absent'],
  ] as const)(
    'with a video that takes %i ms: not before half an hour',
    async (transcodingMs, fault, last) => {
      const { simulator, publisher, options, clock } = await startTumblr({ transcodingMs });
      simulator.faults.next('POST', /\/posts$/, fault);
      const run = newRun();
      const steps = options(content({ text: 'Ding' }, [mediaItem('video')]));
      await failureOf(publishAll(publisher, steps, run));
      const looks: number[] = [];
      for (;;) {
        const answer = await publisher.reconcile(reconcileContext(steps, run));
        looks.push((clock.now().getTime() - run.sentAt!.getTime()) / MINUTE);
        if (answer.state !== 'unknown') {
          expect(answer.state).toBe(last);
          break;
        }
        clock.advance(answer.lookAgainAt.getTime() - clock.now().getTime());
      }
      // A person is asked after six looks that could not tell.
      expect(looks).toEqual([0, 5, 15, 30]);
    },
  );

  it('never from a list that could not be read', async () => {
    const { simulator, publisher, options, clock } = await startTumblr();
    simulator.faults.next('POST', /\/posts$/, never);
    const run = newRun();
    const steps = options(content({ text: 'Hello' }));
    await failureOf(publishAll(publisher, steps, run));
    clock.advance(10 * MINUTE);
    for (const path of [/\/posts$/, /\/queue$/, /\/draft$/]) {
      for (const fault of [
        { do: 'answer', status: 503, body: '' },
        { do: 'spoil', how: 'empty' },
        { do: 'spoil', how: 'html' },
        { do: 'spoil', how: 'wrong type' },
        { do: 'spoil', how: 'truncated' },
        { do: 'answer', status: 200, body: {} },
        { do: 'answer', status: 200, body: { meta: { status: 200, msg: 'OK' }, response: {} } },
      ] as const) {
        simulator.faults.next('GET', path, fault);
        const error = await failureOf(publisher.reconcile(reconcileContext(steps, run)));
        expect(error.kind).toBe('PlatformUnavailable');
      }
    }
    simulator.faults.next('GET', /\/posts$/, { do: 'answer', status: 429, body: {} });
    expect((await failureOf(publisher.reconcile(reconcileContext(steps, run)))).kind).toBe('RateLimited');
    expect(await publisher.reconcile(reconcileContext(steps, run))).toEqual({ state: 'absent' });
  });

  it.each(['queue', 'draft'] as const)('never for a post that landed in the %s', async (becomes) => {
    const { simulator, publisher, options, clock } = await startTumblr({ becomes });
    simulator.faults.next('POST', /\/posts$/, lost);
    const run = newRun();
    const steps = options(content({ text: 'Hello' }));
    await failureOf(publishAll(publisher, steps, run));
    clock.advance(60 * MINUTE);
    expect(await publisher.reconcile(reconcileContext(steps, run))).toMatchObject({ state: 'unknown' });
  });

  it('after all pages of a busy blog, and not when there are too many', async () => {
    for (const [count, state] of [
      [239, 'published'],
      [300, 'unknown'],
    ] as const) {
      const { simulator, publisher, options, clock } = await startTumblr();
      simulator.faults.next('POST', /\/posts$/, lost);
      const run = newRun();
      const steps = options(content({ text: 'Hello' }));
      await failureOf(publishAll(publisher, steps, run));
      const [ours] = simulator.posts();
      for (let index = 0; index < count; index += 1)
        (simulator.posts() as unknown[]).push({
          ...ours,
          id: String(2_000_000_000 + index),
          blocks: [{ type: 'text', text: `other ${index}` }],
        });
      clock.advance(10 * MINUTE);
      expect(await publisher.reconcile(reconcileContext(steps, run))).toMatchObject({ state });
    }
  });
});

describe('a post that Tumblr gave an id', () => {
  it('is looked for by it, and that the blog does not show it is no proof of an absence', async () => {
    const { simulator, publisher, options, clock } = await startTumblr({ transcodingMs: 3 * 60 * MINUTE });
    const run = newRun();
    const steps = options(content({ text: 'Ding' }, [mediaItem('video')]));
    // What happens when the program stops while it follows the post.
    const stop = new AbortController();
    const until = { ...steps, signal: stop.signal, waitUntil: () => stop.abort() };
    expect((await failureOf(publishAll(publisher, until, run))).next.do).toBe('later');
    clock.advance(2 * 60 * MINUTE);
    expect(await publisher.reconcile(reconcileContext(steps, run))).toMatchObject({ state: 'unknown' });
    clock.advance(60 * MINUTE);
    expect(await publisher.reconcile(reconcileContext(steps, run))).toMatchObject({
      state: 'published',
      id: simulator.posts()[0]?.id,
    });
  });
});
