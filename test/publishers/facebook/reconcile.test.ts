import { describe, expect, it } from 'vitest';
import { recordError } from '../../../src/core/errors.ts';
import type { Content } from '../../../src/core/publisher.ts';
import { content, mediaItem, newRun, publishAll, reconcileContext } from '../../helpers/publishing.ts';
import { failureOf, type Network } from '../network.ts';
import { describeReconciling, interrupt } from '../reconciling.ts';
import { FACEBOOK, startFacebook } from './harness.ts';

const MINUTE = 60_000;
const pictures = (...names: string[]) => names.map((name) => mediaItem('image', { name }));
const hello = content({ text: 'Hello' });
const wide = content({ text: 'Hello' }, [mediaItem('video', { name: 'wide.mp4', width: 1280, height: 720 })]);
const reel = content({ text: 'Hello' }, [mediaItem('video')]);

/** The same words again are taken, so that there can be two of what was meant. */
const TAKING_TWICE: Network<Awaited<ReturnType<typeof startFacebook>>> = {
  ...FACEBOOK,
  start: (settings, difference) => startFacebook({ duplicates: 'allowed', ...settings }, difference),
};

describeReconciling(TAKING_TWICE, {
  recognised: [
    ['plain words', hello],
    ['lines, spaces and a decomposed letter', content({ text: '  One\n\nTwo   cafe\u0301 \n' })],
    ['a link card', content({ text: 'Read', link: 'https://example.org/a/?b=1' })],
    ['a link card without words', content({ link: 'https://example.org/a' })],
    ['a picture', content({ text: 'One' }, pictures('a.jpg'))],
    ['a picture without words', content({}, pictures('a.jpg'))],
    [
      'an album with a link',
      content({ text: 'Two', link: 'https://example.org' }, pictures('a.jpg', 'b.jpg')),
    ],
  ],
  distinct: [
    ['other words', hello, content({ text: 'Hello!' })],
    ['the same words with a picture', hello, content({ text: 'Hello' }, pictures('a.jpg'))],
  ],
  twice: content({}, pictures('a.jpg')),
  settlingMs: 2 * MINUTE,
  reads: [/published_posts$/],
  noProof: [],
});

describe('what was meant is recognised also', () => {
  it('with a link that the page at it calls by another address', async () => {
    const setup = await startFacebook({ canonicalLink: () => 'https://www.example.org/canonical' });
    const words = await interrupt(FACEBOOK, setup, content({ text: 'Read', link: 'https://example.org/a' }));
    expect(await words.look()).toMatchObject({ state: 'published' });
    // Without words nothing else tells whether it is the one.
    const bare = await interrupt(FACEBOOK, setup, content({ link: 'https://example.org/b' }));
    expect((await bare.look()).state).toBe('unknown');
  });

  it('on a later page of the list', async () => {
    const setup = await startFacebook({ duplicates: 'allowed' });
    const { look } = await interrupt(FACEBOOK, setup, hello);
    for (let count = 0; count < 150; count += 1)
      await publishAll(setup.publisher, setup.options(content({ text: `Other ${count}` })));
    expect(await look()).toMatchObject({ state: 'published', id: setup.simulator.posts()[0]?.id });
  });
});

describe('a double that belongs to another post of ours', () => {
  /** The same twice: the first is known to be of another delivery, the second gets no answer and did not come about. */
  async function twice(what: Content) {
    const setup = await startFacebook({
      duplicates: 'allowed',
      canonicalLink: () => 'https://example.org/b',
    });
    const first = await publishAll(setup.publisher, setup.options(what));
    const { look } = await interrupt(FACEBOOK, setup, what, 'before');
    setup.clock.advance(10 * MINUTE);
    return look({ isTaken: async (id) => first.state === 'published' && first.id === id });
  }

  it.each([
    ['pictures without words', content({}, pictures('a.jpg'))],
    ['a link without words, under another address', content({ link: 'https://example.org/a' })],
    ['a feed video', wide],
  ])('leaves an absence proven: %s', async (_name, what) => {
    expect((await twice(what)).state).toBe('absent');
  });
});

