/** Facts of a picture, and the proof that it can be shown: its pixels are really decoded once. */
import type { Metadata } from 'sharp';
import { tooLarge } from '../core/byte-limit.ts';
import type { ByteSource } from '../core/media.ts';
import type { MediaFacts } from '../core/words.ts';
import { readBytes } from './byte-reader.ts';
import { gifIsComplete } from './gif-blocks.ts';
import { MAX_ANIMATION_PIXELS, MAX_HELD_PIXELS, MAX_PICTURE_BYTES, MAX_PICTURE_PIXELS } from './limits.ts';
import { loadSharp, type OpenPicture } from './sharp.ts';
import { bomb, broken } from './unreadable.ts';

/** Errors: MEDIA_UNREADABLE, MEDIA_BOMB, MEDIA_TOO_LARGE. */
export async function probePicture(source: ByteSource, mime: string): Promise<MediaFacts> {
  if (source.bytes > MAX_PICTURE_BYTES) throw tooLarge(MAX_PICTURE_BYTES, source.bytes);
  const bytes = await readBytes(source, 0, source.bytes);
  const open = await loadSharp();
  const damaged = (error: unknown): never => {
    throw broken('is a picture that is damaged or not complete', error);
  };
  // The bound on pixels is our own below, so that the message can tell the size.
  const metadata = await open(bytes, { limitInputPixels: false }).metadata().catch(damaged);
  checkPixels(metadata, mime);
  // libvips shows the frames that are there and says nothing about a GIF that ends in the middle.
  if (mime === 'image/gif' && !gifIsComplete(bytes)) damaged(new Error('the GIF ends inside a block'));
  const alpha = await decode(open, bytes, metadata).catch(damaged);
  return pictureFacts(metadata, { mime, bytes: source.bytes, alpha });
}

function checkPixels(metadata: Metadata, mime: string): void {
  const { width, height } = metadata;
  const frames = framesOf(metadata, mime);
  const most = mostPixels(metadata, mime, frames);
  if (width * height * frames > most) throw bomb({ width, height, frames, most });
}

function mostPixels({ isProgressive }: Metadata, mime: string, frames: number): number {
  if (mime === 'image/gif') return frames > 1 ? MAX_ANIMATION_PIXELS : MAX_PICTURE_PIXELS;
  const isHeldWhole = isProgressive || mime === 'image/avif' || frames > 1;
  return isHeldWhole ? MAX_HELD_PIXELS : MAX_PICTURE_PIXELS;
}

/** The pages of a TIFF or the pictures of an AVIF are not an animation. */
function framesOf({ pages = 1 }: Metadata, mime: string): number {
  return mime === 'image/gif' || mime === 'image/webp' ? pages : 1;
}

/**
 * Reads every byte, yet unpacks a JPEG at an eighth of its size: 55 ms for 12 megapixels. Answers whether anything is
 * transparent: screenshots have the channel for it and do not use it, and a rounded corner is not worth another format.
 */
async function decode(open: OpenPicture, bytes: Buffer, { hasAlpha }: Metadata): Promise<boolean> {
  const small = open(bytes, { failOn: 'truncated', limitInputPixels: MAX_PICTURE_PIXELS }).resize(8, 8, {
    fit: 'fill',
  });
  if (!hasAlpha) {
    await small.raw().toBuffer();
    return false;
  }
  return (await small.extractChannel('alpha').raw().toBuffer()).some((opacity) => opacity < 255);
}

/** EXIF orientations above 1 ask the viewer to mirror or turn the picture. */
const UPRIGHT = 1;

function pictureFacts(
  metadata: Metadata,
  { mime, bytes, alpha }: { mime: string; bytes: number; alpha: boolean },
): MediaFacts {
  const { autoOrient, orientation = UPRIGHT, space, depth, exif, xmp, iptc } = metadata;
  const frames = framesOf(metadata, mime);
  const durationMs = (metadata.delay ?? []).reduce((total, delay) => total + delay, 0);
  return {
    kind: frames > 1 ? 'gif' : 'image',
    mime,
    bytes,
    width: autoOrient.width,
    height: autoOrient.height,
    ...(orientation === UPRIGHT ? {} : { oriented: true }),
    ...(alpha ? { alpha: true } : {}),
    ...(exif || xmp || iptc ? { metadata: true } : {}),
    ...(space === 'cmyk' || depth === 'ushort' ? { printColours: true } : {}),
    ...(frames > 1 ? { frames, durationMs } : {}),
  };
}
