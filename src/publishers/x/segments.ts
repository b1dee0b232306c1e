/** Sends the bytes of a medium: whole, or in segments. They are read in ranges, so a file is never in memory whole. */
import { failure } from '../../core/errors.ts';
import type { PreparedMedia, PublishContext } from '../../core/publisher.ts';
import { BodyMemory } from '../body-memory.ts';
import { anyAnswer, type UploadAnswer, upload as uploadShape } from './answers.ts';
import { ask, type XSession } from './ask.ts';
import { XFailure } from './failure.ts';
import { multipart } from './multipart.ts';

/** What X has confirmed, and in which size to go on. */
export interface SegmentProgress {
  readonly offset: number;
  readonly segments: number;
  readonly segmentBytes: number;
}

/** Segments of 1 to 2 MB are safe; 5 MB were refused by gateways on the way (413, 431). */
export const SEGMENT_BYTES = 2_000_000;
/** Below this a refused segment is not refused for its size. */
const SEGMENT_BYTES_MIN = 250_000;
/** segment_index is 0 to 999 in the published description. */
const SEGMENTS_MAX = 1000;
/** One step sends so much, then what was confirmed is stored as a checkpoint. */
const STEP_BYTES = 16 * SEGMENT_BYTES;

/** The size of segments with which a file of so many bytes fits. */
export function segmentBytesFor(bytes: number): number {
  return Math.max(SEGMENT_BYTES, Math.ceil(bytes / SEGMENTS_MAX));
}

/** A whole picture in one call; undefined when it is too large for that on the way. Throws XFailure. */
export async function sendWhole(
  session: XSession,
  media: PreparedMedia,
  category: string,
  context: PublishContext,
): Promise<UploadAnswer | undefined> {
  const file = rangeOf(media, 0, media.bytes);
  const body = await multipart(new BodyMemory(), boundaryOf(context), { media_category: category }, file);
  try {
    return (await ask(session, { method: 'POST', path: 'media/upload', body }, uploadShape, context.signal))
      .data;
  } catch (error) {
    if (isTooLarge(error)) return undefined;
    throw error;
  }
}

/** Sends segments until the step is full or the file ends. A segment that is sent twice counts once. Throws XFailure. */
export async function sendSegments<T extends SegmentProgress & { readonly id: string }>(
  session: XSession,
  media: PreparedMedia,
  from: T,
  context: PublishContext,
): Promise<T> {
  let progress = from;
  const memory = new BodyMemory();
  const stop = Math.min(from.offset + STEP_BYTES, media.bytes);
  while (progress.offset < stop) {
    const end = Math.min(progress.offset + progress.segmentBytes, media.bytes);
    try {
      await sendSegment(session, media, progress, end, memory, context);
    } catch (error) {
      const segmentBytes = smallerSegments(progress, media);
      if (!isTooLarge(error) || segmentBytes === undefined) throw error;
      context.log.info(
        { upload: from.id, segmentBytes },
        'a segment was too large for X; going on with smaller ones',
      );
      progress = { ...progress, segmentBytes };
      continue;
    }
    progress = { ...progress, offset: end, segments: progress.segments + 1 };
    context.progress(`uploading ${media.kind}, ${Math.floor((100 * end) / media.bytes)} %`);
  }
  return progress;
}

async function sendSegment(
  session: XSession,
  media: PreparedMedia,
  { id, offset, segments }: SegmentProgress & { readonly id: string },
  end: number,
  memory: BodyMemory,
  context: PublishContext,
): Promise<void> {
  const fields = { segment_index: String(segments) };
  const body = await multipart(memory, boundaryOf(context), fields, rangeOf(media, offset, end));
  await ask(session, { method: 'POST', path: `media/upload/${id}/append`, body }, anyAnswer, context.signal);
}

/** Half the size, if the rest of the file still fits into the number of segments. */
function smallerSegments(
  { offset, segments, segmentBytes }: SegmentProgress,
  media: PreparedMedia,
): number | undefined {
  const smaller = Math.floor(segmentBytes / 2);
  const needed = segments + Math.ceil((media.bytes - offset) / smaller);
  return smaller < SEGMENT_BYTES_MIN || needed > SEGMENTS_MAX ? undefined : smaller;
}

function isTooLarge(error: unknown): boolean {
  return error instanceof XFailure && (error.facts.status === 413 || error.facts.status === 431);
}

/** A part of a file as a field of a form. */
function rangeOf(media: PreparedMedia, start: number, end: number) {
  return { name: 'media', bytes: end - start, fill: (target: Buffer) => readRange(media, start, target) };
}

/** Fills the target with the bytes from `start` on. Error: MEDIA_MISSING when there are fewer. */
async function readRange(media: PreparedMedia, start: number, target: Buffer): Promise<void> {
  let filled = 0;
  for await (const piece of media.open({ start, end: start + target.length }))
    filled += piece.copy(target, filled);
  if (filled === target.length) return;
  throw failure('MediaRejected', {
    code: 'MEDIA_MISSING',
    message: `${media.name} ends at ${start + filled} of ${media.bytes} bytes.`,
    hint: 'Attach it again with /edit.',
  });
}

const BOUNDARY_BYTES = 24;

function boundaryOf({ random }: PublishContext): string {
  return `carillon${Buffer.from(random.bytes(BOUNDARY_BYTES)).toString('hex')}`;
}
