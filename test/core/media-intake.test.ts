import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Capabilities } from '../../src/core/capabilities.ts';
import type { IncomingMedia, MediaFitter, MediaIndex } from '../../src/core/media.ts';
import { createMediaIntake } from '../../src/core/services/media-intake.ts';
import type { MediaFacts } from '../../src/core/words.ts';
import { systemClock } from '../../src/lib/system-clock.ts';
import { createMediaFitter } from '../../src/media/fit.ts';
import { createMediaProbe } from '../../src/media/probe.ts';
import { createMediaSource } from '../../src/media/source.ts';
import { createFileBlobStore } from '../../src/stores/blob-files.ts';
import { createManualClock } from '../helpers/manual-clock.ts';
import { type Loopback, serve } from '../media/loopback.ts';
import { noise, plain, video } from '../media/samples.ts';

let folder = '';
let web: Loopback;
let png: Buffer;
let jpeg: Buffer;
const never = new AbortController().signal;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-intake-'));
  png = await plain(60, 40).png().toBuffer();
  jpeg = await noise(60, 40).jpeg().toBuffer();
  await writeFile(join(folder, 'local.png'), png);
  web = await serve((request, response) => {
    const files: Record<string, Buffer> = {
      '/a.png': png,
      '/clip.mp4': video('clip.mp4'),
      '/script.png': Buffer.from('#!/bin/sh\n'),
    };
    const found = files[request.url ?? ''];
    response.writeHead(found ? 200 : 404).end(found);
  });
});
afterAll(async () => {
  await web.close();
  await rm(folder, { recursive: true });
});

/** The real parts on a folder of their own; only what is remembered is kept in a list. */
async function setUp(
  options: {
    clock?: typeof systemClock;
    fitter?: MediaFitter;
    maxBytes?: number;
    pictureBytes?: number;
  } = {},
) {
  const data = await mkdtemp(join(folder, 'data-'));
  const blobs = await createFileBlobStore(data);
  const remembered: [string, string, MediaFacts][] = [];
  const index: Pick<MediaIndex, 'remember'> = {
    async remember(workspaceId, { sha256 }, facts) {
      remembered.push([workspaceId, sha256, facts]);
    },
  };
  const clock = options.clock ?? systemClock;
  const { maxBytes, pictureBytes } = options;
  const probe = createMediaProbe();
  const intake = createMediaIntake({
    source: createMediaSource({ clock, workingDirectory: folder, trustedOrigins: [web.origin] }),
    blobs,
    probe: pictureBytes === undefined ? probe : { ...probe, boundOf: async () => pictureBytes },
    fitter: options.fitter ?? createMediaFitter(),
    index,
    clock,
    ...(maxBytes === undefined ? {} : { maxBytes }),
  });
  const words: string[] = [];
  const take = (incoming: readonly IncomingMedia[], signal = never) =>
    intake.take(incoming, { workspaceId: 'W1', signal, progress: (said) => words.push(said) });
  const files = async () =>
    (await readdir(join(data, 'media'), { recursive: true, withFileTypes: true })).filter((each) =>
      each.isFile(),
    ).length;
  return { intake, take, blobs, remembered, words, files };
}

const attachment = (
  bytes: Buffer,
  name = 'photo.png',
  rest: Partial<IncomingMedia & { kind: 'attachment' }> = {},
): IncomingMedia => ({
  kind: 'attachment',
  name,
  open: async () => Readable.from([bytes]),
  ...rest,
});

/** Begins like a file and never ends. */
function endless(beginning: Buffer): { stream: Readable; given(): number } {
  let given = 0;
  const stream = new Readable({
    read() {
      const chunk = given === 0 ? beginning : Buffer.alloc(1000);
      given += chunk.length;
      this.push(chunk);
    },
  });
  return { stream, given: () => given };
}

/** Streams read ahead: some buffers on the way, of 64 KiB each from Node 22 on. */
const BUFFERED_MAX = 500_000;

