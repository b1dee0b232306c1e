import { describe, expect, it } from 'vitest';
import {
  content,
  fill,
  mediaItem,
  newRun,
  publishAll,
  publishStep,
  sha256,
} from '../../helpers/publishing.ts';
import { failureOf } from '../network.ts';
import { startX } from './harness.ts';

const MB = 1_000_000;

describe('pictures', () => {
  it('go in one call each, with alt text, and every byte arrives', async () => {
    const { simulator, publisher, options, calls } = await startX();
    const media = [
      mediaItem('image', { name: 'a.jpg', alt: 'First' }),
      mediaItem('image', { name: 'b.png', mime: 'image/png' }),
    ];
    const run = newRun();
    const outcome = await publishAll(publisher, options(content({ text: 'Two' }, media)), run);
    expect(run.outcomes.map((each) => each.state)).toEqual(['pending', 'pending', 'published']);
    const [tweet] = simulator.tweets();
    expect(tweet?.media.map((each) => [each.sha256, each.alt])).toEqual([
      [sha256(fill('a.jpg', 1000)), 'First'],
      [sha256(fill('b.png', 1000)), undefined],
    ]);
    expect(outcome).toEqual({
      state: 'published',
      id: tweet?.id,
      url: `https://x.com/acme/status/${tweet?.id}`,
    });
    expect(simulator.requests.map((each) => each.path)).toEqual([
      '/2/media/upload',
      '/2/media/metadata',
      '/2/media/upload',
      '/2/tweets',
    ]);
    expect(calls('POST /2/tweets')[0]?.body).toEqual({
      text: 'Two',
      media: { media_ids: simulator.media().map((each) => each.id) },
    });
  });

  it('that were edited since the checkpoint are uploaded, and not the old ones', async () => {
    const { simulator, publisher, options } = await startX();
    const run = newRun();
    const old = content({ text: 'Hi' }, [
      mediaItem('image', { name: 'old.jpg' }),
      mediaItem('image', { name: 'b.jpg' }),
    ]);
    await publishStep(publisher, options(old), run);
    await publishStep(publisher, options(old), run);
    const edited = [mediaItem('image', { name: 'new.jpg' })];
    await publishAll(publisher, options(content({ text: 'Hi' }, edited)), run);
    expect(simulator.tweets()[0]?.media.map((each) => each.sha256)).toEqual([edited[0]?.sha256]);
  });

  it('need no words', async () => {
    const { simulator, publisher, options, calls } = await startX();
    await publishAll(publisher, options(content({}, [mediaItem('image')])));
    expect(calls('POST /2/tweets')[0]?.body).toEqual({ media: { media_ids: [simulator.media()[0]?.id] } });
  });

  it('above 2 MB go in segments, and so does one that a gateway refuses whole', async () => {
    const { simulator, publisher, options, calls } = await startX({ oneShotBytesMax: 900_000 });
    const media = [
      mediaItem('image', { name: 'big.jpg', bytes: 4.5 * MB }),
      mediaItem('image', { name: 'mid.jpg', bytes: MB }),
    ];
    await publishAll(publisher, options(content({}, media)));
    expect(simulator.tweets()[0]?.media.map((each) => each.sha256)).toEqual(media.map((each) => each.sha256));
    expect(
      calls('POST /2/media/upload/:id/append').map(
        (each) => (each.body as { segment_index: string }).segment_index,
      ),
    ).toEqual(['0', '1', '2', '0']);
  });
});

