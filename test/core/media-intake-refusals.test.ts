// Of media that are handed over together, all are taken or none.
import { describe, expect, it } from 'vitest';
import type { IncomingMedia } from '../../src/core/media.ts';
import { attachment, BUFFERED_MAX, endless, jpeg, png, useIntake } from './intake.ts';

const intake = useIntake();
const { setUp } = intake;

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
      { kind: 'link', url: `${intake.web.origin}/script.png` },
      { kind: 'link', url: `${intake.web.origin}/missing.png` },
    ]).catch((reason: Error) => reason);
    expect((error as Error).message.split('\n')).toEqual([
      'File 1 of 4, a.png: This is a text file, not a picture or video.',
      `File 3 of 4, 127.0.0.1:${intake.web.port}/script.png: This is a script, not a picture or video.`,
      `File 4 of 4: 127.0.0.1:${intake.web.port}/missing.png is not there (404).`,
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
