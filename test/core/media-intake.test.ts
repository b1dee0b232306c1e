// Media that people hand over are fetched, measured and stored at once.
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../helpers/manual-clock.ts';
import { attachment, jpeg, png, useIntake } from './intake.ts';

const intake = useIntake();
const { setUp } = intake;

describe('taking media in', () => {
  it('from the chat, the web and a file: stored, told and remembered, in the order given', async () => {
    const { take, blobs, remembered, words, files } = await setUp();
    const items = await take([
      attachment(jpeg, 'beach.jpg', { alt: 'A beach' }),
      { kind: 'link', url: `${intake.web.origin}/clip.mp4`, alt: 'A clip' },
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
      { kind: 'link', url: `${intake.web.origin}/a.png` },
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
