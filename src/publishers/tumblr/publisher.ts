/**
 * Tumblr for real. The creating call is POST /v2/blog/{blog}/posts, which carries the media as well. What proves that it
 * happened is the id in its answer, or the post on the blog; a post with a video appears only once Tumblr has transcoded it,
 * so its id is followed until the blog shows it. What proves that it did not is a definite refusal, a request that did not
 * leave whole, or a blog (with its queue and drafts) without the post: after three minutes, with a video after half an hour.
 */
import { after, type Clock, MINUTE, type Random, SECOND } from '../../core/clock.ts';
import type {
  PublishContext,
  Publisher,
  PublishOutcome,
  ReconcileContext,
  ReconcileOutcome,
} from '../../core/publisher.ts';
import { KILOBYTE } from '../../core/quantities.ts';
import type { Account } from '../../core/words.ts';
import type { HttpBody } from '../http.ts';
import { validateBy } from '../network-rules.ts';
import { refuseWhenStopped } from '../stopped.ts';
import type { TokenVault } from '../token-vault.ts';
import { anyAnswer, createdPost } from './answers.ts';
import { ask, inStep, type TumblrSession } from './ask.ts';
import {
  type Checkpoint,
  checkpointOf,
  followedId,
  isChecked,
  isWorthALook,
  newCheckpoint,
} from './checkpoint.ts';
import { createTumblrClient, type TumblrCall } from './client.ts';
import { isDaySpent } from './errors.ts';
import { TumblrFailure } from './failure.ts';
import { blogSegment, identify } from './identity.ts';
import { insights } from './insights.ts';
import { dayIsSpent, isUnexplained } from './limits.ts';
import { locate } from './locate.ts';
import { formOf, intentOf, postOf } from './post.ts';
import { checkRoom, spentUntil } from './quota.ts';
import { findPost, isPublished, lookForPost } from './readback.ts';
import { tumblr } from './rules.ts';
import type { TumblrSettings } from './settings.ts';

/** A post is on the blog within seconds; an absence is believed only after this time. */
const SETTLING_MS = 3 * MINUTE;
/** With a video: ten minutes of it are transcoded in less. Looks in between are few, because they are counted. */
const VIDEO_LOOKS_MS = [5 * MINUTE, 15 * MINUTE, 30 * MINUTE] as const;
/** Pause between looks that could not tell, and between looks at a video that is being transcoded. */
const LOOK_AGAIN_MS = MINUTE;
const TRANSCODING_LOOK_MS = 15 * SECOND;
/** The creating call carries the media: it may take as long as a slow line needs for them. */
const CREATE_MS = 5 * MINUTE;
const LINE_BYTES_PER_SECOND_MIN = 128 * KILOBYTE;
/** After the last byte Tumblr takes its time before it answers. */
const STORING_MS = 3 * MINUTE;

/** One person may post to several blogs: each is an account of its own, and they share the person's allowances. */
export function createTumblrPublisher(
  settings: TumblrSettings,
  vault: TokenVault,
  clock: Clock,
  random: Random,
): Publisher {
  const calls = { client: createTumblrClient(settings, vault, clock, random), clock, random };
  const sessionOf = (account: Account): TumblrSession => ({ ...calls, blog: blogSegment(account) });
  return {
    network: tumblr.network,
    label: tumblr.label,
    capabilities: tumblr.capabilities,
    validate: (content) => validateBy(tumblr, content),
    profiles: settings.blogs,
    publish: (context) => publish(sessionOf(context.account), context),
    reconcile: (context) => inStep(calls, 'read', () => reconcile(sessionOf(context.account), context)),
    locate: async ({ url }) => locate(url),
    remove: ({ account, id, signal }) =>
      inStep(calls, 'remove', () => remove(sessionOf(account), id, signal)),
    insights: (context) => inStep(calls, 'insights', () => insights(sessionOf(context.account), context)),
    identify: (signal, profile = settings.blogs[0] ?? '') =>
      inStep(calls, 'identify', () => identify(calls, profile, signal)),
  };
}

/** With much to send: first a look whether it fits into the day. Then the one creating call; a video is then waited for. */
async function publish(session: TumblrSession, context: PublishContext): Promise<PublishOutcome> {
  const { content, signal, account } = context;
  const now = session.clock.now();
  const known = checkpointOf(context.checkpoint);
  refuseWhenStopped(signal);
  const created = followedId(known, now);
  if (known && created) return inStep(session, 'read', () => follow(session, known, created, context));
  if (isWorthALook(content) && !isChecked(known, content, now)) {
    await inStep(session, 'media', () => checkRoom(session, content.media, signal));
    return { state: 'pending', checkpoint: { ...newCheckpoint(content, now) }, lookAgainAt: now };
  }
  await session.client.refuseWhenSpent({ method: 'POST' });
  await context.creating(intentOf(content));
  const { id, state } = await inStep(session, 'create', () => create(session, context));
  const isComplete = !content.media.some(({ kind }) => kind === 'video') || state === 'published';
  if (isComplete) return { state: 'published', id, url: permalink(account, id) };
  const madeAt = session.clock.now();
  const checkpoint = { ...newCheckpoint(content, madeAt), created: id };
  return { state: 'pending', checkpoint, lookAgainAt: after(madeAt, TRANSCODING_LOOK_MS), id };
}

