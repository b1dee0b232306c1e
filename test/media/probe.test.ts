import { crc32, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { GIGABYTE, MEGABYTE } from '../../src/core/quantities.ts';
import { createMediaProbe } from '../../src/media/probe.ts';
import { animation, memorySource, noise, plain, video } from './samples.ts';

const probe = (bytes: Buffer) => createMediaProbe().probe(memorySource(bytes));

describe('pictures', () => {
  it.each(['jpeg', 'png', 'webp', 'avif', 'tiff'] as const)('%s', async (format) => {
    const bytes = await noise(60, 40).toFormat(format).toBuffer();
    expect(await probe(bytes)).toEqual({
      kind: 'image',
      mime: `image/${format}`,
      bytes: bytes.length,
      width: 60,
      height: 40,
    });
  });

  it('turned by the file: the size is the one that is seen', async () => {
    const bytes = await plain(60, 40).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    expect(await probe(bytes)).toMatchObject({ width: 40, height: 60, oriented: true, metadata: true });
  });

  it('with a place inside', async () => {
    const bytes = await plain(60, 40)
      .jpeg()
      .withExif({ IFD3: { GPSLatitude: '45/1 27/1 0/1' } })
      .toBuffer();
    expect(await probe(bytes)).toMatchObject({ metadata: true });
  });

  it('transparent or only able to be', async () => {
    expect(await probe(await plain(60, 40, '#00000000', 4).png().toBuffer())).toMatchObject({ alpha: true });
    expect(await probe(await plain(60, 40, '#000000ff', 4).png().toBuffer())).not.toHaveProperty('alpha');
  });

  it('for print', async () => {
    expect(await probe(await plain(60, 40).toColourspace('cmyk').jpeg().toBuffer())).toMatchObject({
      printColours: true,
    });
    expect(await probe(await plain(60, 40).toColourspace('rgb16').png().toBuffer())).toMatchObject({
      printColours: true,
    });
  });

  it.each(['gif', 'webp'] as const)('animated %s', async (format) => {
    const bytes = await animation(30, 20, 4)
      .toFormat(format, { delay: [100, 100, 100, 200] })
      .toBuffer();
    expect(await probe(bytes)).toMatchObject({
      kind: 'gif',
      mime: `image/${format}`,
      width: 30,
      height: 20,
      frames: 4,
      durationMs: 500,
    });
  });

  it('a GIF of one frame is a picture', async () => {
    expect(await probe(await plain(30, 20).gif().toBuffer())).toMatchObject({
      kind: 'image',
      mime: 'image/gif',
    });
  });
});

describe('videos', () => {
  it('MP4, reading the index alone', async () => {
    const source = memorySource(video('clip.mp4'));
    expect(await createMediaProbe().probe(source)).toEqual({
      kind: 'video',
      mime: 'video/mp4',
      container: 'mp4',
      bytes: 7903,
      width: 64,
      height: 48,
      durationMs: 1000,
      videoCodec: 'h264',
      audioCodec: 'aac',
      framesPerSecond: 10,
      bitRate: 63_224,
      chroma: '4:2:0',
      fastStart: true,
    });
    expect(source.consumed).toBeLessThan(6100);
  });

  it('MP4 recorded in pieces', async () => {
    expect(await probe(video('fragmented.mp4'))).toMatchObject({
      durationMs: 1000,
      framesPerSecond: 10,
      audioCodec: 'aac',
    });
  });

  it('MOV with H.265, television rate, index at the end', async () => {
    expect(await probe(video('hevc.mov'))).toMatchObject({
      mime: 'video/quicktime',
      container: 'mov',
      videoCodec: 'hevc',
      framesPerSecond: 29.97,
      durationMs: 2002,
      chroma: '4:2:0',
      fastStart: false,
    });
  });

  it.each([
    ['a quarter', [0, 0x10000, -0x10000, 0], 48, 64],
    ['three quarters', [0, -0x10000, 0x10000, 0], 48, 64],
    ['half', [-0x10000, 0, 0, -0x10000], 64, 48],
  ] as const)('turned by %s', async (_name, [a, b, c, d], width, height) => {
    const bytes = video('clip.mp4');
    const matrix = bytes.indexOf('tkhd', 0, 'latin1') + 4 + 40;
    bytes.writeInt32BE(a, matrix);
    bytes.writeInt32BE(b, matrix + 4);
    bytes.writeInt32BE(c, matrix + 12);
    bytes.writeInt32BE(d, matrix + 16);
    expect(await probe(bytes)).toMatchObject({ width, height, oriented: true });
  });

  it('WebM, through the general reader', async () => {
    expect(await probe(video('clip.webm'))).toEqual({
      kind: 'video',
      mime: 'video/webm',
      container: 'webm',
      bytes: 3025,
      width: 64,
      height: 48,
      durationMs: 1000,
      videoCodec: 'vp9',
      framesPerSecond: 10,
      bitRate: 24_200,
    });
  });

  it('agrees with MediaInfo about MP4 and MOV', async () => {
    const { default: mediaInfo } = await import('mediainfo.js');
    const info = await mediaInfo({ format: 'object', full: true });
    for (const name of ['clip.mp4', 'hevc.mov'] as const) {
      const bytes = video(name);
      const { media } = await info.analyzeData(bytes.length, (length, offset) =>
        bytes.subarray(offset, offset + length),
      );
      const track = media?.track.find((one) => one['@type'] === 'Video') as unknown as Record<
        string,
        unknown
      >;
      const facts = await probe(bytes);
      expect(
        [facts.width, facts.height, facts.framesPerSecond, facts.chroma, (facts.durationMs ?? 0) / 1000],
        name,
      ).toEqual([track.Width, track.Height, track.FrameRate, track.ChromaSubsampling, track.Duration]);
    }
    info.close();
  });
});

describe('what is no picture or video', () => {
  it.each([
    ['nothing', Buffer.alloc(0), 'an empty file'],
    ['blanks', Buffer.from('  \n'), 'a file of blanks'],
    ['a shell script', Buffer.from('#!/bin/sh\nrm -rf /\n'), 'a script'],
    ['a PHP script', Buffer.from('<?php system($_GET["x"]); ?>'), 'a script (PHP)'],
    [
      'a web page',
      Buffer.from('\ufeff\n<!-- hello --><!DOCTYPE html><html><body>404</body></html>'),
      'a web page (HTML)',
    ],
    [
      'an SVG',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
      'an SVG drawing',
    ],
    [
      'an SVG with a declaration',
      Buffer.from('<?xml version="1.0"?>\n<!-- x -->\n<svg width="1"/>'),
      'an SVG drawing',
    ],
    ['other XML', Buffer.from('<?xml version="1.0"?><feed/>'), 'an XML file'],
    ['a text', Buffer.from('just words, with ümlauts'), 'a text file'],
    ['a PDF', Buffer.from('%PDF-1.7\n%âãÏÓ\n'), 'a PDF file'],
    ['an archive', gzipSync('hello'), 'a GZ file'],
    [
      'a ZIP',
      Buffer.from('504b030414000000000000000000000000000000000000000000000001000000612e747874', 'hex'),
      'ZIP',
    ],
    ['a program', Buffer.from('7f454c460201010000000000000000000200', 'hex'), 'a ELF file'],
    ['rubbish', Buffer.from('00ff00fe13371337', 'hex'), 'a file of unknown kind (8 bytes)'],
    ['a sound', Buffer.from('RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0', 'latin1'), 'a sound file (WAV)'],
    ['a sound in MP4', video('sound.mp4'), 'a sound file (MP4)'],
  ])('%s', async (_name, bytes, words) => {
    await expect(probe(bytes)).rejects.toMatchObject({
      code: 'MEDIA_UNREADABLE',
      message: expect.stringContaining(words),
      hint: expect.stringMatching(/\w/),
    });
  });

  it.each([
    ['HEIC', Buffer.from('00000018667479706865696300000000', 'hex'), 'Most Compatible'],
    ['BMP', Buffer.from('424d46000000000000003600000028000000', 'hex'), 'JPEG or PNG'],
  ])('%s, with the way out', async (name, bytes, hint) => {
    await expect(probe(bytes)).rejects.toMatchObject({
      code: 'MEDIA_UNREADABLE',
      message: expect.stringContaining(name),
      hint: expect.stringContaining(hint),
    });
  });
});

describe('damaged files', () => {
  it.each(['jpeg', 'png', 'webp', 'gif', 'avif', 'tiff'] as const)(
    'a %s that ends too early',
    async (format) => {
      const bytes = await noise(200, 150).toFormat(format).toBuffer();
      for (const share of [0.05, 0.5, 0.95]) {
        await expect(probe(bytes.subarray(0, Math.floor(bytes.length * share)))).rejects.toMatchObject({
          code: 'MEDIA_UNREADABLE',
        });
      }
    },
  );

  it('an animated GIF that ends in its third frame', async () => {
    const bytes = await animation(30, 20, 4).gif().toBuffer();
    await expect(probe(bytes.subarray(0, Math.floor(bytes.length * 0.7)))).rejects.toMatchObject({
      code: 'MEDIA_UNREADABLE',
    });
    await expect(probe(bytes.subarray(0, -1))).resolves.toMatchObject({ frames: 4 });
  });

  it('a video that ends too early says how much is missing', async () => {
    await expect(probe(video('clip.mp4').subarray(0, 4000))).rejects.toMatchObject({
      code: 'MEDIA_UNREADABLE',
      message: 'The file is a video that ends too early: 3.9 kB are there, it should have 7.7 kB.',
    });
  });

  it('a video without its index', async () => {
    const bytes = video('hevc.mov');
    await expect(probe(bytes.subarray(0, bytes.indexOf('moov', 0, 'latin1') - 4))).rejects.toMatchObject({
      message: expect.stringContaining('without an index'),
    });
  });

  it('videos with any byte of the index changed end with facts or a clear error, at once', async () => {
    const whole = video('clip.mp4');
    for (let at = 0; at < 1890; at += 7) {
      for (const value of [0x00, 0xff]) {
        const bytes = Buffer.from(whole);
        bytes[at] = value;
        const outcome = await probe(bytes).then(
          (facts) => facts.kind,
          (error: { code: string }) => error.code,
        );
        expect(['video', 'MEDIA_UNREADABLE'], `byte ${at} set to ${value}`).toContain(outcome);
      }
    }
  });
});

describe('decompression bombs', () => {
  it('a picture', async () => {
    // Only the header claims the size: what counts is that nobody begins to unpack it.
    const bytes = await plain(8, 8).png().toBuffer();
    bytes.writeUInt32BE(16_000, 16);
    bytes.writeUInt32BE(8000, 20);
    bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
    await expect(probe(bytes)).rejects.toMatchObject({
      code: 'MEDIA_BOMB',
      message: 'The picture unpacks to 16000 × 8000 pixels; at most 120 megapixels of its kind are taken.',
    });
  });

  it('of a kind that must be unpacked whole: the bound is lower', async () => {
    const bytes = await plain(8, 8).png({ progressive: true }).toBuffer();
    bytes.writeUInt32BE(8000, 16);
    bytes.writeUInt32BE(8000, 20);
    bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
    await expect(probe(bytes)).rejects.toMatchObject({
      code: 'MEDIA_BOMB',
      message: expect.stringContaining('at most 50 megapixels'),
    });
  });

  it('an animation', async () => {
    const bytes = await animation(8, 8, 6).webp().toBuffer();
    bytes.writeUIntLE(8999, 24, 3);
    bytes.writeUIntLE(8999, 27, 3);
    await expect(probe(bytes)).rejects.toMatchObject({
      code: 'MEDIA_BOMB',
      message: expect.stringContaining('in 6 frames'),
    });
  });
});

it('says by the first bytes how large a file may be, and refuses what is no medium', async () => {
  const { headBytes, boundOf } = createMediaProbe();
  const png = await plain(8, 8).png().toBuffer();
  expect(await boundOf(png.subarray(0, headBytes))).toBe(64 * MEGABYTE);
  expect(await boundOf(video('clip.mp4').subarray(0, headBytes))).toBe(GIGABYTE);
  await expect(boundOf(Buffer.from('<!doctype html>'))).rejects.toMatchObject({ code: 'MEDIA_UNREADABLE' });
});
