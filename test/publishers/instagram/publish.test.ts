import { describe, expect, it } from 'vitest';
import { createInstagramPublisher } from '../../../src/publishers/instagram/publisher.ts';
import { content, newRun, publishAll, publishStep, reconcileContext } from '../../helpers/publishing.ts';
import { graphError } from '../../simulators/meta/refusal.ts';
import { failureOf } from '../network.ts';
import { picture, settingsFor, startInstagram, video } from './harness.ts';

const MB = 1_000_000;
const HOUR = 3_600_000;

describe('a picture', () => {
  it('is fetched from its link, looked at, published, and its address read', async () => {
    const { simulator, publisher, options, calls } = await startInstagram();
    const run = newRun();
    const outcome = await publishAll(
      publisher,
      options(content({ text: 'Ding #bell' }, [picture('a.jpg', { alt: 'A "bell"' })])),
      run,
    );
    const [medium] = simulator.media();
    expect(medium?.container).toMatchObject({
      caption: 'Ding #bell',
      alt: 'A "bell"',
      sha256: picture('a.jpg').sha256,
    });
    expect(calls()).toEqual(['POST :id/media', 'GET :id', 'POST :id/media_publish', 'GET :id']);
    expect(outcome).toEqual({
      state: 'published',
      id: medium?.id,
      url: `https://www.instagram.com/p/${medium?.id.slice(-6)}/`,
    });
    expect(run.intents).toEqual([{ text: 'Ding #bell', mediaCount: 1, format: 'feed' }]);
  });

  it('whose address cannot be read is published all the same', async () => {
    const { simulator, publisher, options } = await startInstagram();
    const run = newRun();
    const steps = options(content({}, [picture('a.jpg')]));
    for (let step = 0; step < 3; step += 1) await publishStep(publisher, steps, run);
    simulator.faults.next('GET', /./, { do: 'drop', when: 'before' }, 2);
    const outcome = await publishStep(publisher, steps, run);
    expect(outcome).toEqual({ state: 'published', id: simulator.media()[0]?.id });
  });

  it('needs a public address, which is said when it is scheduled', async () => {
    const { simulator, clock, options } = await startInstagram();
    const publisher = createInstagramPublisher(settingsFor(simulator), clock);
    expect(publisher.validate(content({}, [picture('a.jpg')]))[0]).toMatchObject({
      code: 'PUBLIC_ADDRESS_NEEDED',
      severity: 'error',
      hint: expect.stringContaining('PUBLIC_URL'),
    });
    expect(publisher.validate(content({}, [video()])).filter((each) => each.severity === 'error')).toEqual(
      [],
    );
    const error = await failureOf(publishAll(publisher, options(content({}, [picture('a.jpg')]))));
    expect([error.kind, error.next.do]).toEqual(['ConfigError', 'change config']);
    await publishAll(publisher, options(content({ text: 'Reel' }, [video()])));
    expect(simulator.media()).toHaveLength(1);
  });

  it('that Instagram cannot fetch names the address as the cause', async () => {
    const { publisher, options } = await startInstagram();
    const error = await failureOf(publishAll(publisher, options(content({}, [picture('unknown.jpg')]))));
    expect(error.kind).toBe('ConfigError');
    expect(error.message).toContain('could not be fetched');
    expect(error.hint).toContain('PUBLIC_URL');
  });

  it('of other words or another file gets another container', async () => {
    const { simulator, publisher, options } = await startInstagram();
    const run = newRun();
    await publishStep(publisher, options(content({ text: 'Old' }, [picture('a.jpg')])), run);
    await publishStep(publisher, options(content({ text: 'New' }, [picture('a.jpg')])), run);
    await publishAll(publisher, options(content({ text: 'New' }, [picture('b.jpg')])), run);
    expect(simulator.media().map(({ container }) => [container.caption, container.sha256])).toEqual([
      ['New', picture('b.jpg').sha256],
    ]);
    expect(simulator.containers()).toHaveLength(3);
  });
});

