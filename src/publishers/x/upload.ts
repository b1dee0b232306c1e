/**
 * The life of one upload (https://docs.x.com/x-api/media/quickstart/media-upload-chunked). It creates nothing that anybody
 * sees, so every step may be repeated, and an upload that X has forgotten is begun anew.
 */
import { after, MINUTE, SECOND } from '../../core/clock.ts';
import { failure } from '../../core/errors.ts';
import type { PreparedMedia, PublishContext } from '../../core/publisher.ts';
import { anyAnswer, type UploadAnswer, upload as uploadShape } from './answers.ts';
import { ask, type XSession } from './ask.ts';
import { XFailure } from './failure.ts';
import { SEGMENT_BYTES, type SegmentProgress, segmentBytesFor, sendSegments, sendWhole } from './segments.ts';

/** How far one upload has come; part of the checkpoint. */
export interface Upload extends SegmentProgress {
  readonly id: string;
  /** Of the file that was uploaded: a checkpoint says nothing about another one. */
  readonly sha256: string;
  /** `described`: nothing is left to do. */
  readonly state: 'appending' | 'processing' | 'ready' | 'described';
  /** Milliseconds since 1970; X forgets the upload then. */
  readonly expiresAt: number;
  readonly startedAt: number;
  /** Times that it was begun anew. */
  readonly renewals: number;
}

export interface UploadStep {
  readonly upload: Upload;
  /** Absent: go on at once. */
  readonly lookAgainAt?: Date;
}

/** A picture up to one segment goes in one call. */
const ONE_CALL_BYTES_MAX = SEGMENT_BYTES;
/** X names how long an upload lives (`expires_after_secs`); the shortest that its documentation shows is a day. */
const LIFE_MS = 24 * 60 * MINUTE;
/** An upload that ends within this time is not relied on any more. */
const LIFE_MARGIN_MS = 5 * MINUTE;
/** Pause between looks when X names none, and the bounds of what it may name. */
const LOOK_MS = 5 * SECOND;
const LOOK_MIN_MS = SECOND;
const LOOK_MAX_MS = MINUTE;
/** Two minutes of video are ready within a few minutes; after this X has lost it. */
const PROCESSING_MS_MAX = 30 * MINUTE;
/** An upload that failed inside X or was forgotten is begun anew this often. */
const RENEWALS_MAX = 2;

const CATEGORY = { image: 'tweet_image', gif: 'tweet_gif', video: 'tweet_video' } as const;

/** True when nothing is left to do and X will still know the upload in a moment. */
export function isDone(upload: Upload | undefined, media: PreparedMedia, now: Date): upload is Upload {
  return upload?.state === 'described' && upload.sha256 === media.sha256 && isAlive(upload, now);
}

function isAlive(upload: Upload, now: Date): boolean {
  return upload.expiresAt - LIFE_MARGIN_MS > now.getTime();
}

/**
 * Takes an upload as far as one checkpoint: the whole way for a picture, some segments or one look for a video. Throws
 * XFailure for calls that failed, MediaRejected when X does not want the file.
 */
export async function uploadStep(
  session: XSession,
  media: PreparedMedia,
  known: Upload | undefined,
  context: PublishContext,
): Promise<UploadStep> {
  const work = new UploadWork(session, media, context);
  if (known?.sha256 !== media.sha256) return work.begin(0);
  if (!isAlive(known, session.clock.now())) return work.renew(known, 'it expired');
  try {
    return await work.goOn(known);
  } catch (error) {
    if (!(error instanceof XFailure) || !isForgotten(error)) throw error;
    return work.renew(known, error.message);
  }
}

/** X answers 404 (or 400 about the id itself) for an upload that it does not know any more. */
function isForgotten({ facts }: XFailure): boolean {
  const aboutId = facts.problem?.parameters.some((name) => name === 'media_id' || name === 'id') ?? false;
  return facts.status === 404 || (facts.status === 400 && aboutId);
}

class UploadWork {
  readonly #session: XSession;
  readonly #media: PreparedMedia;
  readonly #context: PublishContext;

  constructor(session: XSession, media: PreparedMedia, context: PublishContext) {
    this.#session = session;
    this.#media = media;
    this.#context = context;
  }

