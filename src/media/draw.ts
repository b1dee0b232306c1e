/** Pixels of a picture at a planned size, before they are encoded. */
import type { Sharp } from 'sharp';
import type { PlannedSize } from '../core/image-plan.ts';
import type { FitPlan } from '../core/media.ts';
import type { MediaFacts } from '../core/words.ts';
import { MAX_ANIMATION_PIXELS, MAX_PICTURE_PIXELS } from './limits.ts';
import type { OpenPicture } from './sharp.ts';

/** A fresh pipeline at that size; encoding uses it up. */
export type Draw = (size: PlannedSize) => Promise<Sharp>;

const WHITE = '#ffffff';

/** Margins show the picture itself, blurred and a little darker, so that they are told from it. */
const MARGIN_BRIGHTNESS = 0.75;

/** The blur is done on a copy of this many pixels along the longer side: fast, and no detail survives. */
const MARGIN_DETAIL = 48;

export function drawing(
  open: OpenPicture,
  bytes: Buffer,
  facts: MediaFacts,
  format: FitPlan['format'],
): Draw {
  const animated = format === 'gif' && facts.kind === 'gif';
  const limitInputPixels = animated ? MAX_ANIMATION_PIXELS : MAX_PICTURE_PIXELS;
  const upright = (): Sharp => open(bytes, { animated, limitInputPixels, failOn: 'error' }).autoOrient();
  return async (size) => {
    if (size.shape === 'pad') return padded(open, upright, facts, size);
    const { width, height } = size;
    const resized =
      size.shape === 'crop'
        ? upright().resize(width, height, { fit: 'cover', position: open.strategy.attention })
        : width === facts.width && height === facts.height
          ? upright()
          : upright().resize(width, height, { fit: 'fill' });
    return format === 'jpeg' ? resized.flatten({ background: WHITE }) : resized;
  };
}

/** The whole picture in the middle of a canvas: nothing is cut off and nothing stretched. */
async function padded(
  open: OpenPicture,
  upright: () => Sharp,
  facts: MediaFacts,
  size: PlannedSize,
): Promise<Sharp> {
  const { width, height } = size;
  const { data, info } = await upright()
    .resize(width, height, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: WHITE })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const middle = {
    input: data,
    raw: { width: info.width, height: info.height, channels: info.channels },
    gravity: 'centre',
  };
  return (await margins(open, upright, facts, size)).composite([middle]);
}

/** White for what is transparent (logos, drawings: a blurred copy of them looks like dirt), else the picture blurred. */
async function margins(
  open: OpenPicture,
  upright: () => Sharp,
  facts: MediaFacts,
  { width, height }: PlannedSize,
): Promise<Sharp> {
  if (facts.alpha) return open({ create: { width, height, channels: 3, background: WHITE } });
  const scale = MARGIN_DETAIL / Math.max(width, height);
  const small = {
    width: Math.max(2, Math.round(width * scale)),
    height: Math.max(2, Math.round(height * scale)),
  };
  const { data, info } = await upright()
    .resize(small.width, small.height, { fit: 'cover' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const raw = { width: info.width, height: info.height, channels: info.channels };
  const soft = await open(data, { raw })
    .blur(3)
    .linear(MARGIN_BRIGHTNESS, 0)
    .raw()
    .toBuffer({ resolveWithObject: true });
  return open(soft.data, { raw: { ...raw, channels: soft.info.channels } }).resize(width, height, {
    fit: 'fill',
    kernel: 'cubic',
  });
}
