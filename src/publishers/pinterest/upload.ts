/**
 * The life of one video (https://developers.pinterest.com/docs/work-with-organic-content-and-users/create-boards-and-pins/):
 * registered, sent to the address that Pinterest names, processed. It creates nothing that anybody sees, so every step may
 * be repeated; what Pinterest has forgotten is begun anew.
 */
import { after, HOUR, MINUTE, SECOND } from '../../core/clock.ts';
import { failure } from '../../core/errors.ts';
import type { PreparedMedia, PublishContext } from '../../core/publisher.ts';
import { KILOBYTE } from '../../core/quantities.ts';
import { multipart } from '../multipart.ts';
import { mediaStatus, registeredMedia } from './answers.ts';
import { ask, type PinterestSession } from './ask.ts';
import { PinterestFailure } from './failure.ts';

/** How far a video has come; part of the checkpoint. The address and its signatures are not: they are as good as a password. */
export interface Upload {
  readonly id: string;
  /** Of the file that was sent: a checkpoint says nothing about another one. */
  readonly sha256: string;
  readonly state: 'processing' | 'ready';
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Times that it was begun anew. */
  readonly renewals: number;
}

interface UploadStep {
  readonly upload: Upload;
  /** Absent: go on at once. */
  readonly lookAgainAt?: Date;
}

/** Pause between looks: half of what has passed, within these bounds. */
const LOOK_MIN_MS = 5 * SECOND;
const LOOK_MAX_MS = MINUTE;
/** Fifteen minutes of video are ready well within this time; after it Pinterest has lost it. */
const PROCESSING_MS_MAX = HOUR;
/** How long Pinterest keeps a video that no pin shows is not documented. */
const LIFE_MS = 24 * HOUR;
const RENEWALS_MAX = 2;
const UPLOAD_MS = 5 * MINUTE;
const LINE_BYTES_PER_SECOND_MIN = 128 * KILOBYTE;

/** True when nothing is left to do. */
export function isReady(upload: Upload | undefined, media: PreparedMedia, now: Date): upload is Upload {
  return isOf(upload, media, now) && upload.state === 'ready';
}

function isOf(upload: Upload | undefined, media: PreparedMedia, now: Date): upload is Upload {
  return upload?.sha256 === media.sha256 && now.getTime() - upload.startedAt < LIFE_MS;
}

/** Sends the video, or looks how far Pinterest is. Throws PinterestFailure for calls that failed, MediaRejected when Pinterest does not want the file. */
export async function uploadStep(
  session: PinterestSession,
  media: PreparedMedia,
  known: Upload | undefined,
  context: PublishContext,
): Promise<UploadStep> {
  if (!isOf(known, media, session.clock.now())) return begin(session, media, 0, context);
  try {
    return await look(session, media, known, context);
  } catch (error) {
    const isForgotten = error instanceof PinterestFailure && error.facts.status === 404;
    if (!isForgotten) throw error;
    return renew(session, media, known, 'Pinterest has forgotten it', context);
  }
}

async function begin(
  session: PinterestSession,
  media: PreparedMedia,
  renewals: number,
  context: PublishContext,
): Promise<UploadStep> {
  const { random, progress, signal } = context;
  const call = { method: 'POST', path: 'media', json: { media_type: 'video' } } as const;
  const registered = await ask(session, call, registeredMedia, signal);
  const fields = Object.entries(registered.upload_parameters).map(([name, value]) => ({ name, value }));
  const ending = media.mime.replace(/^.*\//, '').replace(/[^a-z0-9]/g, '');
  const file = {
    name: 'file',
    fileName: `video.${ending}`,
    contentType: media.mime,
    bytes: media.bytes,
    open: () => media.open(),
  };
  // The store behind the address reads the fields up to the file, so it stands last.
  const form = multipart([...fields, file], random);
  const body = {
    ...form,
    onSent: (bytes: number) => progress(`uploading video, ${Math.floor((100 * bytes) / form.bytes)} %`),
  };
  const deadlineMs = UPLOAD_MS + (media.bytes / LINE_BYTES_PER_SECOND_MIN) * SECOND;
  await session.client
    .upload(new URL(registered.upload_url), body, deadlineMs, signal)
    .catch((error: unknown) => {
      throw error instanceof PinterestFailure ? ofTheStore(error) : error;
    });
  const now = session.clock.now();
  const upload: Upload = {
    id: registered.media_id,
    sha256: media.sha256,
    state: 'processing',
    startedAt: now.getTime(),
    renewals,
  };
  return { upload, lookAgainAt: after(now, LOOK_MIN_MS) };
}

/** What the store says is not about the rights or the account at Pinterest; only that a file is too large is for a person. */
function ofTheStore(error: PinterestFailure): PinterestFailure {
  const { status, aborted = false } = error.facts;
  if (status === undefined || status === 413) return error;
  return new PinterestFailure({
    sent: true,
    aborted,
    reason: `the store for videos answered with HTTP ${status}`,
  });
}

async function look(
  session: PinterestSession,
  media: PreparedMedia,
  upload: Upload,
  context: PublishContext,
): Promise<UploadStep> {
  const call = { method: 'GET', path: `media/${upload.id}` } as const;
  const { status } = await ask(session, call, mediaStatus, context.signal);
  if (status === 'succeeded') return { upload: { ...upload, state: 'ready' } };
  if (status === 'failed') throw rejected(media, 'Pinterest could not process it');
  const now = session.clock.now();
  const age = now.getTime() - upload.startedAt;
  if (age > PROCESSING_MS_MAX)
    return renew(session, media, upload, 'Pinterest did not finish with it', context);
  context.progress('Pinterest is processing the video');
  return { upload, lookAgainAt: after(now, Math.min(Math.max(age / 2, LOOK_MIN_MS), LOOK_MAX_MS)) };
}

/** Begins anew, unless that was tried often enough. */
function renew(
  session: PinterestSession,
  media: PreparedMedia,
  { id, renewals }: Upload,
  reason: string,
  context: PublishContext,
): Promise<UploadStep> {
  if (renewals >= RENEWALS_MAX) throw rejected(media, `${reason} (${renewals + 1} times)`);
  context.log.warn({ upload: id, renewals, reason }, 'a video for Pinterest is sent anew');
  return begin(session, media, renewals + 1, context);
}

function rejected({ name }: PreparedMedia, reason: string): Error {
  return failure('MediaRejected', {
    code: 'MEDIA_REJECTED',
    message: `Pinterest refused ${name}: ${reason}.`,
    hint: 'Attach another file with /edit, then /retry.',
    context: { network: 'pinterest', step: 'media' },
  });
}
