/**
 * A Facebook page for real. The calls that create, what proves that they did, and what proves that they did not:
 *
 * | post            | creating call                          | proof                                    | absence is believed          |
 * |-----------------|----------------------------------------|------------------------------------------|------------------------------|
 * | words, link     | POST /{page}/feed                      | its id, or the post in /published_posts  | 2 minutes after it was sent  |
 * | one picture     | POST /{page}/photos                    | its id, or the post in /published_posts  | 2 minutes after it was sent  |
 * | album           | POST /{page}/feed with attached_media  | its id, or the post in /published_posts  | 2 minutes after it was sent  |
 * | feed video      | POST /{page}/videos with the handle    | its id, or the video in /videos          | 10 minutes after it was sent |
 * | reel            | POST /{page}/video_reels, finish       | the publishing phase of the video's id,  | neither processing nor       |
 * |                 | (its answer has no id)                 | which is known before                    | publishing, 2 minutes later  |
 * | story           | POST /{page}/photo_stories, or         | its id, or the story with this picture   | 2 minutes after it was sent; |
 * |                 | /video_stories, finish                 | or video in /stories                     | after 23 hours no more       |
 *
 * A refusal with a code proves an absence, except for 1, 2, 6001, is_transient and 5xx, which say nothing; 506 (the same was
 * published just before) may be our own earlier try, so it is looked up. Uploads (unpublished photos, sessions, a reel's bytes)
 * show nothing to anybody and may be repeated.
 */
import { after, type Clock, MINUTE } from '../../core/clock.ts';
import { failure } from '../../core/errors.ts';
import type {
  Identification,
  PublishContext,
  Published,
  Publisher,
  PublishOutcome,
  ReconcileContext,
  ReconcileOutcome,
} from '../../core/publisher.ts';
import { ask, inStep, type MetaSession } from '../meta/ask.ts';
import { createMetaClient } from '../meta/client.ts';
import { MetaFailure } from '../meta/failure.ts';
import { COMMENT_UNKNOWN, isFirstComment } from '../meta/first-comment.ts';
import { validateBy } from '../network-rules.ts';
import { refuseWhenStopped } from '../stopped.ts';
import { page, success, who } from './answers.ts';
import { createAppIdFinder } from './app-id.ts';
import { type Created, readCheckpoint, type StoryMedia, storyMediaOf, written } from './checkpoint.ts';
import { intentOf, planOf } from './content.ts';
import { create } from './create.ts';
import { follow, LOOK_MS, lookAt, pending, refusedVideo, urlOf, VIDEO_SETTLING_MS } from './created.ts';
import { facebookNetwork } from './errors.ts';
import { insights } from './insights.ts';
import { locate } from './locate.ts';
import { prepare } from './prepare.ts';
import { lookForPost, lookForVideo } from './readback.ts';
import { facebook } from './rules.ts';
import type { FacebookSettings } from './settings.ts';
import { lookForStory, STORY_LIST_MS } from './stories.ts';
import type { UploadPorts } from './upload.ts';

/** A post is in the list within seconds; an absence is believed only after this time. */
const SETTLING_MS = 2 * MINUTE;
/** Pause between looks that could not tell. */
const LOOK_AGAIN_MS = MINUTE;

type Work = UploadPorts;

export function createFacebookPublisher(settings: FacebookSettings, clock: Clock): Publisher {
  const { credentials, appId, apiUrl, uploadUrl, budget } = settings;
  const client = createMetaClient(
    {
      token: credentials.pageToken,
      apiUrl: apiUrl ?? 'https://graph.facebook.com',
      uploadUrl: uploadUrl ?? 'https://rupload.facebook.com',
      label: facebook.label,
      budget,
    },
    clock,
  );
  const session: MetaSession = { client, clock, network: facebookNetwork };
  const work: Work = {
    session,
    pageId: credentials.pageId,
    findAppId: createAppIdFinder(session, appId),
    fresh: new Set(),
  };
  return {
    network: facebook.network,
    label: facebook.label,
    capabilities: facebook.capabilities,
    validate: (content) => validateBy(facebook, content),
    publish: (context) => publish(work, context),
    reconcile: (context) => inStep(session, 'read', () => reconcile(work, context)),
    locate: (context) => inStep(session, 'read', () => locate(work, context)),
    remove: ({ id, signal }) => inStep(session, 'remove', () => remove(session, id, signal)),
    insights: (context) => inStep(session, 'insights', () => insights(session, credentials.pageId, context)),
    identify: (signal) => inStep(session, 'identify', () => identify(work, signal)),
  };
}

