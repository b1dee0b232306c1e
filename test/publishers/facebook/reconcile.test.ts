import { describe, expect, it } from 'vitest';
import { recordError } from '../../../src/core/errors.ts';
import type { ReconcileOutcome } from '../../../src/core/publisher.ts';
import { content, mediaItem, newRun, publishAll, reconcileContext } from '../../helpers/publishing.ts';
import { failureOf } from '../network.ts';
import { startFacebook } from './harness.ts';

const lost = { do: 'drop', when: 'after' } as const;
const never = { do: 'drop', when: 'before' } as const;
const MINUTE = 60_000;
const pictures = (...names: string[]) => names.map((name) => mediaItem('image', { name }));
const wide = () => mediaItem('video', { name: 'wide.mp4', width: 1280, height: 720 });

type Setup = Awaited<ReturnType<typeof startFacebook>>;

/** Publishes with a creating call that gets no answer, then looks. */
async function lose(
  { simulator, publisher, options }: Setup,
  what: ReturnType<typeof content>,
  path: RegExp,
  fault: typeof lost | typeof never,
) {
  const run = newRun();
  const steps = options(what);
  simulator.faults.next(
    'POST',
    path,
    { do: 'hold', until: Promise.resolve() },
    path.source.includes('reels') ? 1 : 0,
  );
  simulator.faults.next('POST', path, fault);
  const error = await failureOf(publishAll(publisher, steps, run));
  expect(error.kind).toBe('OutcomeUnknown');
  const look = (because?: typeof error): Promise<ReconcileOutcome> =>
    publisher.reconcile(reconcileContext(steps, run, because && recordError(because)));
  return { run, steps, error, look };
}

describe('what was meant is recognised in what is there', () => {
  it.each([
    ['plain words', content({ text: 'Hello' }), /feed$/],
    ['lines, spaces and a decomposed letter', content({ text: '  One\n\nTwo   cafe\u0301 \n' }), /feed$/],
    ['a link card', content({ text: 'Read', link: 'https://example.org/a/?b=1' }), /feed$/],
    ['a link card without words', content({ link: 'https://example.org/a' }), /feed$/],
    ['a picture', content({ text: 'One' }, pictures('a.jpg')), /photos$/],
    ['a picture without words', content({}, pictures('a.jpg')), /photos$/],
    [
      'an album with a link',
      content({ text: 'Two', link: 'https://example.org' }, pictures('a.jpg', 'b.jpg')),
      /feed$/,
    ],
  ])('%s', async (_name, what, path) => {
    const setup = await startFacebook();
    const { look } = await lose(setup, what, path, lost);
    const id = setup.simulator.posts()[0]?.id;
    expect(await look()).toEqual({ state: 'published', id, url: `https://www.facebook.com/${id}` });
  });

  it.each([-280_000, 280_000])('by a clock that differs by %i ms', async (difference) => {
    const setup = await startFacebook({}, difference);
    const { look } = await lose(setup, content({ text: 'Hello' }), /feed$/, lost);
    expect(await look()).toMatchObject({ state: 'published' });
  });

  it('a link that the page at it calls by another address', async () => {
    const setup = await startFacebook({ canonicalLink: () => 'https://www.example.org/canonical' });
    const words = await lose(setup, content({ text: 'Read', link: 'https://example.org/a' }), /feed$/, lost);
    expect(await words.look()).toMatchObject({ state: 'published' });
    // Without words nothing else tells whether it is the one.
    const bare = await lose(setup, content({ link: 'https://example.org/b' }), /feed$/, lost);
    expect((await bare.look()).state).toBe('unknown');
  });

  it('on a later page of the list', async () => {
    const setup = await startFacebook({ duplicates: 'allowed' });
    const { look } = await lose(setup, content({ text: 'Hello' }), /feed$/, lost);
    for (let count = 0; count < 150; count += 1)
      await publishAll(setup.publisher, setup.options(content({ text: `Other ${count}` })));
    expect(await look()).toMatchObject({ state: 'published', id: setup.simulator.posts()[0]?.id });
  });
});

describe('a double that belongs to another post of ours', () => {
  /** The same twice: the first is known to be of another delivery, the second gets no answer. */
  async function twice(what: ReturnType<typeof content>, path: RegExp, fault: typeof lost | typeof never) {
    const setup = await startFacebook({
      duplicates: 'allowed',
      canonicalLink: () => 'https://example.org/b',
    });
    const first = await publishAll(setup.publisher, setup.options(what));
    const { run, steps } = await lose(setup, what, path, fault);
    setup.clock.advance(10 * MINUTE);
    const isTaken = async (id: string) => first.state === 'published' && first.id === id;
    return { setup, outcome: await setup.publisher.reconcile({ ...reconcileContext(steps, run), isTaken }) };
  }

  it.each([
    ['pictures without words', content({}, pictures('a.jpg')), /photos$/],
    ['a link without words, under another address', content({ link: 'https://example.org/a' }), /feed$/],
    ['a feed video', content({ text: 'Hello' }, [wide()]), /videos$/],
  ])('leaves an absence proven: %s', async (_name, what, path) => {
    expect((await twice(what, path, never)).outcome.state).toBe('absent');
  });

  it('does not hide the one that was meant', async () => {
    const { setup, outcome } = await twice(content({}, pictures('a.jpg')), /photos$/, lost);
    expect(outcome).toMatchObject({ state: 'published', id: setup.simulator.posts()[1]?.id });
  });
});

