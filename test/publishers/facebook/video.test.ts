import { describe, expect, it } from 'vitest';
import { createFacebookPublisher } from '../../../src/publishers/facebook/publisher.ts';
import { content, mediaItem, newRun, publishAll, publishStep } from '../../helpers/publishing.ts';
import { graphError } from '../../simulators/meta/refusal.ts';
import { failureOf } from '../network.ts';
import { settingsFor, startFacebook } from './harness.ts';

const MB = 1_000_000;
const wide = (patch: Parameters<typeof mediaItem>[1] = {}) =>
  mediaItem('video', { name: 'wide.mp4', width: 1280, height: 720, ...patch });
const tall = (patch: Parameters<typeof mediaItem>[1] = {}) =>
  mediaItem('video', { name: 'tall.mp4', ...patch });

describe('which one it becomes', () => {
  it.each([
    ['9:16 and 3 to 90 seconds', tall(), 'reel'],
    ['9:16 of 3 seconds', tall({ durationMs: 3000 }), 'reel'],
    ['9:16 of 90 seconds', tall({ durationMs: 90_000 }), 'reel'],
    ['9:16, rounded by the encoder', tall({ width: 606, height: 1080 }), 'reel'],
    ['9:16 of 91 seconds', tall({ durationMs: 91_000 }), 'video'],
    ['9:16 of 2 seconds', tall({ durationMs: 2000 }), 'video'],
    ['9:16, too small for a reel', tall({ width: 360, height: 640 }), 'video'],
    [
      '9:16 in a container that reels do not take',
      tall({ container: 'mov', mime: 'video/quicktime' }),
      'video',
    ],
    ['16:9', wide(), 'video'],
    ['square', wide({ width: 1080, height: 1080 }), 'video'],
  ])('%s', async (_name, file, kind) => {
    const { simulator, publisher, options } = await startFacebook();
    await publishAll(publisher, options(content({ text: 'Ding' }, [file])));
    expect(simulator.videos().map((each) => each.kind)).toEqual([kind]);
    expect(simulator.videos()[0]?.description).toBe('Ding');
    expect(simulator.videos()[0]?.file.sha256).toBe(file.sha256);
  });
});

describe('which one it becomes when a person has said so', () => {
  it.each([
    ['feed', tall(), 'video'],
    ['reel', tall(), 'reel'],
  ] as const)('as:%s', async (format, file, kind) => {
    const { simulator, publisher, options } = await startFacebook();
    await publishAll(publisher, options(content({ format }, [file])));
    expect(simulator.videos().map((each) => each.kind)).toEqual([kind]);
  });

  it('as another one after an edit: the upload is begun anew, and only the last one is shown', async () => {
    const { simulator, publisher, options } = await startFacebook();
    const run = newRun();
    for (const format of ['reel', 'feed'] as const)
      await publishStep(publisher, options(content({ format }, [tall()])), run);
    await publishAll(publisher, options(content({ format: 'feed' }, [tall()])), run);
    const shown = simulator.videos().filter(({ createdAt }) => createdAt !== undefined);
    expect(shown.map((each) => each.kind)).toEqual(['video']);
  });
});