describe('videos', () => {
  const video = mediaItem('video', { name: 'bell.mp4', bytes: 70 * MB + 17 });

  it('go in segments and steps, are waited for, and every byte arrives', async () => {
    const { simulator, publisher, options, clock, calls } = await startX({ processingMs: 12_000 });
    const run = newRun();
    const began = clock.now().getTime();
    await publishAll(publisher, options(content({ text: 'Ding' }, [video])), run);
    expect(calls('POST /2/media/upload/:id/append')).toHaveLength(36);
    expect(Math.max(...calls('POST /2/media/upload/:id/append').map((each) => each.bytes))).toBeLessThan(
      2_001_000,
    );
    expect(simulator.tweets()[0]?.media[0]).toMatchObject({
      sha256: video.sha256,
      bytes: video.bytes,
      category: 'tweet_video',
      type: 'video/mp4',
    });
    // X said 5, 5 and 2 seconds.
    expect(clock.now().getTime() - began).toBe(12_000);
    expect(calls('GET /2/media/upload')).toHaveLength(3);
    expect(run.progress).toContain('uploading video, 45 %');
    expect(run.progress).toContain('X is processing the video, 40 %');
    // Three steps of segments, then three looks, then the post.
    expect(run.outcomes).toHaveLength(7);
  });

  it('resume where they were after a broken connection', async () => {
    const { simulator, publisher, options, calls } = await startX();
    const run = newRun();
    const steps = options(content({}, [video]));
    await publishStep(publisher, steps, run);
    const confirmed = calls('POST /2/media/upload/:id/append').length;
    simulator.faults.next('POST', /append$/, { do: 'drop', when: 'after' }, 2);
    expect((await failureOf(publishStep(publisher, steps, run))).kind).toBe('PlatformUnavailable');
    const before = simulator.requests.length;
    await publishAll(publisher, steps, run);
    const resumed = simulator.requests[before];
    expect(resumed?.body).toHaveProperty('segment_index', String(confirmed));
    expect(calls('POST /2/media/upload/initialize')).toHaveLength(1);
    expect(simulator.tweets()[0]?.media[0]?.sha256).toBe(video.sha256);
  });

  it('use smaller segments when one is too large', async () => {
    const { simulator, publisher, options, calls } = await startX({ segmentBytesMax: 600_000 });
    const small = mediaItem('video', { bytes: 3 * MB });
    await publishAll(publisher, options(content({}, [small])));
    expect(calls('POST /2/media/upload/:id/append').map((each) => each.status)).toEqual([
      413, 413, 200, 200, 200, 200, 200, 200,
    ]);
    expect(simulator.tweets()[0]?.media[0]?.sha256).toBe(small.sha256);
  });

  it('that X does not want are told with its reason', async () => {
    const { simulator, publisher, options } = await startX({
      processingErrors: [{ name: 'InvalidMedia', message: 'Unsupported codec' }],
    });
    const error = await failureOf(publishAll(publisher, options(content({}, [mediaItem('video')]))));
    expect(error.kind).toBe('MediaRejected');
    expect(error.message).toBe('X refused video.mp4: “InvalidMedia: Unsupported codec”.');
    expect(simulator.tweets()).toEqual([]);
  });

  it('that fail inside X are sent anew, a bounded number of times', async () => {
    const own = { name: 'InternalError', message: 'Oops' };
    const once = await startX({ processingErrors: [own] });
    await publishAll(once.publisher, once.options(content({}, [mediaItem('video')])));
    expect(once.calls('POST /2/media/upload/initialize')).toHaveLength(2);
    const always = await startX({ processingErrors: [own, own, own, own] });
    const error = await failureOf(
      publishAll(always.publisher, always.options(content({}, [mediaItem('video')]))),
    );
    expect(error.kind).toBe('MediaRejected');
    expect(always.calls('POST /2/media/upload/initialize')).toHaveLength(3);
  });

  it('whose upload X has forgotten are sent anew', async () => {
    const { simulator, publisher, options } = await startX({ processingMs: 60_000 });
    const run = newRun();
    const steps = options(content({}, [mediaItem('video')]));
    await publishStep(publisher, steps, run);
    simulator.forgetMedia(simulator.media()[0]!.id);
    await publishAll(publisher, steps, run);
    expect(simulator.tweets()).toHaveLength(1);
  });

  it('and pictures whose upload expired before the post could go out are sent anew', async () => {
    const { simulator, publisher, options, clock, calls } = await startX({ lifeSeconds: 3600 });
    const run = newRun();
    const steps = options(content({}, [mediaItem('image')]));
    await publishStep(publisher, steps, run);
    clock.advance(56 * 60 * 1000);
    await publishAll(publisher, steps, run);
    expect(calls('POST /2/media/upload')).toHaveLength(2);
    expect(simulator.tweets()).toHaveLength(1);
  });

  it('keep their alt text out of a call that X would refuse', async () => {
    const { publisher, options, calls } = await startX();
    await publishAll(publisher, options(content({}, [mediaItem('video', { alt: 'A bell' })])));
    expect(calls('POST /2/media/metadata')).toEqual([]);
  });
});

describe('memory and connections', () => {
  it('a GIF is sent as one, with its alt text', async () => {
    const { simulator, publisher, options } = await startX();
    await publishAll(publisher, options(content({}, [mediaItem('gif', { alt: 'Swinging' })])));
    expect(simulator.tweets()[0]?.media[0]).toMatchObject({ category: 'tweet_gif', alt: 'Swinging' });
  });

  it('all calls but the creating one share a connection; that one has its own', async () => {
    const { simulator, publisher, options } = await startX();
    await publishAll(publisher, options(content({ text: 'Hello' }, [mediaItem('video', { bytes: 9 * MB })])));
    const sockets = new Map(simulator.requests.map((each) => [each.path, each.socket]));
    expect(new Set(simulator.requests.slice(0, -1).map((each) => each.socket)).size).toBe(1);
    expect(sockets.get('/2/tweets')).not.toBe(simulator.requests[0]?.socket);
  });
});
