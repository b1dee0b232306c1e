/** Videos of a page: bytes first, then processing that takes its time, then the page shows it. */

import { type ByteOptions, newFile, type ReceivedFile, takeBytes } from './bytes.ts';
import type { ByteSink, GraphRequest } from './graph.ts';
import { refuse, refuseBytes, unknownObject } from './refusal.ts';

export interface SimulatedVideo {
  readonly id: string;
  readonly kind: 'video' | 'reel' | 'story';
  readonly file: ReceivedFile;
  description: string;
  /** When the creating call came; absent for a reel that is only uploaded. */
  createdAt?: number;
  readyAt?: number;
  processingError?: string | undefined;
  deleted?: boolean;
}

export interface VideoOptions extends ByteOptions {
  /** How long a video is processed, in milliseconds. */
  processingMs: number;
  /** The next processing ends so. */
  processingErrors: string[];
  /** Reels that a page may publish in 24 hours. */
  reelsPerDay: number;
}

interface Session {
  readonly id: string;
  readonly file: ReceivedFile;
  used: boolean;
}

export function createVideos(
  now: () => number,
  nextId: () => string,
  uploadUrl: string,
  options: VideoOptions,
) {
  const all = new Map<string, SimulatedVideo>();
  const sessions = new Map<string, Session>();
  const expected = new Map<string, number>();

  const find = (id: string): SimulatedVideo => {
    const video = all.get(id);
    if (!video || video.deleted) throw unknownObject(id);
    return video;
  };
  const begin = (video: SimulatedVideo): void => {
    video.createdAt = now();
    video.readyAt = now() + options.processingMs;
    video.processingError = options.processingErrors.shift();
  };
  const isShown = ({ readyAt, processingError, deleted }: SimulatedVideo): boolean =>
    readyAt !== undefined && readyAt <= now() && processingError === undefined && !deleted;

  const phases = (video: SimulatedVideo): unknown => {
    const { file, createdAt, readyAt = 0, processingError } = video;
    const isUploaded = file.sha256 !== undefined;
    const isProcessed = createdAt !== undefined && readyAt <= now();
    const failed = isProcessed && processingError !== undefined;
    return {
      video_status: failed
        ? 'error'
        : isProcessed
          ? 'ready'
          : isUploaded
            ? createdAt === undefined
              ? 'upload_complete'
              : 'processing'
            : 'uploading',
      uploading_phase: { status: isUploaded ? 'complete' : 'in_progress', bytes_transfered: file.received },
      processing_phase: failed
        ? { status: 'error', error: { message: processingError } }
        : { status: isProcessed ? 'complete' : createdAt === undefined ? 'not_started' : 'in_progress' },
      publishing_phase:
        isProcessed && !failed
          ? { status: 'complete', publish_status: 'published', publish_time: new Date(readyAt).toISOString() }
          : { status: 'not_started' },
    };
  };

  const shown = (video: SimulatedVideo): Record<string, unknown> => ({
    id: video.id,
    description: video.description,
    created_time: new Date(video.createdAt ?? now()).toISOString().replace('.000Z', '+0000'),
    permalink_url: video.kind === 'reel' ? `/reel/${video.id}/` : `/acme/videos/${video.id}/`,
    status: phases(video),
  });

  const start = (kind: 'reel' | 'story'): object => {
    const video: SimulatedVideo = { id: nextId(), kind, file: newFile(0), description: '' };
    all.set(video.id, video);
    return { video_id: video.id, upload_url: `${uploadUrl}/video-upload/v25.0/${video.id}` };
  };
  /** The video of a last call: begun for this, all there, and not published yet. */
  const uploaded = (kind: 'reel' | 'story', fields: GraphRequest['fields']): SimulatedVideo => {
    if (fields.upload_phase !== 'finish') throw refuse(100, `Invalid upload_phase ${fields.upload_phase}`);
    const video = find(fields.video_id ?? '');
    if (video.kind !== kind) throw refuse(100, `The upload was begun as a ${video.kind}.`);
    if (video.file.sha256 === undefined) throw refuse(6000, 'The video is not uploaded yet.');
    if (video.createdAt !== undefined) throw refuse(382, `The ${kind} was published already.`);
    return video;
  };

  return {
    all,
    sessions,
    find,
    isShown,
    shown,
    remove(id: string): boolean {
      const video = all.get(id);
      if (!video || video.deleted) return false;
      video.deleted = true;
      return true;
    },
    forget: (id: string) => all.delete(id) || sessions.delete(id),

    openSession({ fields }: GraphRequest): unknown {
      const total = Number(fields.file_length);
      if (!fields.file_name || !(total > 0)) throw refuse(100, 'file_name and file_length are required');
      if (fields.file_type !== 'video/mp4') throw refuse(100, `Invalid file_type ${fields.file_type}`);
      const id = `upload:${Buffer.from(nextId()).toString('base64url')}`;
      sessions.set(id, { id, file: newFile(total), used: false });
      return { id };
    },

    offsetOf(id: string): unknown {
      const session = sessions.get(id);
      if (!session) throw unknownObject(id);
      return { id, file_offset: session.file.received };
    },

    /** Bytes of an upload session, on the Graph host. */
    sessionBytes(id: string, headers: GraphRequest['headers']): ByteSink {
      const session = sessions.get(id);
      if (!session) throw unknownObject(id);
      if (headers.file_offset === undefined) throw refuse(100, 'file_offset is required');
      const place = { offset: Number(headers.file_offset), length: Number(headers['content-length']) };
      return takeBytes(session.file, place, options, () => ({ h: `handle-${session.id}` }));
    },

    /** Bytes of a reel or story, on the host for bytes. */
    reelBytes(id: string, headers: GraphRequest['headers']): ByteSink {
      const reel = find(id);
      const size = Number(headers.file_size);
      if (headers.offset === undefined || !(size > 0))
        throw refuseBytes('PartialRequestError', 'offset and file_size are required', false);
      const known = expected.get(id) ?? size;
      if (known !== size) throw refuseBytes('PartialRequestError', 'file_size has changed', false);
      expected.set(id, size);
      if (reel.file.total === 0) Object.assign(reel.file, { total: size });
      const place = { offset: Number(headers.offset), length: Number(headers['content-length']) };
      return takeBytes(reel.file, place, options, () => ({ success: true }));
    },

    publishFile({ fields }: GraphRequest): unknown {
      const id = fields.fbuploader_video_file_chunk?.replace(/^handle-/, '') ?? '';
      const session = sessions.get(id);
      if (!session || session.file.sha256 === undefined)
        throw refuse(6000, 'There was a problem uploading your video file.');
      if (session.used) throw refuse(382, 'The handle was used already.');
      session.used = true;
      const video: SimulatedVideo = {
        id: nextId(),
        kind: 'video',
        file: session.file,
        description: fields.description ?? '',
      };
      begin(video);
      all.set(video.id, video);
      return { id: video.id };
    },

    reel({ fields }: GraphRequest): unknown {
      if (fields.upload_phase === 'start') return start('reel');
      const reel = uploaded('reel', fields);
      if (fields.video_state !== 'PUBLISHED') throw refuse(100, `Invalid video_state ${fields.video_state}`);
      const today = [...all.values()].filter(
        (each) => each.kind === 'reel' && each.createdAt !== undefined && each.createdAt > now() - 86_400_000,
      );
      if (today.length >= options.reelsPerDay)
        throw refuse(613, 'Calls to this api have exceeded the rate limit.');
      reel.description = fields.description ?? '';
      begin(reel);
      return { success: true };
    },

    /** The first call begins an upload, the last one answers the video that is shown as a story from now on. */
    story({ fields }: GraphRequest): SimulatedVideo | object {
      if (fields.upload_phase === 'start') return start('story');
      const story = uploaded('story', fields);
      begin(story);
      return story;
    },

    list(): unknown {
      const visible = [...all.values()].filter((each) => each.kind === 'video' && isShown(each));
      return { data: visible.map(shown).reverse() };
    },
  };
}
