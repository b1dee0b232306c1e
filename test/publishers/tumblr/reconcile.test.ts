import { describe, expect, it } from 'vitest';
import { content, mediaItem, newRun, publishAll, reconcileContext } from '../../helpers/publishing.ts';
import { failureOf } from '../network.ts';
import { describeReconciling, interrupt } from '../reconciling.ts';
import { startTumblr, TUMBLR } from './harness.ts';

const MINUTE = 60_000;
const picture = mediaItem('image', { name: 'a.jpg' });
const two = [picture, mediaItem('gif', { name: 'b.gif' })];

const WORDS = [
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
] as const;

describeReconciling(TUMBLR, {
  recognised: WORDS.flatMap(([name, words]) => [
    [name, content(words)],
    [`${name}, with pictures`, content(words, two)],
  ]),
  distinct: [
    ['other words', content({ text: 'Hello' }), content({ text: 'Hello!' })],
    ['a picture more', content({ text: 'Hello' }, [picture]), content({ text: 'Hello' })],
    ['a picture less', content({ text: 'Hello' }), content({ text: 'Hello' }, [picture])],
    [
      'another card',
      content({ text: 'New', link: 'https://example.com/a' }),
      content({ text: 'New', link: 'https://example.com/b' }),
    ],
    [
      'a card where there was none',
      content({ text: 'New' }),
      content({ text: 'New', link: 'https://example.com/b' }),
    ],
  ],
  twice: TUMBLR.smallest,
  settlingMs: 3 * MINUTE,
  reads: [/\/posts$/, /\/queue$/, /\/draft$/],
  noProof: [{ meta: { status: 200, msg: 'OK' }, response: {} }],
});

it.each([
  [20 * MINUTE, 'after', 'published'],
  [1000, 'before', 'absent'],
] as const)('with a video that takes %i ms: not before half an hour', async (transcodingMs, when, last) => {
  const started = await startTumblr({ transcodingMs });
  const { clock } = started;
  const what = content({ text: 'Ding' }, [mediaItem('video')]);
  const { run, look } = await interrupt(TUMBLR, started, what, when);
  const looks: number[] = [];
  for (;;) {
    const answer = await look();
    looks.push((clock.now().getTime() - run.sentAt!.getTime()) / MINUTE);
    if (answer.state !== 'unknown') {
      expect(answer.state).toBe(last);
      break;
    }
    clock.advance(answer.lookAgainAt.getTime() - clock.now().getTime());
  }
  // A person is asked after six looks that could not tell.
  expect(looks).toEqual([0, 5, 15, 30]);
});

it.each(['queue', 'draft'] as const)('never for a post that landed in the %s', async (becomes) => {
  const started = await startTumblr({ becomes });
  const { look } = await interrupt(TUMBLR, started, TUMBLR.smallest);
  started.clock.advance(60 * MINUTE);
  expect(await look()).toMatchObject({ state: 'unknown' });
});

it('after all pages of a busy blog, and not when there are too many', async () => {
  for (const [count, state] of [
    [239, 'published'],
    [300, 'unknown'],
  ] as const) {
    const started = await startTumblr();
    const { simulator, clock } = started;
    const { look } = await interrupt(TUMBLR, started, TUMBLR.smallest);
    const [ours] = simulator.posts();
    for (let index = 0; index < count; index += 1)
      (simulator.posts() as unknown[]).push({
        ...ours,
        id: String(2_000_000_000 + index),
        blocks: [{ type: 'text', text: `other ${index}` }],
      });
    clock.advance(10 * MINUTE);
    expect(await look()).toMatchObject({ state });
  }
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
