/** One video made anew: the result is looked at as any file that comes in, and kept only when it is whole and keeps the rule. */
import type { Clock } from '../clock.ts';
import { type CarillonError, failure } from '../errors.ts';
import type { BlobStore, ByteSource, MediaIndex, MediaProbe, VideoConverter } from '../media.ts';
import { checkVideo } from '../video-check.ts';
import type { StoredMedia } from '../words.ts';
import type { ConversionOffer } from './conversion-offers.ts';

export interface ConvertPorts {
  readonly blobs: BlobStore;
  readonly probe: Pick<MediaProbe, 'probe'>;
  readonly index: Pick<MediaIndex, 'remember'>;
  readonly clock: Clock;
}

/** A result may differ in its length by a picture or two; one that is shorter was cut off. */
const LENGTH_TOLERANCE = 0.02;
const LENGTH_TOLERANCE_MS = 500;

/** Errors: VIDEO_CONVERSION_FAILED, MEDIA_MISSING, MEDIA_UNREADABLE, STORAGE_FULL; the signal's reason when it is aborted. */
export async function convertVideo(
  { blobs, probe, index, clock }: ConvertPorts,
  converter: VideoConverter,
  { item, rule, plan }: Omit<ConversionOffer, 'account'>,
  how: { readonly workspaceId: string; readonly signal: AbortSignal; progress(fraction: number): void },
): Promise<StoredMedia> {
  const source: ByteSource = { bytes: item.bytes, read: (range) => blobs.read(item.sha256, range) };
  const made = await converter.convert(source, item, plan, how);
  try {
    const staged = await blobs.stage(made.read(), { maxBytes: made.bytes, signal: how.signal });
    try {
      const facts = await probe.probe({ bytes: staged.bytes, read: (range) => staged.read(range) });
      refuseWhenCut(item.durationMs, facts.durationMs);
      const broken = checkVideo(facts, rule).map((each) => `${each.rule}, found ${each.found}`);
      if (broken.length > 0) throw doesNotFit(broken.join('; '));
      const { sha256, bytes } = staged;
      // Before the bytes, as MediaIndex wants it.
      await index.remember(how.workspaceId, { sha256, bytes }, facts, clock.now());
      await staged.keep();
      return { ...facts, sha256 };
    } finally {
      // Does nothing to what was kept.
      await staged.discard();
    }
  } finally {
    await made.discard();
  }
}

/** The bound on bytes ends a file early without a word. */
function refuseWhenCut(before: number | undefined, found: number | undefined): void {
  if (before === undefined) return;
  if ((found ?? 0) < before * (1 - LENGTH_TOLERANCE) - LENGTH_TOLERANCE_MS)
    throw doesNotFit('the result is shorter than the original');
}

function doesNotFit(why: string): CarillonError {
  return failure('MediaRejected', {
    code: 'VIDEO_CONVERSION_FAILED',
    message: `The video was converted, but it does not fit: ${why}.`,
    hint: 'The original is kept. Export it anew as the rule says, and attach it with /edit.',
  });
}
