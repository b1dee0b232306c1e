import { createServer, type IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createPinterestPublisher } from '../../../src/publishers/pinterest/publisher.ts';
import { createManualClock } from '../../helpers/manual-clock.ts';
import { memoryVault } from '../../helpers/memory-vault.ts';
import { account, content, mediaItem, newRun, publishAll, publishStep } from '../../helpers/publishing.ts';
import { failureOf } from '../network.ts';
import { BELLS, startPinterest } from './harness.ts';

const MB = 1_000_000;
const { signal } = new AbortController();

describe('pictures', () => {
  it('stand in the one creating call as base64, with all words; every byte arrives', async () => {
    const { simulator, publisher, options } = await startPinterest();
    const picture = mediaItem('image', { name: 'a.jpg', bytes: 100_001, alt: 'A "bell"\nof bronze' });
    const words = { title: ' Bells ', text: 'Ding\n"dong" é', link: 'https://example.com/bells' };
    const run = newRun();
    const outcome = await publishAll(publisher, options(content(words, [picture])), run);
    expect(simulator.requests.map((each) => `${each.method} ${each.path}`)).toEqual(['POST /v5/pins']);
    expect(simulator.requests[0]?.body).toEqual({
      board_id: BELLS,
      title: 'Bells',
      description: 'Ding\n"dong" é',
      link: 'https://example.com/bells',
      alt_text: 'A "bell"\nof bronze',
      media_source: { source_type: 'image_base64', content_type: 'image/jpeg', data: '133336 characters' },
    });
    const [pin] = simulator.pins();
    expect(pin).toMatchObject({ kind: 'image', media: [{ sha256: picture.sha256, bytes: 100_001 }] });
    expect(outcome).toEqual({
      state: 'published',
      id: pin?.id,
      url: `https://www.pinterest.com/pin/${pin?.id}/`,
    });
    expect(run.intents).toEqual([
      { text: 'Bells\n\nDing\n"dong" é', link: 'https://example.com/bells', mediaCount: 1 },
    ]);
  });

  it.each([0, 1, 2])('of every length modulo three (%i)', async (more) => {
    const { simulator, publisher, options } = await startPinterest();
    const picture = mediaItem('image', { bytes: 3 * 65_536 + more });
    await publishAll(publisher, options(content({}, [picture])));
    expect(simulator.pins()[0]?.media[0]?.sha256).toBe(picture.sha256);
  });

  it('two to five of them become a carousel', async () => {
    const { simulator, publisher, options } = await startPinterest();
    const media = Array.from({ length: 5 }, (_, index) =>
      mediaItem('image', { name: `${index}.png`, mime: 'image/png', bytes: MB + index }),
    );
    await publishAll(publisher, options(content({ text: 'Five' }, media)));
    expect(simulator.pins()[0]?.kind).toBe('multiple_images');
    expect(simulator.pins()[0]?.media.map((each) => each.sha256)).toEqual(media.map((each) => each.sha256));
  });

  it('tell that a pin has one alt text', async () => {
    const { publisher } = await startPinterest();
    const media = ['a.jpg', 'b.jpg'].map((name) => mediaItem('image', { name, alt: name }));
    expect(publisher.validate(content({}, media)).map((each) => each.code)).toEqual(['ALT_DROPPED']);
  });
});

describe('boards', () => {
  const named = (board: string) => content({ text: 'Pin', board }, [mediaItem('image')]);

  it.each(['Summer recipes', ' summer RECIPES ', '549755885175002'])(
    'are found by name or id: %s',
    async (board) => {
      const { simulator, publisher, options } = await startPinterest();
      await publishAll(publisher, options(named(board)));
      expect(simulator.pins()[0]?.board).toBe('549755885175002');
    },
  );

  it('are listed once for a while, and again when one is named that was not there', async () => {
    const { simulator, publisher, options, calls, clock } = await startPinterest();
    await publishAll(publisher, options(named('Bells')));
    await publishAll(publisher, options(named('Summer recipes')));
    expect(calls('GET boards')).toHaveLength(1);
    simulator.options.boards = [...simulator.options.boards, { id: '549755885175003', name: '2027' }];
    await publishAll(publisher, options(named('2027')));
    expect(simulator.pins()[2]?.board).toBe('549755885175003');
    expect(calls('GET boards')).toHaveLength(2);
    clock.advance(10 * 60_000);
    await publishAll(publisher, options(named('Bells')));
    expect(calls('GET boards')).toHaveLength(3);
  });

  it('of several pages are all known, by name', async () => {
    const boards = Array.from({ length: 600 }, (_, index) => ({
      id: `54975588517${5000 + index}`,
      name: `Board ${index}`,
    }));
    const { simulator, publisher, account, options, calls } = await startPinterest({ boards });
    await publishAll(publisher, options(named('Board 599')));
    expect(simulator.pins()[0]?.board).toBe('549755885175599');
    expect(calls('GET boards')).toHaveLength(3);
    expect(await publisher.boards?.({ account, signal })).toHaveLength(600);
  });

  it('that are not there are told with those that are', async () => {
    const { publisher, options, calls } = await startPinterest();
    const error = await failureOf(publishAll(publisher, options(named('Wells'))));
    expect([error.kind, error.next.do]).toEqual(['ContentRejected', 'change content']);
    expect(error.message).toBe(
      'There is no board “Wells” on Pinterest. Did you mean Bells? Possible: Bells, Summer recipes.',
    );
    expect(calls('POST pins')).toEqual([]);
  });

  it('need be named only when the configuration names none', async () => {
    const { publisher, create, options } = await startPinterest();
    const plain = content({ text: 'Pin' }, [mediaItem('image')]);
    expect(publisher.validate(plain)).toEqual([]);
    const settings = { credentials: { accessToken: 'x' } };
    const without = createPinterestPublisher(settings, memoryVault(), createManualClock());
    expect(without.validate(plain).map((each) => each.code)).toEqual(['BOARD_REQUIRED']);
    expect(create().capabilities.board).toEqual({ required: false });
    expect((await failureOf(publishAll(without, options(plain)))).message).toContain('needs a board');
  });

  it('that were changed by an edit are looked up anew', async () => {
    const { simulator, publisher, options } = await startPinterest();
    const run = newRun();
    await publishStep(publisher, options(named('Bells')), run);
    await publishAll(publisher, options(named('Summer recipes')), run);
    expect(simulator.pins()[0]?.board).toBe('549755885175002');
  });
});