describe('a reel', () => {
  it('is pushed, waited for at growing pauses, and published', async () => {
    const { simulator, publisher, options, calls, clock } = await startInstagram({ processingMs: 70_000 });
    const run = newRun();
    const began = clock.now().getTime();
    const file = video('reel.mp4', { bytes: 3 * MB + 5 });
    await publishAll(publisher, options(content({ text: 'Ding' }, [file])), run);
    expect(calls()).toEqual([
      'GET :id/content_publishing_limit',
      'POST :id/media',
      'POST ig-api-upload/v25.0/:id',
      ...Array(5).fill('GET :id'),
      'POST :id/media_publish',
      'GET :id',
    ]);
    expect(clock.now().getTime() - began).toBe(75_000);
    expect(simulator.requests[1]?.fields).toEqual({
      media_type: 'REELS',
      share_to_feed: 'true',
      upload_type: 'resumable',
      caption: 'Ding',
    });
    expect(simulator.requests[2]).toMatchObject({ host: 'upload', bytes: file.bytes });
    expect(simulator.requests[2]?.headers).toMatchObject({
      offset: '0',
      file_size: String(file.bytes),
      authorization: `OAuth ${simulator.token}`,
    });
    expect(simulator.media()[0]?.container.file?.sha256).toBe(file.sha256);
    expect(run.progress).toContain('uploading video, 100 %');
    expect(run.progress).toContain('Instagram is processing reel.mp4');
  });

  it('goes on from the offset that Instagram names, after breaks and after a restart', async () => {
    const { simulator, publisher, options, clock, pictures } = await startInstagram({ cutAfter: [MB, MB] });
    const file = video('reel.mp4', { bytes: 4 * MB });
    const run = newRun();
    const steps = options(content({}, [file]));
    await publishStep(publisher, steps, run);
    simulator.faults.next('GET', /./, { do: 'drop', when: 'before' }, 2);
    expect((await failureOf(publishStep(publisher, steps, run))).kind).toBe('PlatformUnavailable');
    const restarted = createInstagramPublisher(settingsFor(simulator), clock, pictures.mediaLinks);
    await publishAll(restarted, steps, run);
    expect(
      simulator.requests.filter((each) => each.host === 'upload').map((each) => each.headers.offset),
    ).toEqual(['0', String(MB), String(2 * MB)]);
    expect(simulator.media()[0]?.container.file).toMatchObject({ sha256: file.sha256, parts: 3 });
  });
});

describe('a story', () => {
  const story = { text: 'Words that nobody sees', firstComment: 'Nor this', format: 'story' } as const;

  it('is a picture or a video and nothing else', async () => {
    const { simulator, publisher, options } = await startInstagram();
    await publishAll(publisher, options(content(story, [picture('a.jpg', { alt: 'A bell' })])));
    const run = newRun();
    await publishAll(publisher, options(content(story, [video('b.mp4', { bytes: 9000 })])), run);
    const made = simulator.requests.filter(
      ({ method, path }) => method === 'POST' && path.endsWith('/media'),
    );
    expect(made.map(({ fields: { image_url: _link, ...rest } }) => rest)).toEqual([
      { media_type: 'STORIES' },
      { media_type: 'STORIES', upload_type: 'resumable' },
    ]);
    expect(simulator.media().map(({ container }) => [container.kind, container.isStory])).toEqual([
      ['image', true],
      ['video', true],
    ]);
    expect(simulator.comments()).toEqual([]);
    expect(run.intents).toEqual([{ text: '', mediaCount: 1, format: 'story' }]);
  });

  it('is prepared anew when a reel is made of it, and a reel when it is said so or not', async () => {
    for (const format of ['reel', 'feed', undefined] as const) {
      const { simulator, publisher, options } = await startInstagram();
      const run = newRun();
      await publishStep(publisher, options(content(story, [video()])), run);
      const words = { text: 'Reel', ...(format ? { format } : {}) };
      await publishAll(publisher, options(content(words, [video()])), run);
      expect(simulator.containers().map((each) => each.isStory)).toEqual([true, false]);
      expect(simulator.media().map(({ container }) => container.caption)).toEqual(['Reel']);
    }
  });
});