describe('a feed video', () => {
  it('goes through an upload session, is waited for, and gets its first comment when it is there', async () => {
    const { simulator, publisher, options, calls, clock } = await startFacebook({ processingMs: 40_000 });
    const run = newRun();
    const began = clock.now().getTime();
    const what = content({ text: 'Ding', firstComment: 'Dong' }, [wide({ bytes: 5 * MB + 3 })]);
    const outcome = await publishAll(publisher, options(what), run);
    const [video] = simulator.videos();
    expect(calls()).toEqual([
      'GET app',
      'POST :id/uploads',
      'POST upload:',
      'POST :id/videos',
      'GET :id',
      'GET :id',
      'GET :id',
      'GET :id',
      'POST :id/comments',
    ]);
    expect(clock.now().getTime() - began).toBe(45_000);
    expect(simulator.requests[1]?.fields).toEqual({
      file_name: 'video.mp4',
      file_length: String(5 * MB + 3),
      file_type: 'video/mp4',
    });
    expect(simulator.requests[2]?.headers).toMatchObject({
      file_offset: '0',
      authorization: `OAuth ${simulator.token}`,
    });
    expect(video?.file).toMatchObject({ received: 5 * MB + 3, parts: 1 });
    expect(outcome).toEqual({
      state: 'published',
      id: video?.id,
      url: `https://www.facebook.com/acme/videos/${video?.id}/`,
    });
    expect(simulator.comments()).toEqual([{ on: video?.id, message: 'Dong' }]);
    expect(run.outcomes.filter((each) => 'id' in each && each.state === 'pending').length).toBeGreaterThan(0);
    expect(run.progress).toContain('uploading video, 100 %');
    // Whose app it is, is asked once.
    await publishAll(publisher, options(content({}, [wide()])));
    expect(calls().filter((call) => call === 'GET app')).toHaveLength(1);
    expect(run.progress).toContain('Facebook is processing the video');
  });

  it('needs no question about the app when it is configured', async () => {
    const { simulator, options, calls, clock } = await startFacebook();
    const publisher = createFacebookPublisher({ ...settingsFor(simulator), appId: simulator.appId }, clock);
    await publishAll(publisher, options(content({}, [wide()])));
    expect(calls().slice(0, 3)).toEqual(['POST :id/uploads', 'POST upload:', 'POST :id/videos']);
  });

  it('goes on within the step from the offset that Facebook names, after each break', async () => {
    const { simulator, publisher, options, calls } = await startFacebook({ cutAfter: [2 * MB, 1 * MB] });
    const file = wide({ bytes: 8 * MB + 7 });
    const run = newRun();
    await publishAll(publisher, options(content({}, [file])), run);
    expect(simulator.videos()[0]?.file).toMatchObject({
      sha256: file.sha256,
      received: file.bytes,
      parts: 3,
    });
    expect(
      simulator.requests
        .filter((each) => each.headers.file_offset !== undefined)
        .map((each) => each.headers.file_offset),
    ).toEqual(['0', String(2 * MB), String(3 * MB)]);
    expect(calls().filter((each) => each === 'POST :id/uploads')).toHaveLength(1);
  });

  it('goes on after a restart from the offset that Facebook names', async () => {
    const { simulator, publisher, options, calls, clock } = await startFacebook({ cutAfter: [2 * MB] });
    const file = wide({ bytes: 5 * MB });
    const run = newRun();
    const steps = options(content({}, [file]));
    await publishStep(publisher, steps, run);
    simulator.faults.next('GET', /upload:/, { do: 'drop', when: 'before' }, 2);
    expect((await failureOf(publishStep(publisher, steps, run))).kind).toBe('PlatformUnavailable');
    const restarted = createFacebookPublisher(settingsFor(simulator), clock);
    await publishAll(restarted, steps, run);
    expect(calls().filter((each) => each === 'POST :id/uploads')).toHaveLength(1);
    expect(simulator.videos()[0]?.file).toMatchObject({ sha256: file.sha256, parts: 2 });
  });

  it('whose bytes are all there gets its handle by an empty rest', async () => {
    const { simulator, publisher, options } = await startFacebook();
    const file = wide({ bytes: 2 * MB });
    simulator.faults.next('POST', /upload:/, { do: 'drop', when: 'after' });
    await publishAll(publisher, options(content({}, [file])));
    expect(simulator.videos()[0]?.file.sha256).toBe(file.sha256);
    expect(simulator.requests.filter((each) => each.headers.file_offset === String(2 * MB))).toHaveLength(1);
  });

  it('stops when no byte gets through, and keeps what is there', async () => {
    const { simulator, publisher, options } = await startFacebook({ cutAfter: [MB, 0, 0, 0] });
    const run = newRun();
    const steps = options(content({}, [wide({ bytes: 3 * MB })]));
    await publishStep(publisher, steps, run);
    expect((await failureOf(publishStep(publisher, steps, run))).kind).toBe('PlatformUnavailable');
    simulator.options.cutAfter.length = 0;
    await publishAll(publisher, steps, run);
    expect(simulator.created()).toBe(1);
  });

  it('whose session Facebook has forgotten is sent anew, a bounded number of times', async () => {
    const { simulator, publisher, options, calls } = await startFacebook();
    const run = newRun();
    const steps = options(content({}, [wide()]));
    for (let times = 0; times < 3; times += 1) {
      await publishStep(publisher, steps, run);
      simulator.forget((run.checkpoint as { upload: { id: string } }).upload.id);
    }
    const error = await failureOf(publishStep(publisher, steps, run));
    expect(error.kind).toBe('MediaRejected');
    expect(error.message).toContain('3 times');
    expect(calls().filter((each) => each === 'POST :id/uploads')).toHaveLength(3);
  });

  it('that Facebook has taken is not called failed because a look at it fails', async () => {
    const { simulator, publisher, options, clock } = await startFacebook();
    const run = newRun();
    const began = clock.now().getTime();
    const look = /\/\d+$/;
    simulator.faults.next('GET', look, { do: 'drop', when: 'before' }, 2);
    simulator.faults.next('GET', look, { do: 'answer', status: 500, body: '' });
    simulator.faults.next('GET', look, { do: 'answer', status: 400, body: graphError({ code: 32 }) });
    expect(await publishAll(publisher, options(content({}, [wide()])), run)).toMatchObject({
      state: 'published',
    });
    // A minute for each of the two that failed, a quarter of an hour as asked.
    expect(clock.now().getTime() - began).toBe(17 * 60_000);
    expect(run.intents).toHaveLength(1);
    expect(simulator.created()).toBe(1);
  });

  it('that was uploaded a day before it may go out is uploaded again', async () => {
    const { simulator, publisher, options, clock, calls } = await startFacebook();
    const run = newRun();
    const steps = options(content({}, [wide()]));
    await publishStep(publisher, steps, run);
    await publishStep(publisher, steps, run);
    clock.advance(21 * 3_600_000);
    await publishAll(publisher, steps, run);
    expect(calls().filter((each) => each === 'POST :id/uploads')).toHaveLength(2);
    expect(simulator.created()).toBe(1);
  });

  it('that Facebook cannot process is told with its reason, and nothing stays', async () => {
    const { publisher, options } = await startFacebook({ processingErrors: ['Unsupported codec'] });
    const error = await failureOf(publishAll(publisher, options(content({}, [wide()]))));
    expect(error.kind).toBe('MediaRejected');
    expect(error.message).toBe('Facebook could not process the video: “Unsupported codec”.');
  });
});