describe('videos', () => {
  const video = mediaItem('video', { name: 'bell.mp4', bytes: 5 * MB + 17, alt: 'A bell' });

  it.each([
    ['after', (still: typeof video) => [video, still]],
    ['before', (still: typeof video) => [still, video]],
  ])('have the picture that was sent %s them as their cover, every byte of it', async (_name, order) => {
    const { simulator, publisher, options } = await startPinterest();
    const still = mediaItem('image', { name: 'still.png', mime: 'image/png', bytes: 100_001 });
    const what = content({ text: 'Ding', cover: 3 }, order(still));
    expect(publisher.validate(what).map(({ code }) => code)).toEqual(['COVER_DROPPED']);
    const run = newRun();
    await publishAll(publisher, options(what), run);
    const [pin] = simulator.pins();
    expect(pin).toMatchObject({
      kind: 'video',
      media: [{ sha256: video.sha256 }],
      coverPicture: { sha256: still.sha256, bytes: 100_001, type: 'image/png' },
    });
    expect(pin).not.toHaveProperty('cover');
    expect(run.intents).toEqual([{ text: 'Ding', mediaCount: 1 }]);
  });

  it('have the second that was named as their cover', async () => {
    const { simulator, publisher, options } = await startPinterest();
    await publishAll(publisher, options(content({ cover: 3 }, [video])));
    expect(simulator.pins()).toMatchObject([{ kind: 'video', cover: 3 }]);
  });

  it('with two pictures are no pin', async () => {
    const { publisher } = await startPinterest();
    const pictures = ['a.jpg', 'b.jpg'].map((name) => mediaItem('image', { name }));
    expect(publisher.validate(content({}, [video, ...pictures])).map(({ code }) => code)).toContain(
      'MEDIA_MIXED',
    );
  });

  it('are registered, sent to the store without a token, waited for, and shown with a cover', async () => {
    const { simulator, publisher, options, clock, calls } = await startPinterest({ processingMs: 12_000 });
    const run = newRun();
    const began = clock.now().getTime();
    await publishAll(publisher, options(content({ text: 'Ding' }, [video])), run);
    expect(simulator.requests.map((each) => `${each.method} ${each.path.replace(/\d{5,}/, ':id')}`)).toEqual([
      'POST /v5/media',
      'POST /store/',
      'GET /v5/media/:id',
      'GET /v5/media/:id',
      'GET /v5/media/:id',
      'POST /v5/pins',
    ]);
    expect(simulator.videos()[0]).toMatchObject({
      sha256: video.sha256,
      bytes: video.bytes,
      type: 'video/mp4',
    });
    expect(simulator.pins()[0]).toMatchObject({ kind: 'video', cover: 0, alt: 'A bell' });
    expect(calls('POST pins')[0]?.body).toHaveProperty('media_source', {
      source_type: 'video_id',
      media_id: simulator.videos()[0]?.id,
      cover_image_key_frame_time: 0,
    });
    expect(clock.now().getTime() - began).toBeLessThan(20_000);
    expect(run.progress).toContain('uploading video, 100 %');
    expect(run.progress.at(-1)).toBe('Pinterest is processing the video');
    // What signs the upload is as good as a password: it is not kept.
    expect(JSON.stringify(run.outcomes)).not.toContain('amz');
  });

  it('that Pinterest cannot process are told, and nothing is pinned', async () => {
    const { simulator, publisher, options } = await startPinterest({ failures: 1 });
    const error = await failureOf(publishAll(publisher, options(content({}, [video]))));
    expect([error.kind, error.message]).toEqual([
      'MediaRejected',
      'Pinterest refused bell.mp4: Pinterest could not process it.',
    ]);
    expect(simulator.pins()).toEqual([]);
  });

  it('that Pinterest has forgotten or does not finish are sent anew, a bounded number of times', async () => {
    const { simulator, publisher, options, calls } = await startPinterest({ processingMs: 60_000 });
    const run = newRun();
    const steps = options(content({}, [video]));
    await publishStep(publisher, steps, run);
    await publishStep(publisher, steps, run);
    simulator.forgetVideo(simulator.videos()[0]!.id);
    await publishAll(publisher, steps, run);
    expect(calls('POST media')).toHaveLength(2);
    expect(simulator.pins()).toHaveLength(1);
    const never = await startPinterest({ processingMs: 1e12 });
    const error = await failureOf(publishAll(never.publisher, never.options(content({}, [video]))));
    expect(error.message).toBe('Pinterest refused bell.mp4: Pinterest did not finish with it (3 times).');
    expect(never.calls('POST media')).toHaveLength(3);
  });

  it('that were edited since the checkpoint are sent, and not the old one', async () => {
    const { simulator, publisher, options } = await startPinterest();
    const run = newRun();
    await publishStep(publisher, options(content({}, [video])), run);
    await publishStep(publisher, options(content({}, [video])), run);
    const other = mediaItem('video', { name: 'other.mp4' });
    await publishAll(publisher, options(content({}, [other])), run);
    expect(simulator.pins()[0]?.media[0]?.sha256).toBe(other.sha256);
  });

  it.each([
    ['refused by the store', { do: 'answer', status: 403, body: '<Error><Code>AccessDenied</Code></Error>' }],
    [
      'not found by the store',
      { do: 'answer', status: 404, body: '<Error><Code>NoSuchBucket</Code></Error>' },
    ],
    ['broken off', { do: 'drop', when: 'after' }],
    ['answered with a fault', { do: 'answer', status: 500, body: '' }],
  ] as const)('whose upload is %s are sent again later; the account is not blamed', async (_name, fault) => {
    const { simulator, publisher, options } = await startPinterest();
    simulator.faults.next('POST', /store/, fault, 2);
    const error = await failureOf(publishAll(publisher, options(content({}, [video]))));
    expect([error.kind, error.next.do]).toEqual(['PlatformUnavailable', 'later']);
    simulator.faults.clear();
    expect(await publishAll(publisher, options(content({}, [video])))).toMatchObject({ state: 'published' });
  });

  it('that are too large for the store need another file', async () => {
    const { simulator, publisher, options } = await startPinterest();
    simulator.faults.next('POST', /store/, { do: 'answer', status: 413, body: '' });
    expect((await failureOf(publishAll(publisher, options(content({}, [video]))))).kind).toBe(
      'MediaRejected',
    );
  });
});