describe('taking media in', () => {
  it('from the chat, the web and a file: stored, told and remembered, in the order given', async () => {
    const { take, blobs, remembered, words, files } = await setUp();
    const items = await take([
      attachment(jpeg, 'beach.jpg', { alt: 'A beach' }),
      { kind: 'link', url: `${web.origin}/clip.mp4`, alt: 'A clip' },
      { kind: 'file', path: 'local.png' },
    ]);
    expect(items).toMatchObject([
      { name: 'beach.jpg', kind: 'image', mime: 'image/jpeg', alt: 'A beach' },
      { name: 'clip.mp4', kind: 'video', videoCodec: 'h264', alt: 'A clip' },
      { name: 'local.png', kind: 'image', mime: 'image/png' },
    ]);
    expect(items[2]).not.toHaveProperty('alt');
    expect((await buffer(blobs.read(items[0]!.sha256))).equals(jpeg)).toBe(true);
    expect(remembered.map(([workspace, sha256]) => [workspace, sha256])).toEqual(
      items.map(({ sha256 }) => ['W1', sha256]),
    );
    expect(remembered[0]?.[2]).toEqual({
      kind: 'image',
      mime: 'image/jpeg',
      bytes: jpeg.length,
      width: 60,
      height: 40,
    });
    expect([words[0], words.at(-1)]).toEqual(['fetching media: 0 of 3 done', 'fetching media: 3 of 3 done']);
    expect(await files()).toBe(3);
  });

  it('stores the same bytes once, whatever they are called', async () => {
    const { take, files } = await setUp();
    const items = await take([
      attachment(png, 'one.png'),
      attachment(png, 'two.png'),
      { kind: 'link', url: `${web.origin}/a.png` },
    ]);
    await take([attachment(png, 'three.png')]);
    expect(items.map(({ name }) => name)).toEqual(['one.png', 'two.png', 'a.png']);
    expect(new Set(items.map(({ sha256 }) => sha256)).size).toBe(1);
    expect(await files()).toBe(1);
  });

  it('believes no name', async () => {
    const { take } = await setUp();
    expect(await take([attachment(jpeg, 'movie.mp4')])).toMatchObject([
      { kind: 'image', mime: 'image/jpeg', name: 'movie.mp4' },
    ]);
  });

  it('nothing is taken when nothing is given', async () => {
    const { take, words } = await setUp();
    expect(await take([])).toEqual([]);
    expect(words).toEqual([]);
  });
});

describe('when one is bad, none is taken', () => {
  it.each<[string, IncomingMedia, string, string]>([
    [
      'a script called a picture',
      attachment(Buffer.from('#!/bin/sh\nrm -rf /'), 'cat.png'),
      'MEDIA_UNREADABLE',
      'File 2 of 3, cat.png: This is a script, not a picture or video.',
    ],
    [
      'half a picture',
      attachment(Buffer.alloc(0), 'half.jpg'),
      'MEDIA_UNREADABLE',
      'File 2 of 3, half.jpg: This is an empty file',
    ],
    [
      'a local address',
      { kind: 'link', url: 'http://169.254.169.254/latest/meta-data' },
      'MEDIA_LINK_REFUSED',
      'File 2 of 3, 169.254.169.254/latest/meta-data: 169.254.169.254 is an address inside a private network',
    ],
    ['a missing file', { kind: 'file', path: 'nothing.png' }, 'FILE_NOT_FOUND', 'File 2 of 3: The file '],
    [
      'too large by its own word',
      attachment(png, 'big.png', { declaredBytes: 2e9 }),
      'MEDIA_TOO_LARGE',
      'File 2 of 3, big.png: It has 1.9 GB',
    ],
  ])('%s', async (_name, bad, code, message) => {
    const { take, remembered, files } = await setUp();
    await expect(take([attachment(png), bad, attachment(jpeg, 'other.jpg')])).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
      hint: expect.stringMatching(/\w/),
    });
    expect(remembered).toEqual([]);
    expect(await files()).toBe(0);
  });

  it('all problems are told at once', async () => {
    const { take } = await setUp();
    const error = await take([
      attachment(Buffer.from('words'), 'a.png'),
      attachment(png),
      { kind: 'link', url: `${web.origin}/script.png` },
      { kind: 'link', url: `${web.origin}/missing.png` },
    ]).catch((reason: Error) => reason);
    expect((error as Error).message.split('\n')).toEqual([
      'File 1 of 4, a.png: This is a text file, not a picture or video.',
      `File 3 of 4, 127.0.0.1:${web.port}/script.png: This is a script, not a picture or video.`,
      `File 4 of 4: 127.0.0.1:${web.port}/missing.png is not there (404).`,
    ]);
  });

  it('leaves what was stored before where it is', async () => {
    const { take, blobs } = await setUp();
    const [stored] = await take([attachment(png)]);
    await expect(take([attachment(png), attachment(Buffer.from('words'))])).rejects.toMatchObject({
      code: 'MEDIA_UNREADABLE',
    });
    expect(await blobs.has(stored!.sha256)).toBe(true);
  });

  it('a file that grows past the bound', async () => {
    const { take, files } = await setUp({ maxBytes: 10 * 1024 });
    const { stream } = endless(png);
    await expect(take([attachment(png, 'x', { open: async () => stream })])).rejects.toMatchObject({
      code: 'MEDIA_TOO_LARGE',
      message: expect.stringContaining('at most 10 kB'),
    });
    expect(stream.destroyed).toBe(true);
    expect(await files()).toBe(0);
  });

  it('what is no medium by its first bytes is not fetched to its end', async () => {
    const { take, files } = await setUp();
    const { stream, given } = endless(Buffer.from('PK\x03\x04'));
    await expect(take([attachment(png, 'x.png', { open: async () => stream })])).rejects.toMatchObject({
      code: 'MEDIA_UNREADABLE',
    });
    expect(stream.destroyed).toBe(true);
    expect(given()).toBeLessThan(BUFFERED_MAX);
    expect(await files()).toBe(0);
  });

  it('a picture is bound as pictures are, however little was announced', async () => {
    const { take, files } = await setUp({ pictureBytes: 20 * 1024 });
    const { stream, given } = endless(jpeg);
    await expect(
      take([attachment(jpeg, 'x.jpg', { open: async () => stream, declaredBytes: 900 })]),
    ).rejects.toMatchObject({ code: 'MEDIA_TOO_LARGE', message: expect.stringContaining('at most 20 kB') });
    expect(given()).toBeLessThan(BUFFERED_MAX);
    const announced = attachment(jpeg, 'x.jpg', { declaredBytes: 30 * 1024 });
    await expect(take([announced])).rejects.toMatchObject({
      message: expect.stringContaining('It has 30 kB'),
    });
    expect(await files()).toBe(0);
  });

  it('more files than any network takes', async () => {
    const { take } = await setUp();
    await expect(take(Array.from({ length: 31 }, () => attachment(png)))).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      message: expect.stringContaining('at most 30'),
    });
  });
});