/** One upload a step, then the one creating call, then what follows it. */
async function publish(work: Work, context: PublishContext): Promise<PublishOutcome> {
  const { session, pageId } = work;
  const { content, signal } = context;
  const checkpoint = readCheckpoint(context.checkpoint);
  refuseWhenStopped(signal);
  if (checkpoint.created) return follow(session, pageId, checkpoint, checkpoint.created, context);
  const plan = planOf(content);
  const uploaded = await inStep(session, 'media', () => prepare(work, plan, checkpoint, context));
  if (uploaded) return { state: 'pending', checkpoint: written(uploaded), lookAgainAt: session.clock.now() };
  refuseWhenStopped(signal);
  await session.client.refuseWhenSpent({ method: 'POST' });
  await context.creating(intentOf(content));
  const created = await inStep(session, 'create', () => create(session, pageId, plan, checkpoint, context));
  // What follows is a step of its own, so that a crash amid it finds what was created.
  const isDone = created.kind === 'post' && !content.firstComment?.trim();
  if (!isDone) return pending(checkpoint, created, session.clock.now());
  return { state: 'published', id: created.id, url: urlOf(created) };
}

async function reconcile(work: Work, context: ReconcileContext): Promise<ReconcileOutcome> {
  const { session } = work;
  const { sentAt, intent } = context;
  const now = session.clock.now();
  const checkpoint = readCheckpoint(context.checkpoint);
  const { created, upload } = checkpoint;
  const inStory = intent.format === 'story' ? storyMediaOf(checkpoint) : undefined;
  if (inStory) return reconcileStory(work, inStory, context);
  if (created && isFirstComment(context.intent)) return { ...found(created), remark: COMMENT_UNKNOWN };
  if (created?.kind === 'post') return found(created);
  const known = created ?? (upload?.kind === 'reel' ? ({ kind: 'reel', id: upload.id } as const) : undefined);
  if (known) return standing(work, known, created !== undefined, context);
  const settledAt = after(sentAt, upload ? VIDEO_SETTLING_MS : SETTLING_MS);
  const isRefusedDuplicate = context.because?.code === 'DUPLICATE_REFUSED';
  // A refused duplicate was made by an earlier try, if by us at all.
  const since = isRefusedDuplicate ? (context.firstSentAt ?? sentAt) : sentAt;
  if (upload) {
    const video = await lookForVideo(session, work.pageId, since, context);
    if (typeof video === 'object') return standing(work, { kind: 'video', id: video.id }, true, context);
    if (video === 'cannot tell') return { state: 'unknown', lookAgainAt: after(now, LOOK_AGAIN_MS) };
  } else {
    const post = await lookForPost(session, work.pageId, since, context);
    if (typeof post === 'object') return found({ kind: 'post', id: post.id });
    if (post === 'cannot tell') return { state: 'unknown', lookAgainAt: after(now, LOOK_AGAIN_MS) };
  }
  if (now < settledAt) return { state: 'unknown', lookAgainAt: settledAt };
  if (isRefusedDuplicate) throw notOurDuplicate();
  return { state: 'absent' };
}

