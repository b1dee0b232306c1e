import { createServer, type IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { MediaItem } from '../../../src/core/words.ts';
import { createTumblrPublisher } from '../../../src/publishers/tumblr/publisher.ts';
import { createManualClock, createSeededRandom } from '../../helpers/manual-clock.ts';
import { memoryVault } from '../../helpers/memory-vault.ts';
import {
  account,
  content,
  fill,
  mediaItem,
  newRun,
  publishAll,
  publishStep,
  sha256,
} from '../../helpers/publishing.ts';
import { failureOf } from '../network.ts';
import { startTumblr } from './harness.ts';

const MB = 1_000_000;

describe('words', () => {
  it('become blocks: title, paragraphs, a link card; hashtags become tags; one call', async () => {
    const { simulator, publisher, options } = await startTumblr();
    const text =
      'First line\nsecond line #Bells\n\n \nSee https://example.com/a_(b), friends. #bells #café\n\n#1 a#b';
    const words = { title: ' Bells ', text, link: 'https://example.com/shop' };
    const outcome = await publishAll(publisher, options(content(words)));
    const [post] = simulator.posts();
    expect(simulator.requests).toHaveLength(1);
    expect(simulator.requests[0]?.body).toEqual({
      content: [
        { type: 'text', subtype: 'heading1', text: 'Bells' },
        { type: 'text', text: 'First line\nsecond line #Bells' },
        {
          type: 'text',
          text: 'See https://example.com/a_(b), friends. #bells #café',
          formatting: [{ start: 4, end: 29, type: 'link', url: 'https://example.com/a_(b)' }],
        },
        { type: 'text', text: '#1 a#b' },
        { type: 'link', url: 'https://example.com/shop' },
      ],
      state: 'published',
      tags: 'Bells,café',
    });
    expect(outcome).toEqual({
      state: 'published',
      id: post?.id,
      url: `https://www.tumblr.com/acme-bells/${post?.id}`,
    });
  });

  it('of a paragraph that is too long are cut at the end of a line, a sentence or a word', async () => {
    const { simulator, publisher, options } = await startTumblr();
    const sentences = 'Ding dong, 鐘 rings 🔔. '.repeat(400).trim();
    const lines = `${'word '.repeat(700)}\n${'word '.repeat(700)}`;
    const cjk = '鐘が鳴る。'.repeat(1200);
    const oneWord = '🔔'.repeat(5000);
    await publishAll(publisher, options(content({ text: [sentences, lines, cjk, oneWord].join('\n\n') })));
    const blocks = (simulator.posts()[0]?.blocks ?? []).map(({ text }) => String(text));
    for (const block of blocks) expect([...block].length).toBeLessThanOrEqual(4096);
    expect(blocks.map((block) => [...block].slice(-2).join(''))).toEqual([
      ...['🔔.', '🔔.', '🔔.'],
      ...['rd', 'rd'],
      ...['る。', 'る。'],
      ...['🔔🔔', '🔔🔔'],
    ]);
    expect(blocks.join('').replace(/\s/g, '')).toBe(
      [sentences, lines, cjk, oneWord].join('').replace(/\s/g, ''),
    );
  });

  it('with more than a hundred links keep the first hundred to follow', async () => {
    const { simulator, publisher, options } = await startTumblr();
    const text = Array.from({ length: 120 }, (_, index) => `https://example.com/${index}`).join(' ');
    await publishAll(publisher, options(content({ text })));
    expect(simulator.posts()[0]?.blocks[0]?.formatting).toHaveLength(100);
  });
});

/** Heavy enough that Tumblr is asked first. */
const heavy = (name: string): MediaItem => mediaItem('image', { name, bytes: 9 * MB });

describe('pictures', () => {
  it('go in the creating call: JSON first, then each file; every byte arrives, with alt text', async () => {
    const { simulator, publisher, options, calls } = await startTumblr();
    const media = [
      mediaItem('image', { name: 'a.jpg', alt: 'First' }),
      mediaItem('image', { name: 'b "x"\r\n.png', mime: 'image/png', bytes: 3 * MB }),
      mediaItem('gif', { name: 'c.gif' }),
    ];
    const run = newRun();
    await publishAll(publisher, options(content({ text: 'Three' }, media)), run);
    expect(simulator.requests.map((each) => `${each.method} ${each.path}`)).toEqual([
      'POST /v2/blog/t:0aY0xL2Fi1OFJg4YxpmegQ/posts',
    ]);
    expect(simulator.posts()[0]?.files).toEqual([
      { kind: 'image', type: 'image/jpeg', bytes: 1000, sha256: sha256(fill('a.jpg', 1000)), alt: 'First' },
      { kind: 'image', type: 'image/png', bytes: 3 * MB, sha256: media[1]?.sha256 },
      { kind: 'image', type: 'image/gif', bytes: 1000, sha256: media[2]?.sha256 },
    ]);
    const { content: blocks } = calls('POST posts')[0]!.body as { content: unknown[] };
    expect(blocks[0]).toEqual({
      type: 'image',
      media: [{ type: 'image/jpeg', identifier: 'media0', width: 1080, height: 1080 }],
      alt_text: 'First',
    });
    expect(run.progress.at(-1)).toBe('uploading 3 files, 100 %');
  });

  it('thirty of them fit, and need no words', async () => {
    const { simulator, publisher, options } = await startTumblr();
    const media = Array.from({ length: 30 }, (_, index) => mediaItem('image', { name: `${index}.jpg` }));
    await publishAll(publisher, options(content({}, media)));
    expect(simulator.posts()[0]?.files.map((each) => each.sha256)).toEqual(media.map((each) => each.sha256));
  });

  it('that were edited since the checkpoint are looked at anew', async () => {
    const { simulator, publisher, options, calls } = await startTumblr();
    const run = newRun();
    await publishStep(publisher, options(content({}, [heavy('old.jpg')])), run);
    const edited = [heavy('new.jpg')];
    await publishAll(publisher, options(content({}, edited)), run);
    expect(calls('GET user/limits')).toHaveLength(2);
    expect(simulator.posts()[0]?.files[0]?.sha256).toBe(edited[0]?.sha256);
  });

  it('of a kind that Tumblr does not take are told with its reason', async () => {
    const { publisher, options } = await startTumblr();
    const media = [mediaItem('image', { mime: 'image/bmp' })];
    const error = await failureOf(publishAll(publisher, options(content({}, media))));
    expect(error.kind).toBe('MediaRejected');
    expect(error.message).toBe('Tumblr refused the media: “files of type image/bmp are not taken”.');
  });
});

describe('the day’s allowance', () => {
  it.each([
    ['posts', 250, [heavy('one.jpg')], 'Tumblr takes 0 more posts today, and this post needs 1.'],
    [
      'photos',
      249,
      [heavy('one.jpg'), mediaItem('gif')],
      'Tumblr takes 1 more pictures today, and this post needs 2.',
    ],
    ['videos', 20, [mediaItem('video')], 'Tumblr takes 0 more videos today, and this post needs 1.'],
    [
      'video_seconds',
      3595,
      [mediaItem('video')],
      'Tumblr takes 5 more seconds of video today, and this post needs 10.',
    ],
  ] as const)('of %s is looked at before much is sent', async (name, used, media, message) => {
    const { simulator, publisher, options, calls, clock } = await startTumblr();
    simulator.use(name, used);
    const error = await failureOf(publishAll(publisher, options(content({}, media))));
    expect([error.kind, error.message]).toEqual(['QuotaSpent', message]);
    const { at } = error.next as { at: Date };
    expect(calls('POST posts')).toEqual([]);
    clock.advance(at.getTime() - clock.now().getTime());
    expect(await publishAll(publisher, options(content({}, media)))).toMatchObject({ state: 'published' });
  });
});

describe('a light picture', () => {
  it('is refused for the day by its own call, and goes out when the next one begins', async () => {
    const { simulator, publisher, options, calls, clock } = await startTumblr();
    simulator.use('photos', 250);
    const run = newRun();
    const steps = options(content({ text: 'Ding' }, [mediaItem('image')]));
    const error = await failureOf(publishAll(publisher, steps, run));
    expect([error.kind, calls('POST posts').length]).toEqual(['QuotaSpent', 1]);
    const { at } = error.next as { at: Date };
    clock.advance(at.getTime() - clock.now().getTime());
    await publishAll(publisher, steps, run);
    expect(simulator.posts()).toHaveLength(1);
  });
});

describe('videos', () => {
  const video = mediaItem('video', { name: 'bell.mp4', bytes: 5 * MB + 17, alt: 'A bell' });

  it('are followed until the blog shows them, and only then called published', async () => {
    for (const tellsState of [true, false]) {
      const { simulator, publisher, options, clock } = await startTumblr({
        transcodingMs: 100_000,
        tellsState,
      });
      const run = newRun();
      const began = clock.now().getTime();
      const outcome = await publishAll(publisher, options(content({ text: 'Ding' }, [video])), run);
      expect(simulator.posts()).toHaveLength(1);
      expect(simulator.posts()[0]?.files[0]).toMatchObject({
        sha256: video.sha256,
        bytes: video.bytes,
        type: 'video/mp4',
      });
      expect(outcome).toEqual({
        state: 'published',
        id: simulator.posts()[0]?.id,
        url: `https://acme-bells.tumblr.com/post/${simulator.posts()[0]?.id}`,
      });
      expect(clock.now().getTime() - began).toBeGreaterThanOrEqual(100_000);
      expect(clock.now().getTime() - began).toBeLessThan(200_000);
      // The id is given with the first "pending" after the creating call.
      expect(run.outcomes[1]).toMatchObject({ state: 'pending', id: simulator.posts()[0]?.id });
      expect(run.progress.at(-1)).toBe('Tumblr is transcoding the video');
      expect(run.intents).toHaveLength(1);
    }
  });

  it('wait while another one is being transcoded', async () => {
    const { simulator, publisher, options, clock } = await startTumblr({ transcodingMs: 600_000 });
    const first = newRun();
    const steps = options(content({ text: 'One' }, [video]));
    await publishStep(publisher, steps, first);
    await publishStep(publisher, steps, first);
    const error = await failureOf(publishAll(publisher, options(content({ text: 'Two' }, [video]))));
    expect([error.kind, error.next.do]).toEqual(['PlatformUnavailable', 'later']);
    clock.advance(600_000);
    await publishAll(publisher, options(content({ text: 'Two' }, [video])));
    await publishAll(publisher, steps, first);
    expect(simulator.posts()).toHaveLength(2);
  });

  it('that somebody let be sent again after hours are made anew, not followed', async () => {
    const { simulator, publisher, options, clock } = await startTumblr({ transcodingMs: 1_000 });
    const run = newRun();
    const steps = options(content({ text: 'One' }, [video]));
    await publishStep(publisher, steps, run);
    await publishStep(publisher, steps, run);
    (simulator.posts() as unknown[]).splice(0);
    expect(await publishStep(publisher, steps, run)).toMatchObject({ state: 'pending' });
    clock.advance(4 * 3_600_000);
    await publishAll(publisher, steps, run);
    expect(simulator.posts()).toHaveLength(1);
  });
});

describe('a creating call that carries media', () => {
  const credentials = { consumerKey: 'k-1', consumerSecret: 's-1', token: 't-1', tokenSecret: 'h-1' };
  const LIMITS = { meta: { status: 200, msg: 'OK' }, response: { user: {} } };

  /** A server that answers the look at the allowances, and treats the creating call as a test wants. */
  async function against(onCreate: (request: IncomingMessage) => void) {
    const server = createServer((request, response) => {
      if (request.method === 'POST') return onCreate(request);
      response.end(JSON.stringify(LIMITS));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const clock = createManualClock();
    const settings = { credentials, blogs: ['acme'], apiUrl: `http://127.0.0.1:${port}` };
    const publisher = createTumblrPublisher(settings, memoryVault(), clock, createSeededRandom(1));
    const big = content({ text: 'Ding' }, [mediaItem('video', { bytes: 30 * MB })]);
    try {
      return await failureOf(publishAll(publisher, { account: account('tumblr'), content: big, clock }));
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

  it('and is refused before it is whole is refused for that reason', async () => {
    const error = await against((request) => {
      request.once('data', () => {
        const body = JSON.stringify({ meta: { status: 401, msg: 'Unauthorized' } });
        request.socket.write(
          `HTTP/1.1 401 Unauthorized\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
        );
        request.resume();
      });
    });
    expect(error.kind).toBe('AuthRevoked');
  });

  it('of a file that is shorter than it was has created nothing', async () => {
    const { simulator, publisher, options } = await startTumblr();
    const shorter = mediaItem('image', { bytes: 1000 });
    const lying = {
      ...publisher,
      publish: (context: Parameters<typeof publisher.publish>[0]) =>
        publisher.publish({
          ...context,
          content: {
            ...context.content,
            media: context.content.media.map((each) => ({ ...each, bytes: each.bytes + 50_000 })),
          },
        }),
    };
    const error = await failureOf(publishAll(lying, options(content({}, [shorter]))));
    expect([error.kind, error.code]).toEqual(['MediaRejected', 'MEDIA_MISSING']);
    expect(simulator.posts()).toEqual([]);
  });
});

describe('removal', () => {
  it('removes, and tells what stands in the way', async () => {
    const { simulator, publisher, options, account: who, calls } = await startTumblr();
    const outcome = await publishAll(publisher, options(content({ text: 'Hello' })));
    const id = outcome.state === 'published' ? outcome.id : '';
    const removal = { account: who, id, signal: new AbortController().signal };
    simulator.faults.next('POST', /delete/, { do: 'answer', status: 500, body: '' });
    expect((await failureOf(publisher.remove!(removal))).kind).toBe('PlatformUnavailable');
    simulator.faults.next('POST', /delete/, { do: 'answer', status: 404, body: '<html></html>' });
    expect((await failureOf(publisher.remove!(removal))).code).toBe('CONFIG_INVALID');
    await publisher.remove!(removal);
    await publisher.remove!(removal);
    expect(simulator.posts()).toEqual([]);
    expect(calls('POST post/delete')[0]?.body).toEqual({ id });
  });
});

describe('connections', () => {
  it('all calls but the creating one share a connection; that one has its own', async () => {
    const { simulator, publisher, options } = await startTumblr({ transcodingMs: 1000 });
    await publishAll(publisher, options(content({ text: 'Hello' }, [mediaItem('video')])));
    expect(simulator.requests.map((each) => [each.method, each.socket])).toEqual([
      ['GET', 1],
      ['POST', 2],
      ['GET', 1],
    ]);
  });
});
