/**
 * Pictures and videos for tests. Pictures are made on the spot; videos were made once with ffmpeg (all 64 × 48):
 * clip.mp4 (H.264, AAC, 10 frames/s, 1 s, index first), fragmented.mp4 (the same, recorded in pieces), hevc.mov (H.265 with
 * 10 bits, 29.97 frames/s, 2 s, index last), clip.webm (VP9), sound.mp4 (AAC alone).
 */
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import sharp, { type Sharp } from 'sharp';
import type { ByteSource } from '../../src/core/media.ts';

export function video(name: 'clip.mp4' | 'fragmented.mp4' | 'hevc.mov' | 'clip.webm' | 'sound.mp4'): Buffer {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url));
}

/** A plain picture of one colour. */
export function plain(width: number, height: number, background = '#3366cc', channels: 3 | 4 = 3): Sharp {
  return sharp({ create: { width, height, channels, background } });
}

/** A picture full of detail, which no format makes light. The same every time. */
export function noise(width: number, height: number): Sharp {
  const pixels = Buffer.alloc(width * height * 3);
  let seed = 1;
  for (let at = 0; at < pixels.length; at += 1) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    pixels[at] = seed >>> 24;
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

/** An animation whose frames differ, as GIF or WebP through `.gif()` or `.webp()`. */
export function animation(width: number, height: number, frames: number): Sharp {
  const pixels = Buffer.alloc(width * height * frames * 3);
  for (let at = 0; at < pixels.length; at += 1)
    pixels[at] = (at * 7 + Math.floor(at / (width * height * 3)) * 50) % 256;
  return sharp(pixels, { raw: { width, height: height * frames, channels: 3, pageHeight: height } });
}

/** Bytes in memory as a ByteSource that counts what is read of it. */
export function memorySource(
  bytes: Buffer,
): ByteSource & { readonly read: ByteSource['read']; consumed: number } {
  return {
    bytes: bytes.length,
    consumed: 0,
    read(range = { start: 0, end: bytes.length }) {
      const part = bytes.subarray(range.start, range.end);
      this.consumed += part.length;
      return Readable.from(part.length === 0 ? [] : [part]);
    },
  };
}
