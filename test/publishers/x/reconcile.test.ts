import { describe, expect, it } from 'vitest';
import { type CarillonError, recordError } from '../../../src/core/errors.ts';
import { content, mediaItem, newRun, publishAll, reconcileContext } from '../../helpers/publishing.ts';
import { failureOf } from '../network.ts';
import { describeReconciling, interrupt } from '../reconciling.ts';
import { startX, X } from './harness.ts';

const picture = mediaItem('image', { name: 'a.jpg' });
const two = [picture, mediaItem('image', { name: 'b.jpg' })];

const WORDS = [
  ['plain words', { text: 'Hello' }],
  ['HTML characters', { text: 'a < b && b > c &amp; "quotes"' }],
  ['a link', { text: 'See https://example.com/a?b=1&c=2 now' }],
  ['links without scheme, twice', { text: 'example.com and example.com/, and http://Example.com/Path/' }],
  ['several lines and spaces', { text: '  One\n\nTwo   three \n' }],
  ['composed and decomposed letters', { text: 'cafe\u0301 and café' }],
  ['emoji and other scripts', { text: '👩🏽‍🤝‍👨🏿 鐘の音 🐦‍🔥 العربية' }],
  ['hashtags, mentions and cashtags', { text: '@acme #bells $BELL' }],
  ['links as X writes them', { text: 'https://Example.com/caf\u00e9?q=a%20b and https://example.com' }],
  ['a link at the end', { text: 'Read on https://example.com/x' }],
] as const;

describeReconciling(X, {
  recognised: WORDS.flatMap(([name, words]) => [
    [name, content(words)],
    [`${name}, with pictures`, content(words, two)],
  ]),
  distinct: [
    ['other words', content({ text: 'Hello' }), content({ text: 'Hello!' })],
    [
      'another link',
      content({ text: 'See https://example.com/a' }),
      content({ text: 'See https://example.com/b' }),
    ],
    ['a picture more', content({ text: 'Hello' }, [picture]), content({ text: 'Hello' })],
    ['a picture less', content({ text: 'Hello' }), content({ text: 'Hello' }, [picture])],
  ],
  twice: content({}, [picture]),
  settlingMs: 120_000,
  reads: [/\/tweets$/],
  noProof: [{ errors: [{ title: 'Not Found Error', detail: 'Could not find user.' }] }],
});

it('with the link that was given apart', async () => {
  const what = content({ text: 'Bells', link: 'https://example.com/bells' });
  const { run, look } = await interrupt(X, await startX(), what);
  expect(run.intents).toEqual([{ text: 'Bells\nhttps://example.com/bells', mediaCount: 0 }]);
  expect(await look()).toMatchObject({ state: 'published' });
});

it.each(['old', 'new'] as const)('by the %s names of fields, refused or ignored', async (fieldNames) => {
  for (const unknownFields of ['refused', 'ignored'] as const) {
    const what = content({ text: 'See https://example.com' }, [picture]);
    const { look } = await interrupt(X, await startX({ fieldNames, unknownFields }), what);
    expect(await look()).toMatchObject({ state: 'published' });
  }
});

it('after all pages of a busy account, and not when there are too many', async () => {
  for (const [count, state] of [
    [350, 'published'],
    [620, 'unknown'],
  ] as const) {
    const started = await startX();
    const { simulator, clock } = started;
    const { look } = await interrupt(X, started, X.smallest);
    const [ours] = simulator.tweets();
    for (let index = 0; index < count; index += 1)
      (simulator.tweets() as unknown[]).push({
        ...ours,
        id: String(2_000_000_000 + index),
        text: `other ${index}`,
      });
    clock.advance(10 * 60_000);
    expect(await look()).toMatchObject({ state });
  }
});

describe('a refused duplicate', () => {
  async function refused(firstTry: 'ours' | 'not ours') {
    const { simulator, publisher, options, clock, calls } = await startX();
    const steps = options(content({ text: 'Hello' }));
    const first = newRun();
    if (firstTry === 'ours') simulator.faults.next('POST', X.creating, { do: 'drop', when: 'after' });
    await publishAll(publisher, steps, first).catch((error: CarillonError) =>
      expect(error.kind).toBe('OutcomeUnknown'),
    );
    clock.advance(60 * 60_000);
    const second = newRun();
    const error = await failureOf(publishAll(publisher, steps, second));
    expect(error.code).toBe('DUPLICATE_REFUSED');
    clock.advance(5 * 60_000);
    const context = reconcileContext(steps, second, recordError(error));
    return { simulator, publisher, calls, first, context };
  }

  it('is what an earlier try of ours created', async () => {
    const { simulator, publisher, first, context } = await refused('ours');
    expect(await publisher.reconcile({ ...context, firstSentAt: first.sentAt! })).toMatchObject({
      state: 'published',
      id: simulator.tweets()[0]?.id,
    });
  });

  it('or somebody else’s, and then it is told instead of sent again', async () => {
    const { publisher, calls, context } = await refused('not ours');
    const error = await failureOf(publisher.reconcile(context));
    expect([error.kind, error.code, error.next.do]).toEqual([
      'ContentRejected',
      'DUPLICATE_REFUSED',
      'change content',
    ]);
    expect(calls('POST /2/tweets')).toHaveLength(2);
  });
});

describe('removal', () => {
  it('removes, and tells what stands in the way', async () => {
    const { simulator, publisher, options, account } = await startX();
    const outcome = await publishAll(publisher, options(content({ text: 'Hello' })));
    const removal = {
      account,
      id: outcome.state === 'published' ? outcome.id : '',
      signal: new AbortController().signal,
    };
    simulator.faults.next('DELETE', /tweets/, { do: 'answer', status: 500, body: '' });
    expect((await failureOf(publisher.remove!(removal))).kind).toBe('PlatformUnavailable');
    await publisher.remove!(removal);
    await publisher.remove!(removal);
    expect(simulator.tweets()).toEqual([]);
  });
});