describe('an absence', () => {
  it.each([
    ['a post', hello, 2],
    ['a picture', content({}, pictures('a.jpg')), 2],
    ['a feed video', wide, 10],
    ['a reel', reel, 2],
  ])('of %s is believed after its time, and then it is sent once', async (_name, what, minutes) => {
    const setup = await startFacebook();
    const { look, run, steps } = await interrupt(FACEBOOK, setup, what, 'before');
    expect((await look()).state).toBe('unknown');
    setup.clock.advance(minutes * MINUTE - 1);
    expect((await look()).state).toBe('unknown');
    setup.clock.advance(1);
    expect((await look()).state).toBe('absent');
    await publishAll(setup.publisher, steps, run);
    expect(setup.simulator.created()).toBe(1);
  });

  it('is not proven by a list without end', async () => {
    const setup = await startFacebook();
    const { look } = await interrupt(FACEBOOK, setup, hello);
    setup.clock.advance(30 * MINUTE);
    setup.simulator.faults.next('GET', /published_posts$/, { do: 'spoil', how: 'gigantic' });
    expect((await failureOf(look())).kind).toBe('PlatformUnavailable');
    expect((await look()).state).toBe('published');
  });
});

describe('videos that are being processed', () => {
  it('a feed video shows up in the list when it is ready', async () => {
    const setup = await startFacebook({ processingMs: 5 * MINUTE });
    const { look } = await interrupt(FACEBOOK, setup, wide);
    expect((await look()).state).toBe('unknown');
    setup.clock.advance(6 * MINUTE);
    const id = setup.simulator.videos()[0]?.id;
    expect(await look()).toMatchObject({ state: 'published', id });
  });

  it('a reel is followed by its id, which was known before', async () => {
    const setup = await startFacebook({ processingMs: 5 * MINUTE });
    const { look } = await interrupt(FACEBOOK, setup, reel);
    expect((await look()).state).toBe('processing');
    setup.clock.advance(5 * MINUTE);
    const id = setup.simulator.videos()[0]?.id;
    expect(await look()).toEqual({ state: 'published', id, url: `https://www.facebook.com/reel/${id}/` });
    expect(setup.simulator.requests.some((each) => each.path.includes('published_posts'))).toBe(false);
  });

  it('a reel that Facebook cannot process is a refusal', async () => {
    const setup = await startFacebook({ processingErrors: ['Too short'] });
    const { look } = await interrupt(FACEBOOK, setup, reel);
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
    const first = await interrupt(FACEBOOK, setup, hello);
    const firstSentAt = first.run.sentAt!;
    // As if the look had believed an absence: the second try is refused.
    clock.advance(30 * MINUTE);
    const run = newRun();
    const error = await failureOf(publishAll(publisher, options(hello), run));
    expect(error.code).toBe('DUPLICATE_REFUSED');
    const context = { ...reconcileContext(options(hello), run, recordError(error)), firstSentAt };
    expect(await publisher.reconcile(context)).toMatchObject({
      state: 'published',
      id: simulator.posts()[0]?.id,
    });
    expect(simulator.posts()).toHaveLength(1);
  });

  it('of somebody else’s post is told', async () => {
    const { publisher, options, clock } = await startFacebook();
    await publishAll(publisher, options(hello));
    clock.advance(60 * MINUTE);
    const run = newRun();
    const error = await failureOf(publishAll(publisher, options(hello), run));
    clock.advance(2 * MINUTE);
    const told = await failureOf(
      publisher.reconcile(reconcileContext(options(hello), run, recordError(error))),
    );
    expect([told.kind, told.code]).toEqual(['ContentRejected', 'DUPLICATE_REFUSED']);
    expect(told.hint).toContain('/edit');
  });
});