describe('a chat that does not deliver', () => {
  it('is told in our words', async () => {
    const { take } = await setUp();
    const open = async () => Promise.reject(new Error('socket hang up'));
    await expect(take([attachment(png, 'photo.png', { open })])).rejects.toMatchObject({
      code: 'MEDIA_UNREACHABLE',
      message: 'photo.png: The file could not be fetched from the chat.',
    });
    const broken = async () =>
      Readable.from(
        (async function* () {
          yield png.subarray(0, 10);
          throw new Error('reset');
        })(),
      );
    await expect(take([attachment(png, 'photo.png', { open: broken })])).rejects.toMatchObject({
      code: 'MEDIA_UNREACHABLE',
    });
  });

  it('in ten minutes is given up, by the given clock', async () => {
    const clock = createManualClock();
    const { take, files } = await setUp({ clock });
    let opened: () => void = () => undefined;
    const isOpen = new Promise<void>((resolve) => {
      opened = resolve;
    });
    const silent = new Readable({ read: () => opened() });
    const taking = take([attachment(png, 'slow.mp4', { open: async () => silent })]);
    taking.catch(() => undefined);
    await isOpen;
    clock.advance(10 * 60_000);
    await expect(taking).rejects.toMatchObject({
      code: 'MEDIA_UNREACHABLE',
      message: expect.stringContaining('not complete after 10 min'),
    });
    expect(silent.destroyed).toBe(true);
    expect(await files()).toBe(0);
  });
});

it('an abort ends everything with its reason and leaves nothing', async () => {
  const { take, files, remembered } = await setUp();
  const control = new AbortController();
  const reason = new Error('shutting down');
  const silent = new Readable({ read: () => control.abort(reason) });
  await expect(
    take([attachment(png), attachment(png, 'x', { open: async () => silent })], control.signal),
  ).rejects.toBe(reason);
  expect(await files()).toBe(0);
  expect(remembered).toEqual([]);
});