  async begin(renewals: number): Promise<UploadStep> {
    const { kind, mime, bytes } = this.#media;
    const category = CATEGORY[kind];
    if (kind === 'image' && bytes <= ONE_CALL_BYTES_MAX) {
      const whole = await sendWhole(this.#session, this.#media, category, this.#context);
      if (whole) return this.#ready({ ...this.#started(whole, renewals), offset: bytes });
    }
    const json = { media_type: mime, total_bytes: bytes, media_category: category };
    const { data } = await this.#ask({ method: 'POST', path: 'media/upload/initialize', json });
    return this.#append(this.#started(data, renewals));
  }

  goOn(upload: Upload): Promise<UploadStep> {
    if (upload.state === 'appending') return this.#append(upload);
    if (upload.state === 'processing') return this.#look(upload);
    return this.#ready(upload);
  }

  /** Begins anew, unless that was tried often enough. */
  renew({ id, renewals }: Upload, reason: string): Promise<UploadStep> {
    if (renewals >= RENEWALS_MAX) throw this.#rejected(`${reason} (${renewals + 1} times)`);
    this.#context.log.warn({ upload: id, renewals, reason }, 'an upload to X is begun anew');
    return this.begin(renewals + 1);
  }

  #started(data: UploadAnswer, renewals: number): Upload {
    const startedAt = this.#session.clock.now().getTime();
    const expiresAt =
      startedAt + (data.expires_after_secs === undefined ? LIFE_MS : data.expires_after_secs * SECOND);
    const segmentBytes = segmentBytesFor(this.#media.bytes);
    return {
      id: data.id,
      sha256: this.#media.sha256,
      state: 'appending',
      expiresAt,
      startedAt,
      offset: 0,
      segments: 0,
      segmentBytes,
      renewals,
    };
  }

  async #append(from: Upload): Promise<UploadStep> {
    const upload = await sendSegments(this.#session, this.#media, from, this.#context);
    if (upload.offset < this.#media.bytes) return { upload };
    const { data } = await this.#ask({ method: 'POST', path: `media/upload/${upload.id}/finalize` });
    return this.#after(upload, data);
  }

  async #look(upload: Upload): Promise<UploadStep> {
    const query = { command: 'STATUS', media_id: upload.id };
    const { data } = await this.#ask({ method: 'GET', path: 'media/upload', query });
    return this.#after(upload, data);
  }

  /** Ready, still being processed, or failed: what `processing_info` says; none means ready. */
  async #after(upload: Upload, data: UploadAnswer): Promise<UploadStep> {
    const now = this.#session.clock.now();
    const info = data.processing_info;
    const expiresAt =
      data.expires_after_secs === undefined
        ? upload.expiresAt
        : now.getTime() + data.expires_after_secs * SECOND;
    if (!info || info.state === 'succeeded') return this.#ready({ ...upload, expiresAt });
    if (info.state === 'failed') {
      const said = [info.error?.name, info.error?.message].filter(Boolean).join(': ') || 'processing failed';
      // X's own fault, by its own word; another try may succeed.
      if (info.error?.name === 'InternalError') return this.renew(upload, said);
      throw this.#rejected(said);
    }
    if (now.getTime() - upload.startedAt > PROCESSING_MS_MAX)
      return this.renew(upload, 'processing did not end');
    this.#context.progress(
      `X is processing the ${this.#media.kind}${info.progress_percent ? `, ${info.progress_percent} %` : ''}`,
    );
    const asked = info.check_after_secs === undefined ? LOOK_MS : info.check_after_secs * SECOND;
    const pause = Math.min(Math.max(asked, LOOK_MIN_MS), LOOK_MAX_MS);
    return { upload: { ...upload, state: 'processing', expiresAt }, lookAgainAt: after(now, pause) };
  }

  /** Adds the alt text; X takes it for pictures and GIFs (https://docs.x.com/x-api/media/metadata-create). */
  async #ready(upload: Upload): Promise<UploadStep> {
    const { alt, kind } = this.#media;
    if (alt && kind !== 'video') {
      const json = { id: upload.id, metadata: { alt_text: { text: alt } } };
      await ask(
        this.#session,
        { method: 'POST', path: 'media/metadata', json },
        anyAnswer,
        this.#context.signal,
      );
    }
    return { upload: { ...upload, state: 'described' } };
  }

  #ask(call: Parameters<typeof ask>[1]): Promise<{ data: UploadAnswer }> {
    return ask(this.#session, call, uploadShape, this.#context.signal);
  }

  #rejected(said: string): Error {
    return failure('MediaRejected', {
      code: 'MEDIA_REJECTED',
      message: `X refused ${this.#media.name}: “${said.slice(0, 300)}”.`,
      hint: 'Attach another file with /edit, then /retry.',
      context: { network: 'x', step: 'media' },
    });
  }
}
