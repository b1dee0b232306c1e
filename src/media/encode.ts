/** Encoding under a bound: the best quality that is light enough. */
import type { Sharp } from 'sharp';
import type { FitPlan } from '../core/media.ts';

/** At the best, the eye sees no difference; below the worst, a smaller picture looks better than a poorer one. */
const BEST_QUALITY = 90;
const WORST_QUALITY = 50;

/** Qualities closer than this look the same. */
const QUALITY_STEP = 5;

type Encode = () => Promise<Buffer>;

/** `draw` is called once for each try. Undefined when even the poorest try is heavier than `maxBytes`. */
export async function encodeWithin(
  draw: () => Promise<Sharp>,
  format: FitPlan['format'],
  maxBytes: number,
): Promise<Buffer | undefined> {
  if (format === 'png' || format === 'gif') return firstWithin(tries(draw, format), maxBytes);
  const encode = async (quality: number): Promise<Buffer> => {
    const picture = await draw();
    return (format === 'jpeg' ? picture.jpeg({ quality }) : picture.webp({ quality })).toBuffer();
  };
  return searchQuality(encode, maxBytes);
}

/** Formats without a quality: everything first, then fewer colours. */
function tries(draw: () => Promise<Sharp>, format: 'png' | 'gif'): readonly Encode[] {
  if (format === 'gif')
    return [256, 128, 64].map((colours) => async () => (await draw()).gif({ colours }).toBuffer());
  return [
    async () => (await draw()).png({ compressionLevel: 9 }).toBuffer(),
    async () => (await draw()).png({ palette: true, quality: BEST_QUALITY, compressionLevel: 9 }).toBuffer(),
  ];
}

async function firstWithin(encodes: readonly Encode[], maxBytes: number): Promise<Buffer | undefined> {
  for (const encode of encodes) {
    const data = await encode();
    if (data.length <= maxBytes) return data;
  }
  return undefined;
}

async function searchQuality(
  encode: (quality: number) => Promise<Buffer>,
  maxBytes: number,
): Promise<Buffer | undefined> {
  const best = await encode(BEST_QUALITY);
  if (best.length <= maxBytes) return best;
  let found = await encode(WORST_QUALITY);
  if (found.length > maxBytes) return undefined;
  let [fits, tooHeavy] = [WORST_QUALITY, BEST_QUALITY];
  while (tooHeavy - fits > QUALITY_STEP) {
    const quality = Math.round((fits + tooHeavy) / 2);
    const data = await encode(quality);
    if (data.length > maxBytes) {
      tooHeavy = quality;
    } else {
      [fits, found] = [quality, data];
    }
  }
  return found;
}
