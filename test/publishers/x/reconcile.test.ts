import { describe, expect, it } from 'vitest';
import { type CarillonError, recordError } from '../../../src/core/errors.ts';
import type { Intent } from '../../../src/core/words.ts';
import { content, mediaItem, newRun, publishAll, reconcileContext } from '../../helpers/publishing.ts';
import { failureOf, startX } from './harness.ts';

const lost = { do: 'drop', when: 'after' } as const;

describe('what was meant is recognised in what is there', () => {
  it.each([
    ['plain words', 'Hello'],
    ['HTML characters', 'a < b && b > c &amp; "quotes"'],
    ['a link', 'See https://example.com/a?b=1&c=2 now'],
    ['links without scheme, twice', 'example.com and example.com/, and http://Example.com/Path/'],
    ['several lines and spaces', '  One\n\nTwo   three \n'],
    ['composed and decomposed letters', 'cafe\u0301 and café'],
    ['emoji and other scripts', '👩🏽‍🤝‍👨🏿 鐘の音 🐦‍🔥 العربية'],
    ['hashtags, mentions and cashtags', '@acme #bells $BELL'],
    ['links as X writes them', 'https://Example.com/caf\u00e9?q=a%20b and https://example.com'],
    ['a link at the end', 'Read on https://example.com/x'],
  ])('%s', async (_name, text) => {
    for (const media of [
      [],
      [mediaItem('image', { name: 'a.jpg' }), mediaItem('image', { name: 'b.jpg' })],
    ]) {
      const { simulator, publisher, options } = await startX();
      simulator.faults.next('POST', /^\/2\/tweets$/, lost);
      const run = newRun();
      const steps = options(content({ text }, media));
      expect((await failureOf(publishAll(publisher, steps, run))).kind).toBe('OutcomeUnknown');
      const id = simulator.tweets()[0]?.id;
      expect(await publisher.reconcile(reconcileContext(steps, run))).toEqual({
        state: 'published',
        id,
        url: `https://x.com/acme/status/${id}`,
      });
    }
  });

  it.each([-280_000, 280_000])('by a clock that differs by %i ms', async (difference) => {
    const { simulator, publisher, options } = await startX({}, difference);
    simulator.faults.next('POST', /^\/2\/tweets$/, lost);
    const run = newRun();
    const steps = options(content({ text: 'Hello' }));
    await failureOf(publishAll(publisher, steps, run));
    expect(await publisher.reconcile(reconcileContext(steps, run))).toMatchObject({ state: 'published' });
  });

  it('and a post of ours that looks the same is passed over', async () => {
    const { simulator, publisher, options } = await startX({ duplicates: 'allowed' });
    const steps = options(content({ text: '' }, [mediaItem('image', { name: 'a.jpg' })]));
    const first = await publishAll(publisher, steps);
    simulator.faults.next('POST', /^\/2\/tweets$/, lost);
    const run = newRun();
    await failureOf(publishAll(publisher, steps, run));
    const isTaken = async (id: string) => first.state === 'published' && id === first.id;
    expect(await publisher.reconcile({ ...reconcileContext(steps, run), isTaken })).toMatchObject({
      state: 'published',
      id: simulator.tweets()[1]?.id,
    });
  });

  it('with the link that was given apart', async () => {
    const { simulator, publisher, options } = await startX();
    simulator.faults.next('POST', /^\/2\/tweets$/, lost);
    const run = newRun();
    const steps = options(content({ text: 'Bells', link: 'https://example.com/bells' }));
    await failureOf(publishAll(publisher, steps, run));
    expect(run.intents).toEqual([{ text: 'Bells\nhttps://example.com/bells', mediaCount: 0 }]);
    expect(await publisher.reconcile(reconcileContext(steps, run))).toMatchObject({ state: 'published' });
  });

  it.each(['old', 'new'] as const)('by the %s names of fields, refused or ignored', async (fieldNames) => {
    for (const unknownFields of ['refused', 'ignored'] as const) {
      const { simulator, publisher, options } = await startX({ fieldNames, unknownFields });
      simulator.faults.next('POST', /^\/2\/tweets$/, lost);
      const run = newRun();
      const steps = options(content({ text: 'See https://example.com' }, [mediaItem('image')]));
      await failureOf(publishAll(publisher, steps, run));
      expect(await publisher.reconcile(reconcileContext(steps, run))).toMatchObject({ state: 'published' });
    }
  });
});

