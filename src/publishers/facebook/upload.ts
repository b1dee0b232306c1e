/**
 * The bytes of a video, in steps that may be repeated: a session first, then one streamed request that goes on from the offset
 * that Facebook names. A feed video goes through an upload session of the app and gets a handle
 * (https://developers.facebook.com/docs/graph-api/guides/upload), a reel or story through its own video id.
 */
import { HOUR } from '../../core/clock.ts';
import { failure } from '../../core/errors.ts';
import type { PreparedMedia, PublishContext } from '../../core/publisher.ts';
import { ask, type MetaSession, shaped } from '../meta/ask.ts';
import { MetaFailure } from '../meta/failure.ts';
import { bytesFrom, sendResuming } from '../meta/upload.ts';
import { startedVideo, success, uploadedFile, uploadOffset, uploadSession, video } from './answers.ts';
import type { AppIdFinder } from './app-id.ts';
import type { VideoUpload } from './checkpoint.ts';

/** Facebook names no life of a session; a day is what it shows elsewhere, and this is well within. */
const LIFE_MS = 20 * HOUR;
/** An upload that Facebook has forgotten is begun anew this often. */
const RENEWALS_MAX = 2;
/** The only type of video that an upload session takes by name; what is inside, Facebook looks at itself. */
const FILE_TYPE = 'video/mp4';

/** Where these begin and end. */
const EDGES = { reel: 'video_reels', 'video story': 'video_stories' } as const;

export interface UploadPorts {
  readonly session: MetaSession;
  readonly pageId: string;
  readonly findAppId: AppIdFinder;
  /** Uploads that this process began and has sent nothing for: their offset is known without asking. */
  readonly fresh: Set<string>;
}

/** True when the whole file is there, and Facebook still has it. */
export function isSent(
  upload: VideoUpload | undefined,
  kind: VideoUpload['kind'],
  { sha256 }: PreparedMedia,
  now: Date,
): boolean {
  if (upload?.handle === undefined || upload.kind !== kind || upload.sha256 !== sha256) return false;
  return now.getTime() <= upload.at + LIFE_MS;
}

/** Begins an upload, or sends its bytes. Throws MetaFailure, MediaRejected when it was begun too often. */
export async function uploadStep(
  ports: UploadPorts,
  kind: VideoUpload['kind'],
  media: PreparedMedia,
  known: VideoUpload | undefined,
  context: PublishContext,
): Promise<VideoUpload> {
  const now = ports.session.clock.now().getTime();
  if (known?.kind !== kind || known.sha256 !== media.sha256) return begin(ports, kind, media, 0, context);
  if (now > known.at + LIFE_MS) return renew(ports, media, known, 'it is too old', context);
  try {
    return kind === 'video'
      ? await sendFile(ports, media, known, context)
      : await sendVideo(ports, media, known, context);
  } catch (error) {
    if (!(error instanceof MetaFailure) || !isForgotten(error)) throw error;
    return renew(ports, media, known, error.message, context);
  }
}

/** Facebook does not know the session or the video any more. */
function isForgotten({ facts: { status, problem } }: MetaFailure): boolean {
  return status === 404 || (problem?.code === 100 && problem.subcode === 33);
}

function renew(
  ports: UploadPorts,
  media: PreparedMedia,
  { kind, id, renewals }: VideoUpload,
  reason: string,
  context: PublishContext,
): Promise<VideoUpload> {
  if (renewals >= RENEWALS_MAX) {
    throw failure('MediaRejected', {
      code: 'MEDIA_REJECTED',
      message: `Facebook lost the upload of ${media.name} ${renewals + 1} times: ${reason}.`,
      hint: 'Try again with /retry; if it goes on, attach another file with /edit.',
      context: { network: 'facebook', step: 'media' },
    });
  }
  context.log.warn({ upload: id, renewals, reason }, 'an upload to Facebook is begun anew');
  return begin(ports, kind, media, renewals + 1, context);
}

async function begin(
  { session, pageId, findAppId, fresh }: UploadPorts,
  kind: VideoUpload['kind'],
  media: PreparedMedia,
  renewals: number,
  { signal }: PublishContext,
): Promise<VideoUpload> {
  const common = { kind, sha256: media.sha256, at: session.clock.now().getTime(), renewals };
  if (kind !== 'video') {
    const form = { upload_phase: 'start' };
    const call = { method: 'POST', path: `${pageId}/${EDGES[kind]}`, form } as const;
    const { video_id: id, upload_url: url } = await ask(session, call, startedVideo, signal);
    fresh.add(id);
    return { ...common, id, ...(url === undefined ? {} : { url }) };
  }
  const form = { file_name: 'video.mp4', file_length: String(media.bytes), file_type: FILE_TYPE };
  const call = { method: 'POST', path: `${await findAppId(signal)}/uploads`, form } as const;
  const { id } = await ask(session, call, uploadSession, signal);
  fresh.add(id);
  return { ...common, id };
}

async function sendFile(
  { session, fresh }: UploadPorts,
  media: PreparedMedia,
  upload: VideoUpload,
  context: PublishContext,
): Promise<VideoUpload> {
  const url = session.client.graphUrl(upload.id);
  const answer = await sendResuming(
    {
      async send(offset) {
        const body = bytesFrom(media, offset, context.progress);
        const headers = { file_offset: String(offset) };
        return shaped(await session.client.send({ url, headers, body }, context.signal), uploadedFile);
      },
      received: async () =>
        (await ask(session, { method: 'GET', path: upload.id }, uploadOffset, context.signal)).file_offset,
    },
    fresh.delete(upload.id) ? 0 : undefined,
    media,
    context,
  );
  return { ...upload, handle: answer.h };
}

/** The bytes of a reel or story. */
async function sendVideo(
  { session, fresh }: UploadPorts,
  media: PreparedMedia,
  upload: VideoUpload,
  context: PublishContext,
): Promise<VideoUpload> {
  const url = session.client.uploadUrl(upload.url, `video-upload/v25.0/${upload.id}`);
  await sendResuming(
    {
      async send(offset) {
        const body = bytesFrom(media, offset, context.progress);
        const headers = { offset: String(offset), file_size: String(media.bytes) };
        return shaped(await session.client.send({ url, headers, body }, context.signal), success);
      },
      received: () => bytesThere(session, upload.id, context.signal),
      whole: { success: true } as const,
    },
    fresh.delete(upload.id) ? 0 : undefined,
    media,
    context,
  );
  return { ...upload, handle: upload.id };
}

async function bytesThere(session: MetaSession, id: string, signal: AbortSignal): Promise<number> {
  const call = { method: 'GET', path: id, query: { fields: 'status' } } as const;
  const phase = (await ask(session, call, video, signal)).status?.uploading_phase;
  return phase?.bytes_transfered ?? phase?.bytes_transferred ?? 0;
}