describe('preparing for a network', () => {
  const network = (
    image: Partial<NonNullable<Capabilities['media']['image']>['rule']> = {},
    video?: Capabilities['media']['video'],
  ) => ({
    workspaceId: 'W1',
    label: 'The network',
    capabilities: {
      media: {
        required: false,
        maxItems: 4,
        mixed: true,
        image: {
          max: 4,
          rule: {
            formats: ['image/jpeg', 'image/png'] as const,
            maxBytes: 100_000,
            minWidth: 10,
            maxWidth: 1000,
            maxHeight: 1000,
            ...image,
          },
        },
        ...(video ? { video } : {}),
      },
    },
  });

  it('gives the stored bytes when they fit, in parts too', async () => {
    const { intake, take, files } = await setUp();
    const [item] = await take([attachment(png, 'photo.png', { alt: 'Words' })]);
    const prepared = await intake.prepare(item!, network(), never);
    expect(prepared).toMatchObject({
      sha256: item!.sha256,
      name: 'photo.png',
      alt: 'Words',
      mime: 'image/png',
      bytes: png.length,
    });
    expect((await buffer(prepared.open())).equals(png)).toBe(true);
    expect((await buffer(prepared.open({ start: 5, end: 9 }))).equals(png.subarray(5, 9))).toBe(true);
    expect(await files()).toBe(1);
  });

  it('fits a picture, names it by what it has become, and makes each copy once', async () => {
    let fits = 0;
    const real = createMediaFitter();
    const { intake, take, files, remembered } = await setUp({
      fitter: {
        fit: (...all) => {
          fits += 1;
          return real.fit(...all);
        },
      },
    });
    const [item] = await take([attachment(png, 'photo.png')]);
    const rules = network({ formats: ['image/jpeg'], maxWidth: 30 });
    const [one, other] = await Promise.all([
      intake.prepare(item!, rules, never),
      intake.prepare(item!, rules, never),
    ]);
    const third = await intake.prepare(item!, rules, never);
    expect(one).toMatchObject({ name: 'photo.jpg', mime: 'image/jpeg', width: 30, height: 20 });
    expect([other!.sha256, third.sha256]).toEqual([one!.sha256, one!.sha256]);
    expect(await sharp(await buffer(one!.open())).metadata()).toMatchObject({
      format: 'jpeg',
      width: 30,
      height: 20,
    });
    expect([fits, await files()]).toEqual([1, 2]);
    // Each use is told to the index, so that a copy goes when it is not used any more, and not before.
    const used = [item, one, one, one].map((each) => ['W1', each!.sha256]);
    expect(remembered.map(([workspace, sha256]) => [workspace, sha256])).toEqual(used);
  });

  it('crops instead of adding margins when the person chose that', async () => {
    const { intake, take } = await setUp();
    const [item] = await take([attachment(png)]);
    const square = network({ shape: { min: 1, max: 1 } });
    const sizes = await Promise.all(
      ([{}, { fit: 'crop' }] as const).map((how) => intake.prepare(item!, { ...square, ...how }, never)),
    );
    expect(sizes.map(({ width, height }) => [width, height])).toEqual([
      [item!.width, item!.width],
      [item!.height, item!.height],
    ]);
  });

  it('makes a copy again that was cleared away', async () => {
    const { intake, take, blobs } = await setUp();
    const [item] = await take([attachment(png)]);
    const rules = network({ maxWidth: 30 });
    const { sha256 } = await intake.prepare(item!, rules, never);
    await blobs.remove(sha256);
    const again = await intake.prepare(item!, rules, never);
    expect(again.sha256).toBe(sha256);
    expect((await buffer(again.open())).length).toBe(again.bytes);
  });

  it('says that the stored file is gone, and works once it is back', async () => {
    const { intake, take, blobs } = await setUp();
    const [item] = await take([attachment(png)]);
    await blobs.remove(item!.sha256);
    await expect(intake.prepare(item!, network({ maxWidth: 30 }), never)).rejects.toMatchObject({
      code: 'MEDIA_MISSING',
    });
    await take([attachment(png)]);
    await expect(intake.prepare(item!, network({ maxWidth: 30 }), never)).resolves.toMatchObject({
      width: 30,
    });
  });

  it('never alters a video: it passes, or its broken rules are told', async () => {
    const { intake, take } = await setUp();
    const [item] = await take([attachment(video('clip.mp4'), 'clip.mp4')]);
    const rule = {
      containers: ['mp4'] as const,
      codecs: ['h264'],
      maxBytes: 10 * 1024,
      minMs: 500,
      maxMs: 2000,
    };
    const prepared = await intake.prepare(item!, network({}, { max: 1, rule }), never);
    expect((await buffer(prepared.open())).equals(video('clip.mp4'))).toBe(true);
    await expect(
      intake.prepare(item!, network({}, { max: 1, rule: { ...rule, maxMs: 900 } }), never),
    ).rejects.toMatchObject({
      code: 'CONTENT_ISSUES',
      message: 'The network does not take clip.mp4: at most 0.9 s long, found 1 s.',
    });
  });
});