describe('what is something else is not taken for it', () => {
  async function lookFor(intent: Intent, already: Parameters<typeof content>) {
    const { publisher, options, clock } = await startX();
    await publishAll(publisher, options(content(...already)));
    clock.advance(10_000);
    const context = {
      ...reconcileContext(options(content({ text: 'x' })), {
        ...newRun(),
        intents: [intent],
        sentAt: clock.now(),
      }),
    };
    clock.advance(10 * 60_000);
    return publisher.reconcile({ ...context });
  }

  it('other words', async () => {
    expect(await lookFor({ text: 'Hello', mediaCount: 0 }, [{ text: 'Hello!' }])).toEqual({
      state: 'absent',
    });
    expect(
      await lookFor({ text: 'See https://example.com/a', mediaCount: 0 }, [
        { text: 'See https://example.com/b' },
      ]),
    ).toEqual({ state: 'absent' });
  });

  it('another number of media', async () => {
    expect(await lookFor({ text: 'Hello', mediaCount: 1 }, [{ text: 'Hello' }])).toEqual({ state: 'absent' });
    expect(
      await lookFor({ text: 'Hello', mediaCount: 0 }, [{ text: 'Hello' }, [mediaItem('image')]]),
    ).toEqual({ state: 'absent' });
  });

  it('the same words of long before', async () => {
    const { simulator, publisher, options, clock } = await startX({ duplicates: 'allowed' });
    await publishAll(publisher, options(content({ text: 'Hello' })));
    clock.advance(7 * 60_000);
    simulator.faults.next('POST', /^\/2\/tweets$/, { do: 'drop', when: 'before' });
    const run = newRun();
    const steps = options(content({ text: 'Hello' }));
    await failureOf(publishAll(publisher, steps, run));
    clock.advance(2 * 60_000);
    expect(await publisher.reconcile(reconcileContext(steps, run))).toEqual({ state: 'absent' });
  });
});

describe('when an absence is believed', () => {
  it('only once a post would have appeared', async () => {
    const { simulator, publisher, options, clock } = await startX({ lagMs: 30_000 });
    simulator.faults.next('POST', /^\/2\/tweets$/, lost);
    const run = newRun();
    const steps = options(content({ text: 'Hello' }));
    await failureOf(publishAll(publisher, steps, run));
    clock.advance(5000);
    const first = await publisher.reconcile(reconcileContext(steps, run));
    expect(first).toEqual({ state: 'unknown', lookAgainAt: new Date(run.sentAt!.getTime() + 120_000) });
    clock.advance(115_000);
    expect(await publisher.reconcile(reconcileContext(steps, run))).toMatchObject({ state: 'published' });
  });

  it('never from a timeline that could not be read', async () => {
    const { simulator, publisher, options, clock } = await startX();
    simulator.faults.next('POST', /^\/2\/tweets$/, { do: 'drop', when: 'before' });
    const run = newRun();
    const steps = options(content({ text: 'Hello' }));
    await failureOf(publishAll(publisher, steps, run));
    clock.advance(10 * 60_000);
    for (const fault of [
      { do: 'answer', status: 503, body: '' },
      { do: 'spoil', how: 'empty' },
      { do: 'spoil', how: 'html' },
      { do: 'spoil', how: 'wrong type' },
      { do: 'answer', status: 200, body: {} },
      {
        do: 'answer',
        status: 200,
        body: { errors: [{ title: 'Not Found Error', detail: 'Could not find user.' }] },
      },
    ] as const) {
      simulator.faults.next('GET', /\/tweets$/, fault);
      expect((await failureOf(publisher.reconcile(reconcileContext(steps, run)))).kind).toBe(
        'PlatformUnavailable',
      );
    }
    simulator.faults.next('GET', /\/tweets$/, { do: 'answer', status: 429, body: {} });
    expect((await failureOf(publisher.reconcile(reconcileContext(steps, run)))).kind).toBe('RateLimited');
    expect(await publisher.reconcile(reconcileContext(steps, run))).toEqual({ state: 'absent' });
  });

  it('after all pages of a busy account, and not when there are too many', async () => {
    for (const [count, state] of [
      [350, 'published'],
      [620, 'unknown'],
    ] as const) {
      const { simulator, publisher, options, clock } = await startX();
      simulator.setLimit('POST /2/tweets', 10_000);
      simulator.faults.next('POST', /^\/2\/tweets$/, lost);
      const run = newRun();
      const steps = options(content({ text: 'Hello' }));
      await failureOf(publishAll(publisher, steps, run));
      const [ours] = simulator.tweets();
      for (let index = 0; index < count; index += 1)
        (simulator.tweets() as unknown[]).push({
          ...ours,
          id: String(2_000_000_000 + index),
          text: `other ${index}`,
        });
      clock.advance(10 * 60_000);
      expect(await publisher.reconcile(reconcileContext(steps, run))).toMatchObject({ state });
    }
  });
});

describe('a refused duplicate', () => {
  async function refused(firstTry: 'ours' | 'not ours') {
    const { simulator, publisher, options, clock, calls } = await startX();
    const steps = options(content({ text: 'Hello' }));
    const first = newRun();
    if (firstTry === 'ours') simulator.faults.next('POST', /^\/2\/tweets$/, lost);
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