async function create(
  session: TumblrSession,
  { content, random, progress, signal, log }: PublishContext,
): Promise<{ id: string; state?: string | undefined }> {
  const body: Pick<TumblrCall, 'json' | 'body' | 'deadlineMs' | 'silenceMs'> =
    content.media.length === 0
      ? { json: postOf(content) }
      : withProgress(formOf(content, random), content.media.length, progress);
  try {
    const call: TumblrCall = { method: 'POST', path: `blog/${session.blog}/posts`, ...body, once: true };
    return (await ask(session, call, createdPost, signal)).response;
  } catch (error) {
    if (!(error instanceof TumblrFailure) || !(isDaySpent(error) || isUnexplained(error))) throw error;
    // Tumblr says what is spent, and elsewhere until when.
    const until = await spentUntil(session, signal).catch((problem: unknown) => {
      log.warn({ err: problem }, 'the allowances at Tumblr could not be read');
      return undefined;
    });
    if (until === undefined) throw error;
    throw dayIsSpent(error, 'create', session.clock.now(), until);
  }
}

function withProgress(
  body: HttpBody,
  count: number,
  progress: (words: string) => void,
): { body: HttpBody; deadlineMs: number; silenceMs: number } {
  const what = count === 1 ? 'the file' : `${count} files`;
  return {
    body: {
      ...body,
      onSent: (bytes) => progress(`uploading ${what}, ${Math.floor((100 * bytes) / body.bytes)} %`),
    },
    deadlineMs: CREATE_MS + (body.bytes / LINE_BYTES_PER_SECOND_MIN) * SECOND,
    silenceMs: STORING_MS,
  };
}

/** Looks whether the blog shows a post whose video was being transcoded. */
async function follow(
  session: TumblrSession,
  checkpoint: Checkpoint,
  id: string,
  { account, progress, signal }: PublishContext,
): Promise<PublishOutcome> {
  const found = await findPost(session, id, signal);
  if (found && isPublished(found))
    return { state: 'published', id, url: found.post_url ?? permalink(account, id) };
  progress('Tumblr is transcoding the video');
  const now = session.clock.now();
  // The longer it has taken, the less another few seconds say.
  const pause = Math.min(
    Math.max((now.getTime() - checkpoint.at) / 2, TRANSCODING_LOOK_MS),
    VIDEO_LOOKS_MS[0],
  );
  return { state: 'pending', checkpoint: { ...checkpoint }, lookAgainAt: after(now, pause), id };
}

function permalink({ handle }: Account, id: string): string {
  return `https://www.tumblr.com/${handle.replace(/^@/, '')}/${id}`;
}

async function reconcile(session: TumblrSession, context: ReconcileContext): Promise<ReconcileOutcome> {
  const { account, sentAt, signal } = context;
  const known = checkpointOf(context.checkpoint);
  // An id of before this call is of an earlier post.
  const isAccepted = known?.created !== undefined && known.at >= sentAt.getTime();
  const found = isAccepted
    ? await findById(session, known.created, signal)
    : await lookForPost(session, sentAt, context);
  const now = session.clock.now();
  if (typeof found === 'object') {
    return { state: 'published', id: found.id, url: found.url ?? permalink(account, found.id) };
  }
  const looks = known?.hasVideo ? VIDEO_LOOKS_MS : [SETTLING_MS];
  const next = looks.map((wait) => after(sentAt, wait)).find((instant) => instant > now);
  if (next) return { state: 'unknown', lookAgainAt: next };
  if (found === 'not there') return { state: 'absent' };
  return { state: 'unknown', lookAgainAt: after(now, LOOK_AGAIN_MS) };
}

/** A post that Tumblr gave an id was made; that the blog does not show it proves nothing. */
async function findById(session: TumblrSession, id: string, signal: AbortSignal) {
  const found = await findPost(session, id, signal);
  return found && isPublished(found) ? { id, url: found.post_url ?? undefined } : 'cannot tell';
}

async function remove(session: TumblrSession, id: string, signal: AbortSignal): Promise<void> {
  const call = { method: 'POST', path: `blog/${session.blog}/post/delete`, form: { id } } as const;
  try {
    await ask(session, call, anyAnswer, signal);
  } catch (error) {
    // Gone already is what was wanted. A 404 in other words may come from a wrong address and says nothing.
    const isGone =
      error instanceof TumblrFailure && error.facts.status === 404 && error.facts.problem?.isTumblr;
    if (!isGone) throw error;
  }
}
