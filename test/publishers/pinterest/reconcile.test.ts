import { describe, expect, it } from 'vitest';
import type { Content } from '../../../src/core/publisher.ts';
import {
  content,
  mediaItem,
  newRun,
  publishAll,
  publishStep,
  reconcileContext,
} from '../../helpers/publishing.ts';
import { failureOf, startPinterest } from './harness.ts';

const lost = { do: 'drop', when: 'after' } as const;
const never = { do: 'drop', when: 'before' } as const;
const MINUTE = 60_000;
const picture = mediaItem('image', { name: 'a.jpg' });
const two = [picture, mediaItem('image', { name: 'b.jpg' })];

describe('what was meant is recognised in what is there', () => {
  it.each<[string, Content]>([
    ['a picture without words', content({}, [picture])],
    ['a description', content({ text: '  One\n\nTwo   three ' }, [picture])],
    [
      'title, description and link',
      content({ title: 'Bells', text: 'Ding', link: 'https://www.example.com/a/' }, two),
    ],
    [
      'a link whose page gives the title',
      content({ text: 'Ding', link: 'https://example.com/a' }, [picture]),
    ],
    ['composed and decomposed letters', content({ text: 'cafe\u0301 鐘 🔔' }, [picture])],
    ['a video', content({ text: 'Ding' }, [mediaItem('video')])],
    ['a pin on another board', content({ text: 'Ding', board: 'Summer recipes' }, [picture])],
  ])('%s', async (_name, what) => {
    const { simulator, publisher, options } = await startPinterest();
    simulator.faults.next('POST', /\/pins$/, lost);
    const run = newRun();
    const steps = options(what);
    expect((await failureOf(publishAll(publisher, steps, run))).kind).toBe('OutcomeUnknown');
    const id = simulator.pins()[0]?.id;
    expect(await publisher.reconcile(reconcileContext(steps, run))).toEqual({
      state: 'published',
      id,
      url: `https://www.pinterest.com/pin/${id}/`,
    });
  });

  it.each([-280_000, 280_000])('by a clock that differs by %i ms', async (difference) => {
    const { simulator, publisher, options } = await startPinterest({}, difference);
    simulator.faults.next('POST', /\/pins$/, lost);
    const run = newRun();
    const steps = options(content({ text: 'Hello' }, [picture]));
    await failureOf(publishAll(publisher, steps, run));
    expect(await publisher.reconcile(reconcileContext(steps, run))).toMatchObject({ state: 'published' });
  });

  it('but never in what another pin of ours is known to be', async () => {
    const { simulator, publisher, options, clock } = await startPinterest();
    const steps = options(content({}, [picture]));
    const first = await publishAll(publisher, steps);
    simulator.faults.next('POST', /\/pins$/, lost);
    const run = newRun();
    await failureOf(publishAll(publisher, steps, run));
    const isFirst = (id: string) => first.state === 'published' && first.id === id;
    const context = { ...reconcileContext(steps, run), isTaken: async (id: string) => isFirst(id) };
    expect(await publisher.reconcile(context)).toMatchObject({ id: simulator.pins()[1]?.id });
    clock.advance(6 * MINUTE);
    expect(await publisher.reconcile({ ...context, isTaken: async () => true })).toEqual({ state: 'absent' });
  });
});

describe('what is something else is not taken for it', () => {
  it.each<[string, Content, Content]>([
    ['other words', content({ text: 'Hello' }, [picture]), content({ text: 'Hello!' }, [picture])],
    [
      'another title',
      content({ title: 'A', text: 'x' }, [picture]),
      content({ title: 'B', text: 'x' }, [picture]),
    ],
    ['another number of pictures', content({ text: 'Hello' }, [picture]), content({ text: 'Hello' }, two)],
    [
      'another link',
      content({ text: 'New', link: 'https://example.com/a' }, [picture]),
      content({ text: 'New', link: 'https://example.com/b' }, [picture]),
    ],
    [
      'another board',
      content({ text: 'New', board: 'Bells' }, [picture]),
      content({ text: 'New', board: 'Summer recipes' }, [picture]),
    ],
  ])('%s', async (_name, meant, already) => {
    const { simulator, publisher, options, clock } = await startPinterest();
    await publishAll(publisher, options(already));
    simulator.faults.next('POST', /\/pins$/, never);
    const run = newRun();
    await failureOf(publishAll(publisher, options(meant), run));
    clock.advance(10 * MINUTE);
    expect(await publisher.reconcile(reconcileContext(options(meant), run))).toEqual({ state: 'absent' });
  });

  it('the same words of long before', async () => {
    const { simulator, publisher, options, clock } = await startPinterest();
    const steps = options(content({ text: 'Hello' }, [picture]));
    await publishAll(publisher, steps);
    clock.advance(7 * MINUTE);
    simulator.faults.next('POST', /\/pins$/, never);
    const run = newRun();
    await failureOf(publishAll(publisher, steps, run));
    clock.advance(5 * MINUTE);
    expect(await publisher.reconcile(reconcileContext(steps, run))).toEqual({ state: 'absent' });
  });
});

