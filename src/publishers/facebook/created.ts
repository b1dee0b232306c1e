/**
 * What follows the creating call: a video is waited for until Facebook shows it, then the first comment is written. Nothing
 * here can make the post fail that is there already, except Facebook's own word that it will never show the video.
 */
import { after, MINUTE, SECOND } from '../../core/clock.ts';
import { CarillonError, failure } from '../../core/errors.ts';
import type { PublishContext, PublishOutcome } from '../../core/publisher.ts';
import { ask, inStep, type MetaSession } from '../meta/ask.ts';
import { writeFirstComment } from '../meta/first-comment.ts';
import { type ReadVideo, video } from './answers.ts';
import { type Created, type FacebookCheckpoint, written } from './checkpoint.ts';
import { findStoryUrl } from './stories.ts';

/** Pause between two looks at a video that is being processed. */
export const LOOK_MS = 15 * SECOND;
/** The same after a look that failed. */
const LOOK_FAILED_MS = MINUTE;
const SITE = 'https://www.facebook.com';

/** Goes on from what was created: waits, comments, and says where it is. */
export async function follow(
  session: MetaSession,
  pageId: string,
  checkpoint: FacebookCheckpoint,
  created: Created,
  context: PublishContext,
): Promise<PublishOutcome> {
  const video = videoIn(created);
  let { url } = created;
  if (video !== undefined && url === undefined) {
    const seen = await lookOrWait(session, video, context);
    if (seen.state === 'failed') throw refusedVideo(seen.said);
    if (seen.state !== 'published') return pending(checkpoint, created, seen.lookAgainAt);
    url = seen.url;
  }
  if (created.media) {
    // Nobody can comment on a story; that was told before.
    const shownAt = await findStoryUrl(session, pageId, created.media, context);
    return { state: 'published', id: created.id, ...(shownAt === undefined ? {} : { url: shownAt }) };
  }
  const remark = await writeFirstComment(session, created.id, context);
  return {
    state: 'published',
    id: created.id,
    url: url ?? urlOf(created),
    ...(remark === undefined ? {} : { remark }),
  };
}

/** What Facebook works on before it shows what was created; undefined where there is no video. */
function videoIn({ kind, id, media }: Created): { readonly kind: string; readonly id: string } | undefined {
  if (kind === 'video' || kind === 'reel') return { kind, id };
  return media?.kind === 'video' ? { kind: 'story', id: media.id } : undefined;
}

type Seen =
  | Extract<VideoStanding, { readonly state: 'published' | 'failed' }>
  | { readonly state: 'waiting'; readonly lookAgainAt: Date };

/**
 * A look that fails says nothing about the video, which Facebook has taken: it is looked at again. If that goes on for hours, a
 * person is asked (core/delivery/not-now.ts).
 */
async function lookOrWait(
  session: MetaSession,
  { kind, id }: { readonly kind: string; readonly id: string },
  context: PublishContext,
): Promise<Seen> {
  const wait = (milliseconds: number): Seen => ({
    state: 'waiting',
    lookAgainAt: after(session.clock.now(), milliseconds),
  });
  try {
    const seen = await inStep(session, 'read', () => lookAt(session, id, context.signal));
    if (seen.state === 'published' || seen.state === 'failed') return seen;
    context.progress(`Facebook is processing the ${kind}`);
    return wait(LOOK_MS);
  } catch (error) {
    if (!(error instanceof CarillonError) || error.kind === 'Bug') throw error;
    context.log.warn({ remoteId: id, err: error }, 'a video could not be looked at; it is looked at again');
    return error.next.do === 'at' ? { state: 'waiting', lookAgainAt: error.next.at } : wait(LOOK_FAILED_MS);
  }
}

/** The state after the creating call when something is still to be done. */
export function pending(checkpoint: FacebookCheckpoint, created: Created, lookAgainAt: Date): PublishOutcome {
  return { state: 'pending', checkpoint: written({ ...checkpoint, created }), lookAgainAt, id: created.id };
}

/** Facebook leads every id to where it is shown. */
export function urlOf({ kind, id }: Created): string {
  if (kind === 'reel') return `${SITE}/reel/${id}`;
  return kind === 'video' ? `${SITE}/watch/?v=${id}` : `${SITE}/${id}`;
}

export type VideoStanding =
  | { readonly state: 'published'; readonly url: string | undefined }
  | { readonly state: 'processing' }
  /** The creating call has not reached Facebook, as far as this tells. */
  | { readonly state: 'not begun' }
  | { readonly state: 'failed'; readonly said: string };

/** How a video stands. Throws MetaFailure. */
export async function lookAt(session: MetaSession, id: string, signal: AbortSignal): Promise<VideoStanding> {
  const query = { fields: 'id,status,permalink_url' };
  return standingOf(await ask(session, { method: 'GET', path: id, query }, video, signal));
}

// https://developers.facebook.com/documentation/video-api/guides/reels-publishing; the guides write both words.
const DONE = new Set(['complete', 'completed']);
const FAILED = new Set(['error', 'expired', 'upload_failed']);

export function standingOf({ status = {}, permalink_url }: ReadVideo): VideoStanding {
  const { video_status: whole = '', processing_phase: processing, publishing_phase: publishing } = status;
  if (FAILED.has(whole) || processing?.status === 'error' || publishing?.status === 'error') {
    const said = processing?.error?.message ?? publishing?.error?.message ?? `video status “${whole}”`;
    return { state: 'failed', said };
  }
  const url = permalink_url ? new URL(permalink_url, SITE).href : undefined;
  const isPublished = publishing?.publish_status === 'published' || DONE.has(publishing?.status ?? '');
  if (isPublished || (whole === 'ready' && publishing === undefined)) return { state: 'published', url };
  // Publishing begins when processing has ended, so until then nothing can be told from it.
  const isWorking = publishing?.status === 'in_progress' || processing?.status === 'in_progress';
  return { state: isWorking || whole === 'processing' ? 'processing' : 'not begun' };
}

export function refusedVideo(said: string): Error {
  return failure('MediaRejected', {
    code: 'MEDIA_REJECTED',
    message: `Facebook could not process the video: “${said.slice(0, 300)}”.`,
    hint: 'Nothing is shown on the page. Attach another file with /edit, then /retry.',
    context: { network: 'facebook', step: 'read' },
  });
}

/** How long a video may be on its way before its absence from the list proves anything. */
export const VIDEO_SETTLING_MS = 10 * MINUTE;