describe('a carousel', () => {
  it('mixes pictures and videos in their order; the caption is on the whole', async () => {
    const { simulator, publisher, options } = await startInstagram({ imageMs: 3000 });
    const media = [picture('a.jpg', { alt: 'First' }), video('b.mp4'), picture('c.jpg')];
    await publishAll(publisher, options(content({ text: 'Three' }, media)));
    const [medium] = simulator.media();
    expect(medium?.container).toMatchObject({ kind: 'carousel', caption: 'Three' });
    expect(
      medium?.container.children.map((each) => [each.kind, each.sha256 ?? each.file?.sha256, each.alt]),
    ).toEqual([
      ['image', media[0]?.sha256, 'First'],
      ['video', media[1]?.sha256, undefined],
      ['image', media[2]?.sha256, undefined],
    ]);
    // All containers are made before the first is waited for.
    expect(
      simulator.requests
        .filter((each) => each.method === 'POST')
        .map((each) => each.fields.media_type ?? each.host),
    ).toEqual(['api', 'VIDEO', 'upload', 'api', 'CAROUSEL', 'api']);
    expect(simulator.containers()).toHaveLength(4);
  });

  it('keeps what is ready when one medium is edited', async () => {
    const { simulator, publisher, options } = await startInstagram();
    const run = newRun();
    const names = (...all: string[]) =>
      content(
        { text: 'X' },
        all.map((name) => picture(name)),
      );
    for (let step = 0; step < 5; step += 1)
      await publishStep(publisher, options(names('a.jpg', 'b.jpg')), run);
    await publishAll(publisher, options(names('a.jpg', 'c.jpg')), run);
    expect(simulator.media()[0]?.container.children.map((each) => each.sha256)).toEqual([
      picture('a.jpg').sha256,
      picture('c.jpg').sha256,
    ]);
    // a, b, their carousel, c, its carousel.
    expect(simulator.containers()).toHaveLength(5);
  });
});

describe('containers', () => {
  it('that are too old are made anew', async () => {
    const { simulator, publisher, options, clock } = await startInstagram();
    const run = newRun();
    const steps = options(content({ text: 'X' }, [picture('a.jpg'), picture('b.jpg')]));
    for (let step = 0; step < 5; step += 1) await publishStep(publisher, steps, run);
    clock.advance(23 * HOUR);
    await publishAll(publisher, steps, run);
    expect(simulator.media()).toHaveLength(1);
    expect(simulator.containers()).toHaveLength(6);
  });

  it('that expired or that Instagram has forgotten are made anew', async () => {
    for (const spoil of ['expire', 'forget'] as const) {
      const { simulator, publisher, options, clock } = await startInstagram({ lifeMs: HOUR });
      const run = newRun();
      const steps = options(content({ text: 'X' }, [picture('a.jpg')]));
      await publishStep(publisher, steps, run);
      await publishStep(publisher, steps, run);
      if (spoil === 'forget') simulator.forget(simulator.containers()[0]!.id);
      clock.advance(2 * HOUR);
      await publishAll(publisher, steps, run);
      expect(simulator.media()).toHaveLength(1);
    }
  });

  it.each([
    [2207026, 'MediaRejected', /H\.264/],
    [2207005, 'MediaRejected', /JPEG/],
    [2207052, 'ConfigError', /PUBLIC_URL/],
  ] as const)('that failed with %i are told', async (subcode, kind, hint) => {
    const { publisher, options } = await startInstagram({ failures: [subcode] });
    const error = await failureOf(publishAll(publisher, options(content({}, [video()]))));
    expect(error.kind).toBe(kind);
    expect(error.hint).toMatch(hint);
    expect(error.message).toContain(String(subcode));
  });

  it.each([2207003, 2207053, 2207999])(
    'that failed with %i are made anew, a bounded number of times',
    async (subcode) => {
      const once = await startInstagram({ failures: [subcode] });
      await publishAll(once.publisher, once.options(content({}, [picture('a.jpg')])));
      expect(once.simulator.containers()).toHaveLength(2);
      const always = await startInstagram({ failures: [subcode, subcode, subcode, subcode] });
      const error = await failureOf(
        publishAll(always.publisher, always.options(content({}, [picture('a.jpg')]))),
      );
      expect(error.kind).toBe('MediaRejected');
      expect(always.simulator.containers()).toHaveLength(3);
    },
  );

  it('that were published by an earlier try are looked up, and not published again', async () => {
    const { simulator, publisher, options, clock } = await startInstagram();
    const run = newRun();
    const steps = options(content({ text: 'X' }, [picture('a.jpg')]));
    await publishStep(publisher, steps, run);
    await publishStep(publisher, steps, run);
    const checkpoint = run.checkpoint;
    await publishAll(publisher, steps, run);
    clock.advance(10 * 60_000);
    // As if everything after the container had been forgotten.
    const again = { ...newRun(), ...(checkpoint ? { checkpoint } : {}) };
    const outcome = await publishAll(publisher, steps, again);
    expect(outcome).toMatchObject({ id: simulator.media()[0]?.id });
    expect(again.intents).toEqual([]);
    expect(simulator.media()).toHaveLength(1);
  });
});