describe('a creating call that carries pictures', () => {
  async function against(onCreate: (request: IncomingMessage) => void) {
    const server = createServer(onCreate);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const clock = createManualClock();
    const settings = {
      credentials: { accessToken: 't-1' },
      boardId: BELLS,
      apiUrl: `http://127.0.0.1:${port}`,
    };
    const publisher = createPinterestPublisher(settings, memoryVault(), clock);
    const media = Array.from({ length: 5 }, (_, index) =>
      mediaItem('image', { name: `${index}`, bytes: 8 * MB }),
    );
    try {
      return await failureOf(
        publishAll(publisher, { account: account('pinterest'), content: content({}, media), clock }),
      );
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  it('and breaks in the middle has created nothing: no server acts on a part of a request', async () => {
    const error = await against((request) => void request.once('data', () => request.socket.destroy()));
    expect([error.kind, error.next.do]).toEqual(['PlatformUnavailable', 'later']);
  });

  it('and breaks at its very end leaves doubt', async () => {
    const error = await against((request) => {
      request.resume().once('end', () => request.socket.destroy());
    });
    expect([error.kind, error.next.do]).toEqual(['OutcomeUnknown', 'reconcile']);
  });
});

describe('removal', () => {
  it('removes, and tells what stands in the way', async () => {
    const { simulator, publisher, options, account: who } = await startPinterest();
    const outcome = await publishAll(publisher, options(content({ text: 'Hello' }, [mediaItem('image')])));
    const removal = { account: who, id: outcome.state === 'published' ? outcome.id : '', signal };
    simulator.faults.next('DELETE', /pins/, { do: 'answer', status: 500, body: '' });
    expect((await failureOf(publisher.remove!(removal))).kind).toBe('PlatformUnavailable');
    simulator.faults.next('DELETE', /pins/, { do: 'answer', status: 404, body: '<html></html>' });
    expect((await failureOf(publisher.remove!(removal))).code).toBe('CONFIG_INVALID');
    await publisher.remove!(removal);
    await publisher.remove!(removal);
    expect(simulator.pins()).toEqual([]);
  });
});
