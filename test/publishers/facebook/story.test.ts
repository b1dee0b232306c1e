import { describe, expect, it } from 'vitest';
import type { ReconcileOutcome } from '../../../src/core/publisher.ts';
import {
  content,
  insightsContext,
  mediaItem,
  newRun,
  publishAll,
  reconcileContext,
} from '../../helpers/publishing.ts';
import { failureOf } from '../network.ts';
import { startFacebook } from './harness.ts';

const MINUTE = 60_000;
const story = (media: ReturnType<typeof mediaItem>, words: Parameters<typeof content>[0] = {}) =>
  content({ ...words, format: 'story' }, [media]);
const picture = () => story(mediaItem('image', { name: 'a.jpg' }));
const video = () => story(mediaItem('video'));

describe('a story', () => {
  it('of a picture: uploaded unseen, then published; without words, alt text and comment', async () => {
    const { simulator, publisher, options, calls } = await startFacebook();
    const run = newRun();
    const what = story(mediaItem('image', { name: 'a.jpg', alt: 'A bell' }), {
      text: 'Words',
      link: 'https://example.org',
      firstComment: 'First!',
    });
    const outcome = await publishAll(publisher, options(what), run);
    expect(calls()).toEqual(['POST :id/photos', 'POST :id/photo_stories', 'GET :id/stories']);
    const [photo] = simulator.photos();
    expect(simulator.requests[0]?.fields).toEqual({ published: 'false' });
    expect(simulator.requests[1]?.fields).toEqual({ photo_id: photo?.id });
    const [shown] = simulator.stories();
    expect(outcome).toEqual({
      state: 'published',
      id: shown?.id,
      url: `https://facebook.com/stories/${shown?.id}`,
    });
    expect(run.intents).toEqual([{ text: '', mediaCount: 1, format: 'story' }]);
    expect([simulator.created(), simulator.posts().length, simulator.comments().length]).toEqual([1, 0, 0]);
  });

  it('of a video: begun, sent and ended as a story, and waited for', async () => {
    const { simulator, publisher, options, calls, clock } = await startFacebook();
    const began = clock.now().getTime();
    const outcome = await publishAll(publisher, options(video()));
    expect(calls()).toEqual([
      'POST :id/video_stories',
      'POST video-upload/v25.0/:id',
      'POST :id/video_stories',
      'GET :id',
      'GET :id',
      'GET :id',
      'GET :id/stories',
    ]);
    expect(clock.now().getTime() - began).toBe(30_000);
    const [shown] = simulator.stories();
    expect(shown?.media).toBe(simulator.videos()[0]?.id);
    expect(outcome).toMatchObject({
      state: 'published',
      id: shown?.id,
      url: expect.stringContaining('/stories/'),
    });
    expect(simulator.created()).toBe(1);
  });

  it('whose address is not told is published all the same', async () => {
    const { simulator, publisher, options } = await startFacebook();
    simulator.faults.next('GET', /stories$/, { do: 'answer', status: 500, body: '' });
    const outcome = await publishAll(publisher, options(picture()));
    expect(outcome).toEqual({ state: 'published', id: simulator.stories()[0]?.id });
  });

  it('is taken away by its id, and has no numbers to ask for', async () => {
    const { simulator, publisher, options, account, calls } = await startFacebook();
    const outcome = await publishAll(publisher, options(picture()));
    const id = outcome.state === 'published' ? outcome.id : '';
    const asked = calls().length;
    const told = await publisher.insights?.({ ...insightsContext(options(picture()), id), format: 'story' });
    expect(told).toMatchObject({ numbers: {}, notes: [expect.stringContaining('story')] });
    expect(calls()).toHaveLength(asked);
    await publisher.remove?.({ account, id, signal: new AbortController().signal });
    expect(simulator.created()).toBe(0);
  });
});

describe('a story whose creating call got no answer', () => {
  async function lose(
    what: ReturnType<typeof content>,
    when: 'before' | 'after',
    settings: Parameters<typeof startFacebook>[0] = {},
  ) {
    const setup = await startFacebook(settings);
    const { simulator, publisher, options } = setup;
    const run = newRun();
    const isVideo = what.media[0]?.kind === 'video';
    // Of a video the first such call begins the upload.
    if (isVideo) simulator.faults.next('POST', /video_stories$/, { do: 'hold', until: Promise.resolve() });
    simulator.faults.next('POST', isVideo ? /video_stories$/ : /photo_stories$/, { do: 'drop', when });
    const steps = options(what);
    expect((await failureOf(publishAll(publisher, steps, run))).kind).toBe('OutcomeUnknown');
    const look = (): Promise<ReconcileOutcome> => publisher.reconcile(reconcileContext(steps, run));
    return { ...setup, run, steps, look };
  }

  it.each([
    ['a picture', picture],
    ['a video', video],
  ])('is recognised by %s in it, beside another story', async (_name, what) => {
    const setup = await lose(what(), 'after');
    await publishAll(setup.publisher, setup.options(story(mediaItem('image', { name: 'other.jpg' }))));
    setup.clock.advance(MINUTE);
    const [ours] = setup.simulator.stories();
    expect(await setup.look()).toEqual({
      state: 'published',
      id: ours?.id,
      url: `https://facebook.com/stories/${ours?.id}`,
    });
  });

  it.each([
    ['a picture', picture],
    ['a video', video],
  ])('with %s: its absence is believed after two minutes, and then it is sent once', async (_name, what) => {
    const { look, clock, publisher, steps, run, simulator } = await lose(what(), 'before');
    expect((await look()).state).toBe('unknown');
    clock.advance(2 * MINUTE - 1);
    expect((await look()).state).toBe('unknown');
    clock.advance(1);
    expect((await look()).state).toBe('absent');
    await publishAll(publisher, steps, run);
    expect(simulator.stories()).toHaveLength(1);
  });

  it('is not believed to be absent once the list may have let it go', async () => {
    const { look, clock } = await lose(picture(), 'after');
    clock.advance(24 * 60 * MINUTE);
    expect((await look()).state).toBe('unknown');
  });

  it('and whose video is still worked on is waited for; one that fails is a refusal', async () => {
    const slow = await lose(video(), 'after', { processingMs: 5 * MINUTE });
    expect((await slow.look()).state).toBe('processing');
    const failed = await lose(video(), 'after', { processingErrors: ['Too short'] });
    failed.clock.advance(MINUTE);
    expect((await failureOf(failed.look())).code).toBe('MEDIA_REJECTED');
  });

  it('and that Facebook shows before its list does is known by its video', async () => {
    const { look, clock, simulator } = await lose(video(), 'after', { storyLagMs: 60 * MINUTE });
    clock.advance(MINUTE);
    expect((await look()).state).toBe('processing');
    clock.advance(MINUTE);
    expect(await look()).toEqual({ state: 'published', id: simulator.videos()[0]?.id });
  });
});