describe('an absence', () => {
  it.each([
    ['a post', content({ text: 'Hello' }), /feed$/, 2],
    ['a picture', content({}, pictures('a.jpg')), /photos$/, 2],
    ['a feed video', content({ text: 'Hello' }, [wide()]), /videos$/, 10],
    ['a reel', content({ text: 'Hello' }, [mediaItem('video')]), /video_reels$/, 2],
  ])('of %s is believed after its time, and then it is sent once', async (_name, what, path, minutes) => {
    const setup = await startFacebook();
    const { look, run, steps } = await lose(setup, what, path, never);
    const first = await look();
    expect(first).toMatchObject({ state: 'unknown' });
    setup.clock.advance(minutes * MINUTE - 1);
    expect((await look()).state).toBe('unknown');
    setup.clock.advance(1);
    expect((await look()).state).toBe('absent');
    await publishAll(setup.publisher, steps, run);
    expect(setup.simulator.created()).toBe(1);
  });

  it('is not believed while the list lags behind', async () => {
    const setup = await startFacebook({ lagMs: MINUTE });
    const { look } = await lose(setup, content({ text: 'Hello' }), /feed$/, lost);
    expect((await look()).state).toBe('unknown');
    setup.clock.advance(MINUTE);
    expect((await look()).state).toBe('published');
  });

  it.each(['truncated', 'html', 'empty', 'wrong type', 'gigantic'] as const)(
    'is not proven by a list that is %s',
    async (how) => {
      const setup = await startFacebook();
      const { look } = await lose(setup, content({ text: 'Hello' }), /feed$/, lost);
      setup.clock.advance(30 * MINUTE);
      setup.simulator.faults.next('GET', /published_posts$/, { do: 'spoil', how });
      expect((await failureOf(look())).kind).toBe('PlatformUnavailable');
      expect((await look()).state).toBe('published');
    },
  );

  it.each([
    ['other words', content({ text: 'Hello!' })],
    ['the same words with a picture', content({ text: 'Hello' }, pictures('a.jpg'))],
  ])('is not hidden by %s', async (_name, other) => {
    const setup = await startFacebook();
    const { look } = await lose(setup, content({ text: 'Hello' }), /feed$/, never);
    await publishAll(setup.publisher, setup.options(other));
    setup.clock.advance(2 * MINUTE);
    expect((await look()).state).toBe('absent');
  });

  it('is not hidden by the same words of long ago', async () => {
    const setup = await startFacebook({ duplicates: 'allowed' });
    await publishAll(setup.publisher, setup.options(content({ text: 'Hello' })));
    setup.clock.advance(60 * MINUTE);
    const { look } = await lose(setup, content({ text: 'Hello' }), /feed$/, never);
    setup.clock.advance(2 * MINUTE);
    expect((await look()).state).toBe('absent');
  });
});

describe('videos that are being processed', () => {
  it('a feed video shows up in the list when it is ready', async () => {
    const setup = await startFacebook({ processingMs: 5 * MINUTE });
    const { look } = await lose(setup, content({ text: 'Hello' }, [wide()]), /videos$/, lost);
    expect((await look()).state).toBe('unknown');
    setup.clock.advance(6 * MINUTE);
    const id = setup.simulator.videos()[0]?.id;
    expect(await look()).toMatchObject({ state: 'published', id });
  });

  it('a reel is followed by its id, which was known before', async () => {
    const setup = await startFacebook({ processingMs: 5 * MINUTE });
    const { look } = await lose(
      setup,
      content({ text: 'Hello' }, [mediaItem('video')]),
      /video_reels$/,
      lost,
    );
    expect((await look()).state).toBe('processing');
    setup.clock.advance(5 * MINUTE);
    const id = setup.simulator.videos()[0]?.id;
    expect(await look()).toEqual({ state: 'published', id, url: `https://www.facebook.com/reel/${id}/` });
    expect(setup.simulator.requests.some((each) => each.path.includes('published_posts'))).toBe(false);
  });

  it('a reel that Facebook cannot process is a refusal', async () => {
    const setup = await startFacebook({ processingErrors: ['Too short'] });
    const { look } = await lose(setup, content({}, [mediaItem('video')]), /video_reels$/, lost);
    setup.clock.advance(MINUTE);
    const error = await failureOf(look());
    expect([error.kind, error.code]).toEqual(['ContentRejected', 'MEDIA_REJECTED']);
    expect(error.message).toContain('Too short');
  });
});

describe('a refused duplicate', () => {
  it('of our own earlier try is found', async () => {
    const setup = await startFacebook();
    const { simulator, publisher, options, clock } = setup;
    const what = content({ text: 'Hello' });
    const first = await lose(setup, what, /feed$/, lost);
    const firstSentAt = first.run.sentAt!;
    // As if the look had believed an absence: the second try is refused.
    clock.advance(30 * MINUTE);
    const run = newRun();
    const error = await failureOf(publishAll(publisher, options(what), run));
    expect(error.code).toBe('DUPLICATE_REFUSED');
    const context = { ...reconcileContext(options(what), run, recordError(error)), firstSentAt };
    expect(await publisher.reconcile(context)).toMatchObject({
      state: 'published',
      id: simulator.posts()[0]?.id,
    });
    expect(simulator.posts()).toHaveLength(1);
  });

  it('of somebody else’s post is told', async () => {
    const { publisher, options, clock } = await startFacebook();
    const what = content({ text: 'Hello' });
    await publishAll(publisher, options(what));
    clock.advance(60 * MINUTE);
    const run = newRun();
    const error = await failureOf(publishAll(publisher, options(what), run));
    clock.advance(2 * MINUTE);
    const told = await failureOf(
      publisher.reconcile(reconcileContext(options(what), run, recordError(error))),
    );
    expect([told.kind, told.code]).toEqual(['ContentRejected', 'DUPLICATE_REFUSED']);
    expect(told.hint).toContain('/edit');
  });
});