/** By its list, which names the post; a video tells in its own words, too, whether it was published. */
async function reconcileStory(
  { session, pageId }: Work,
  media: StoryMedia,
  context: ReconcileContext,
): Promise<ReconcileOutcome> {
  const { sentAt, signal } = context;
  const now = session.clock.now();
  const { created } = readCheckpoint(context.checkpoint);
  const story = await lookForStory(session, pageId, media, signal);
  if (typeof story === 'object')
    return { state: 'published', id: story.post_id, ...(story.url ? { url: story.url } : {}) };
  const lookAgainAt = after(now, LOOK_AGAIN_MS);
  const settledAt = after(sentAt, SETTLING_MS);
  const seen = media.kind === 'video' ? await lookAt(session, media.id, signal) : undefined;
  if (seen?.state === 'failed') throw notShown(seen.said);
  if (seen?.state === 'processing') return { state: 'processing', lookAgainAt: after(now, LOOK_MS) };
  // Facebook has taken it, and its list is late: it is known by the post that was answered, or by the video.
  if (created || seen?.state === 'published')
    return now < settledAt
      ? { state: 'processing', lookAgainAt: settledAt }
      : { state: 'published', id: created?.id ?? media.id };
  const mayBeGone = now > after(sentAt, STORY_LIST_MS);
  if (story === 'cannot tell' || mayBeGone) return { state: 'unknown', lookAgainAt };
  return now < settledAt ? { state: 'unknown', lookAgainAt: settledAt } : { state: 'absent' };
}

function found(created: Created): Published {
  return { state: 'published', id: created.id, url: created.url ?? urlOf(created) };
}

/** How the video or reel with a known id stands. @param isCreated false while only its bytes are known to be there */
async function standing(
  { session }: Work,
  video: Created,
  isCreated: boolean,
  { sentAt, signal }: ReconcileContext,
): Promise<ReconcileOutcome> {
  const now = session.clock.now();
  const seen = await lookAt(session, video.id, signal);
  if (seen.state === 'published') return found({ ...video, ...(seen.url ? { url: seen.url } : {}) });
  if (seen.state === 'failed') throw notShown(seen.said);
  if (seen.state === 'processing' || isCreated)
    return { state: 'processing', lookAgainAt: after(now, LOOK_MS) };
  const settledAt = after(sentAt, SETTLING_MS);
  return now < settledAt ? { state: 'unknown', lookAgainAt: settledAt } : { state: 'absent' };
}

/** Sending the same bytes once more would fail once more. */
function notShown(said: string): Error {
  return failure('ContentRejected', {
    code: 'MEDIA_REJECTED',
    message: refusedVideo(said).message,
    hint: 'Nothing is shown on the page. Attach another file with /edit, then /retry.',
  });
}

/** Sending once more would be refused once more. */
function notOurDuplicate(): Error {
  return failure('ContentRejected', {
    code: 'DUPLICATE_REFUSED',
    message: 'Facebook refused the post because the same was published just before, and not by this post.',
    hint: 'Change the words with /edit, then /retry.',
  });
}

async function remove(session: MetaSession, id: string, signal: AbortSignal): Promise<void> {
  try {
    await ask(session, { method: 'DELETE', path: id }, success, signal);
  } catch (error) {
    // Gone already is what was wanted. A 404 in other words may come from a wrong address and says nothing.
    const problem = error instanceof MetaFailure ? error.facts.problem : undefined;
    if (!(problem?.code === 100 && problem.subcode === 33)) throw error;
  }
}

/** A token of a person or of another page is the most frequent mistake, and shows only here: it reads everything. */
async function identify({ session, pageId }: Work, signal: AbortSignal): Promise<Identification> {
  const owner = await ask(session, { method: 'GET', path: 'me', query: { fields: 'id,name' } }, who, signal);
  if (owner.id !== pageId) {
    throw failure('PermissionMissing', {
      code: 'PERMISSION_MISSING',
      message: `The token belongs to “${owner.name}” (${owner.id}), not to the page ${pageId}.`,
      hint: 'FACEBOOK_PAGE_TOKEN must be the token of the page itself: GET /me/accounts with the person’s token lists it.',
    });
  }
  const query = { fields: 'id,name,username,link' };
  const { id, name, username, link } = await ask(
    session,
    { method: 'GET', path: pageId, query },
    page,
    signal,
  );
  return {
    remoteId: id,
    handle: username ?? id,
    name,
    profileUrl: link ?? `https://www.facebook.com/${id}`,
  };
}