describe('when an absence is believed', () => {
  it('only once a pin would have appeared', async () => {
    const { simulator, publisher, options, clock } = await startPinterest({ lagMs: 60_000 });
    simulator.faults.next('POST', /\/pins$/, lost);
    const run = newRun();
    const steps = options(content({ text: 'Hello' }, [picture]));
    await failureOf(publishAll(publisher, steps, run));
    clock.advance(5000);
    const first = await publisher.reconcile(reconcileContext(steps, run));
    expect(first).toEqual({ state: 'unknown', lookAgainAt: new Date(run.sentAt!.getTime() + 5 * MINUTE) });
    clock.advance(295_000);
    expect(await publisher.reconcile(reconcileContext(steps, run))).toMatchObject({ state: 'published' });
  });

  it('never from a board that could not be read, or is not known', async () => {
    const { simulator, publisher, options, clock } = await startPinterest();
    simulator.faults.next('POST', /\/pins$/, never);
    const run = newRun();
    const steps = options(content({ text: 'Hello' }, [picture]));
    await failureOf(publishAll(publisher, steps, run));
    clock.advance(10 * MINUTE);
    for (const fault of [
      { do: 'answer', status: 503, body: '' },
      { do: 'spoil', how: 'empty' },
      { do: 'spoil', how: 'html' },
      { do: 'spoil', how: 'wrong type' },
      { do: 'spoil', how: 'truncated' },
      { do: 'answer', status: 200, body: {} },
      { do: 'answer', status: 200, body: { code: 4, message: 'no' } },
    ] as const) {
      simulator.faults.next('GET', /\/pins$/, fault);
      const error = await failureOf(publisher.reconcile(reconcileContext(steps, run)));
      expect(error.kind).toBe('PlatformUnavailable');
    }
    const { checkpoint: _lost, ...context } = reconcileContext(steps, run);
    expect(await publisher.reconcile(context)).toMatchObject({ state: 'unknown' });
    expect(await publisher.reconcile(reconcileContext(steps, run))).toEqual({ state: 'absent' });
  });

  it('after all pages of a full board, and not when there are too many', async () => {
    for (const [count, state] of [
      [4900, 'published'],
      [5100, 'unknown'],
    ] as const) {
      const { simulator, publisher, options, clock } = await startPinterest();
      simulator.faults.next('POST', /\/pins$/, lost);
      const run = newRun();
      const steps = options(content({ text: 'Hello' }, [picture]));
      await failureOf(publishAll(publisher, steps, run));
      const [ours] = simulator.pins();
      for (let index = 0; index < count; index += 1)
        (simulator.pins() as unknown[]).push({
          ...ours,
          id: String(2_000_000_000 + index),
          description: `other ${index}`,
        });
      clock.advance(10 * MINUTE);
      expect(await publisher.reconcile(reconcileContext(steps, run))).toMatchObject({ state });
    }
  });
});

it('a restart amid the steps goes on where it was', async () => {
  const { simulator, publisher, create, options } = await startPinterest();
  const run = newRun();
  const steps = options(content({ text: 'Ding' }, [mediaItem('video')]));
  await publishStep(publisher, steps, run);
  await publishStep(publisher, steps, run);
  await publishAll(create(), steps, run);
  expect(simulator.videos()).toHaveLength(1);
  expect(simulator.pins()).toHaveLength(1);
});
