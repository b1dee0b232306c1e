import { expect, it } from 'vitest';
import {
  content,
  mediaItem,
  newRun,
  publishAll,
  publishStep,
  reconcileContext,
} from '../../helpers/publishing.ts';
import { describeReconciling, interrupt } from '../reconciling.ts';
import { PINTEREST, startPinterest } from './harness.ts';

const MINUTE = 60_000;
const picture = mediaItem('image', { name: 'a.jpg' });
const two = [picture, mediaItem('image', { name: 'b.jpg' })];

describeReconciling(PINTEREST, {
  recognised: [
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
  ],
  distinct: [
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
  ],
  twice: content({}, [picture]),
  settlingMs: 5 * MINUTE,
  reads: [/\/pins$/],
  noProof: [{ code: 4, message: 'no' }],
});

it('an absence is never believed while it is not known which board it was', async () => {
  const started = await startPinterest();
  const { run, steps } = await interrupt(PINTEREST, started, PINTEREST.smallest, 'before');
  started.clock.advance(10 * MINUTE);
  const { checkpoint: _lost, ...context } = reconcileContext(steps, run);
  expect(await started.publisher.reconcile(context)).toMatchObject({ state: 'unknown' });
});

it('after all pages of a full board, and not when there are too many', async () => {
  for (const [count, state] of [
    [4900, 'published'],
    [5100, 'unknown'],
  ] as const) {
    const started = await startPinterest();
    const { simulator, clock } = started;
    const { look } = await interrupt(PINTEREST, started, PINTEREST.smallest);
    const [ours] = simulator.pins();
    for (let index = 0; index < count; index += 1)
      (simulator.pins() as unknown[]).push({
        ...ours,
        id: String(2_000_000_000 + index),
        description: `other ${index}`,
      });
    clock.advance(10 * MINUTE);
    expect(await look()).toMatchObject({ state });
  }
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