describe('the allowance of a day', () => {
  it('the account’s own number, as Instagram tells it at the start, is the one that posts are planned by', async () => {
    const { publisher } = await startInstagram({ quotaTotal: 25 });
    expect(publisher.capabilities.quotas).toMatchObject([{ what: 'posts', max: 100 }]);
    await publisher.identify(new AbortController().signal);
    expect(publisher.capabilities.quotas).toMatchObject([{ what: 'posts', max: 25 }]);
  });

  it('is read before a video is sent; without room nothing is sent', async () => {
    const { simulator, publisher, options, clock } = await startInstagram({ quotaTotal: 1 });
    await publishAll(publisher, options(content({ text: 'One' }, [picture('a.jpg')])));
    const run = newRun();
    const steps = options(content({ text: 'Two' }, [video()]));
    const error = await failureOf(publishAll(publisher, steps, run));
    expect(error.kind).toBe('QuotaSpent');
    expect(error.next).toEqual({ do: 'at', at: new Date(clock.now().getTime() + HOUR) });
    expect(error.message).toBe('Instagram takes 1 posts of an account in 24 hours, and 1 are used.');
    expect(simulator.containers()).toHaveLength(1);
    clock.advance(25 * HOUR);
    await publishAll(publisher, steps, run);
    expect(simulator.media()).toHaveLength(2);
  });

  it('that is spent refuses a picture for certain, so that it is sent once there is room', async () => {
    const { simulator, publisher, options, clock } = await startInstagram({ quotaTotal: 1 });
    await publishAll(publisher, options(content({ text: 'One' }, [picture('a.jpg')])));
    const run = newRun();
    const steps = options(content({ text: 'Two' }, [picture('b.jpg')]));
    const error = await failureOf(publishAll(publisher, steps, run));
    expect([error.kind, error.next.do]).toEqual(['QuotaSpent', 'at']);
    clock.advance(25 * HOUR);
    await publishAll(publisher, steps, run);
    expect(simulator.media().map(({ container }) => container.caption)).toEqual(['One', 'Two']);
  });
});

describe('the first comment', () => {
  const withComment = content({ text: 'Hello', firstComment: 'First!' }, [picture('a.jpg')]);

  it('is written after the post, as an attempt of its own', async () => {
    const { simulator, publisher, options } = await startInstagram();
    const run = newRun();
    await publishAll(publisher, options(withComment), run);
    expect(simulator.comments()).toEqual([{ on: simulator.media()[0]?.id, message: 'First!' }]);
    expect(run.intents.map(({ text }) => text)).toEqual(['Hello', 'First!']);
  });

  it('that is refused does not touch the post, and is told beside it', async () => {
    const { simulator, publisher, options } = await startInstagram();
    const body = graphError({ code: 10, message: 'No right' });
    simulator.faults.next('POST', /comments$/, { do: 'answer', status: 400, body });
    const run = newRun();
    expect(await publishAll(publisher, options(withComment), run)).toMatchObject({
      state: 'published',
      remark:
        'The first comment could not be written: Instagram does not permit it: “No right”. Write it there by hand.',
    });
    expect(run.log.at(-1)?.level).toBe('warn');
  });

  it('after a crash amid it the post is found, and nothing is written twice', async () => {
    const { simulator, publisher, options } = await startInstagram();
    const run = newRun();
    while (run.intents.length < 2) await publishStep(publisher, options(withComment), run);
    const answer = await publisher.reconcile(reconcileContext(options(withComment), run));
    const remark = expect.stringMatching(/^It is not known whether the first comment was written/);
    expect(answer).toMatchObject({ state: 'published', id: simulator.media()[0]?.id, remark });
    expect(simulator.comments()).toHaveLength(1);
  });
});

describe('the two logins', () => {
  it('only that of Facebook may delete', async () => {
    const facebook = await startInstagram();
    expect(facebook.publisher.capabilities.removable).toBe(true);
    const instagram = await startInstagram({ login: 'instagram' });
    expect(instagram.publisher.capabilities.removable).toBe(false);
    expect(instagram.publisher.remove).toBeUndefined();
  });

  it('say whose account it is', async () => {
    const { simulator, publisher } = await startInstagram({ login: 'instagram' });
    expect(await publisher.identify(new AbortController().signal)).toEqual({
      remoteId: simulator.userId,
      handle: 'acme.bells',
      name: 'Acme Bells',
      profileUrl: 'https://www.instagram.com/acme.bells/',
    });
  });

  it('name their own rights', async () => {
    for (const login of ['facebook', 'instagram'] as const) {
      const { simulator, publisher } = await startInstagram({ login });
      simulator.refuseAll({ code: 10 });
      const error = await failureOf(publisher.identify(new AbortController().signal));
      expect(error.hint).toContain(
        login === 'facebook' ? 'instagram_content_publish' : 'instagram_business_content_publish',
      );
    }
  });
});
