/**
 * Makes pictures fit a network's rule. Everything that is encoded here comes out upright, in sRGB and without hidden data
 * (camera, place, names), because the picture library copies none of it unless asked to. Videos never come here.
 */
import { tooLarge } from '../core/byte-limit.ts';
import type { ImageRule } from '../core/capabilities.ts';
import { type PlannedSize, planSize } from '../core/image-plan.ts';
import type { ByteSource, FitPlan, MediaFitter } from '../core/media.ts';
import type { MediaFacts } from '../core/words.ts';
import { readBytes } from './byte-reader.ts';
import { type Draw, drawing } from './draw.ts';
import { encodeWithin } from './encode.ts';
import { MAX_PICTURE_BYTES } from './limits.ts';
import { loadSharp } from './sharp.ts';
import { broken } from './unreadable.ts';

/** How much smaller each further try is when no quality makes a picture light enough. */
const STEP = 0.8;

/** Narrower than this nothing is left of a picture. */
const SMALLEST = 16;

/** Errors: MEDIA_UNREADABLE, MEDIA_TOO_LARGE. */
export function createMediaFitter(): MediaFitter {
  return {
    async fit(source, facts, plan, rule) {
      const bytes = await picture(source);
      const draw = drawing(await loadSharp(), bytes, facts, plan.format);
      for (const size of sizes(facts, plan, rule)) {
        const data = await attempt(draw, size, plan);
        if (data) return { data, facts: factsOf(facts, plan, size, data.length) };
      }
      throw tooLarge(plan.maxBytes, facts.bytes);
    },
  };
}

async function picture(source: ByteSource): Promise<Buffer> {
  if (source.bytes > MAX_PICTURE_BYTES) throw tooLarge(MAX_PICTURE_BYTES, source.bytes);
  return readBytes(source, 0, source.bytes);
}

function attempt(draw: Draw, size: PlannedSize, plan: FitPlan): Promise<Buffer | undefined> {
  return encodeWithin(() => draw(size), plan.format, plan.maxBytes).catch((error: unknown) => {
    throw broken('is a picture that cannot be converted', error);
  });
}

/** The planned size, then smaller ones of an allowed shape, reached in the same way, down to the least width that the network takes. */
function* sizes(facts: MediaFacts, plan: FitPlan, rule: ImageRule): Generator<PlannedSize> {
  const fit = plan.shape === 'crop' ? 'crop' : 'pad';
  let size: PlannedSize = { width: plan.width, height: plan.height, shape: plan.shape };
  while (size.width >= Math.max(rule.minWidth, 1)) {
    yield size;
    const [maxWidth, maxHeight] = [Math.floor(size.width * STEP), Math.floor(size.height * STEP)];
    if (maxWidth < SMALLEST || maxHeight < 1) return;
    size = planSize(facts.width, facts.height, { ...rule, maxWidth, maxHeight }, fit);
  }
}

const MIMES = { jpeg: 'image/jpeg', png: 'image/png', webp: 'image/webp', gif: 'image/gif' } as const;

function factsOf(facts: MediaFacts, plan: FitPlan, size: PlannedSize, bytes: number): MediaFacts {
  const animated = plan.format === 'gif' && facts.kind === 'gif';
  return {
    kind: animated ? 'gif' : 'image',
    mime: MIMES[plan.format],
    bytes,
    width: size.width,
    height: size.height,
    ...(facts.alpha && plan.format !== 'jpeg' && size.shape !== 'pad' ? { alpha: true } : {}),
    ...(animated && facts.frames !== undefined ? { frames: facts.frames } : {}),
    ...(animated && facts.durationMs !== undefined ? { durationMs: facts.durationMs } : {}),
  };
}