describe('a reel', () => {
  it('has its id before it is published; its bytes go to the other host', async () => {
    const { simulator, publisher, options, calls } = await startFacebook();
    const run = newRun();
    const file = tall({ bytes: 3 * MB });
    const outcome = await publishAll(publisher, options(content({ text: 'Ding' }, [file])), run);
    const [reel] = simulator.videos();
    expect(calls()).toEqual([
      'POST :id/video_reels',
      'POST video-upload/v25.0/:id',
      'POST :id/video_reels',
      'GET :id',
      'GET :id',
      'GET :id',
    ]);
    expect(simulator.requests[1]).toMatchObject({ host: 'upload', bytes: 3 * MB });
    expect(simulator.requests[1]?.headers).toMatchObject({
      offset: '0',
      file_size: String(3 * MB),
      authorization: `OAuth ${simulator.token}`,
    });
    expect(outcome).toEqual({
      state: 'published',
      id: reel?.id,
      url: `https://www.facebook.com/reel/${reel?.id}/`,
    });
  });

  it('goes on from the offset after a break, and needs no rest when all is there', async () => {
    const { simulator, publisher, options } = await startFacebook({ cutAfter: [MB] });
    const file = tall({ bytes: 3 * MB });
    simulator.faults.next('POST', /video-upload/, { do: 'hold', until: Promise.resolve() });
    simulator.faults.next('POST', /video-upload/, { do: 'drop', when: 'after' });
    await publishAll(publisher, options(content({}, [file])));
    expect(simulator.videos()[0]?.file).toMatchObject({ sha256: file.sha256, parts: 2 });
    expect(
      simulator.requests.filter((each) => each.host === 'upload').map((each) => each.headers.offset),
    ).toEqual(['0', String(MB)]);
  });

  it('beyond thirty a day waits', async () => {
    const { publisher, options } = await startFacebook({ reelsPerDay: 0 });
    const error = await failureOf(publishAll(publisher, options(content({}, [tall()]))));
    expect([error.kind, error.next.do]).toEqual(['RateLimited', 'at']);
  });

  it('is sent to no host that only an answer names', async () => {
    const { simulator, publisher, options } = await startFacebook();
    simulator.faults.next('POST', /video_reels$/, {
      do: 'answer',
      status: 200,
      body: { video_id: '999', upload_url: 'https://evil.example/video-upload/v25.0/999' },
    });
    await publishAll(publisher, options(content({}, [tall()])));
    // The known host was asked and knew no such reel, so it was begun anew.
    expect(simulator.requests[1]).toMatchObject({ host: 'upload', path: '/video-upload/v25.0/999' });
    expect(simulator.created()).toBe(1);
  });
});
