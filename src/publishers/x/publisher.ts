/**
 * X for real. The creating call is POST /2/tweets; what proves that it happened is the id in its answer or the post on the
 * timeline; what proves that it did not is a timeline without the post once X has had time to show it, or a definite refusal.
 */
import { after, type Clock, MINUTE } from '../../core/clock.ts';
import { failure } from '../../core/errors.ts';
import type {
  Identification,
  PreparedMedia,
  PublishContext,
  Publisher,
  PublishOutcome,
  ReconcileContext,
  ReconcileOutcome,
} from '../../core/publisher.ts';
import type { Account } from '../../core/words.ts';
import { validateBy } from '../network-rules.ts';
import { refuseWhenStopped } from '../stopped.ts';
import { nextPost } from '../thread.ts';
import { createdPost, currentUser, deletedPost } from './answers.ts';
import { ask, inStep, type XSession } from './ask.ts';
import { checkpointOf } from './checkpoint.ts';
import { createXClient } from './client.ts';
import { XFailure } from './failure.ts';
import { insights } from './insights.ts';
import { locate } from './locate.ts';
import { intentOf, postBody } from './post.ts';
import { lookForPost } from './readback.ts';
import { costNote, x } from './rules.ts';
import type { XSettings } from './settings.ts';
import { isDone, type Upload, uploadStep } from './upload.ts';

/** A post is on the timeline within seconds; an absence is believed only after this time. */
const SETTLING_MS = 2 * MINUTE;
/** Pause between looks that could not tell. */
const LOOK_AGAIN_MS = MINUTE;

export function createXPublisher(settings: XSettings, clock: Clock): Publisher {
  const session: XSession = { client: createXClient(settings, clock), clock };
  return {
    network: x.network,
    label: x.label,
    capabilities: x.capabilities,
    validate: (content) => [...validateBy(x, content), ...costNote(content)],
    publish: (context) => publish(session, context),
    reconcile: (context) => inStep(session, 'read', () => reconcile(session, context)),
    locate: async ({ url }) => locate(url),
    remove: ({ id, signal }) => inStep(session, 'remove', () => remove(session, id, signal)),
    insights: (context) => inStep(session, 'insights', () => insights(session, context)),
    identify: (signal) => inStep(session, 'identify', () => identify(session, signal)),
  };
}

/** One medium a step (a video: some megabytes or one look a step), then the creating call of the post or of each part of a thread. */
async function publish(session: XSession, context: PublishContext): Promise<PublishOutcome> {
  const { account, content, signal, parts = [] } = context;
  const next = nextPost(x.capabilities, context);
  const last = parts.at(-1);
  if (!next) return publishedAs(account, last?.id ?? '');
  // Pictures, videos, a poll and who may reply belong to the first part.
  const first = next.answers ? undefined : content;
  const { uploads } = checkpointOf(context.checkpoint);
  const media = first?.media ?? [];
  const pending = await nextUpload(session, media, uploads, context);
  if (pending) return pending;
  const ids = uploads.slice(0, media.length).map(({ id }) => id);
  const json = postBody(next.text, {
    ids,
    ...(first ?? {}),
    ...(next.answers ? { answers: next.answers.id } : {}),
  });
  refuseWhenStopped(signal);
  await session.client.refuseWhenSpent({ method: 'POST', path: 'tweets' });
  if (next.part) context.progress(`part ${next.part.number} of ${next.part.of}`);
  await context.creating(intentOf(next, media.length));
  const { data } = await inStep(session, 'create', () =>
    ask(session, { method: 'POST', path: 'tweets', json, once: true }, createdPost, signal),
  );
  const { id, url } = publishedAs(account, data.id);
  return { state: next.isLast ? 'published' : 'part', id, url };
}

const publishedAs = (account: Account, id: string) =>
  ({ state: 'published', id, url: permalink(account, id) }) as const;

/** The next step of the uploads; undefined when all are done. */
async function nextUpload(
  session: XSession,
  items: readonly PreparedMedia[],
  uploads: readonly Upload[],
  context: PublishContext,
): Promise<PublishOutcome | undefined> {
  const now = session.clock.now();
  for (const [index, media] of items.entries()) {
    const known = uploads[index];
    if (isDone(known, media, now)) continue;
    const step = await inStep(session, 'media', () => uploadStep(session, media, known, context));
    const checkpoint = { uploads: [...uploads.slice(0, index), step.upload, ...uploads.slice(index + 1)] };
    return { state: 'pending', checkpoint, lookAgainAt: step.lookAgainAt ?? session.clock.now() };
  }
  return undefined;
}

function permalink(account: Account, id: string): string {
  return `https://x.com/${account.handle.replace(/^@/, '')}/status/${id}`;
}

async function reconcile(session: XSession, context: ReconcileContext): Promise<ReconcileOutcome> {
  const { account, because, sentAt, signal } = context;
  const isRefusedDuplicate = because?.code === 'DUPLICATE_REFUSED';
  const userId = account.remoteId ?? (await identify(session, signal)).remoteId;
  // A refused duplicate was made by an earlier try, if by us at all.
  const since = isRefusedDuplicate ? (context.firstSentAt ?? sentAt) : sentAt;
  const found = await lookForPost(session, userId, since, context);
  const now = session.clock.now();
  if (found === 'cannot tell') return { state: 'unknown', lookAgainAt: after(now, LOOK_AGAIN_MS) };
  if (found !== 'not there') return { state: 'published', id: found.id, url: permalink(account, found.id) };
  const settledAt = after(sentAt, SETTLING_MS);
  if (now < settledAt) return { state: 'unknown', lookAgainAt: settledAt };
  if (isRefusedDuplicate) throw notOurDuplicate();
  return { state: 'absent' };
}

/** Sending once more would be refused once more. */
function notOurDuplicate(): Error {
  return failure('ContentRejected', {
    code: 'DUPLICATE_REFUSED',
    message: 'X refused the post because the same words were published before, and not by this post.',
    hint: 'Change the words with /edit, then /retry.',
  });
}

async function remove(session: XSession, id: string, signal: AbortSignal): Promise<void> {
  try {
    const { data } = await ask(session, { method: 'DELETE', path: `tweets/${id}` }, deletedPost, signal);
    if (!data.deleted)
      throw new XFailure({ sent: true, status: 200, reason: 'X says that it did not delete it' });
  } catch (error) {
    // Gone already is what was wanted. A 404 in other words may come from a wrong address and says nothing.
    if (!(error instanceof XFailure && error.facts.problem?.type === 'resource-not-found')) throw error;
  }
}

async function identify(session: XSession, signal: AbortSignal): Promise<Identification> {
  const { data } = await ask(session, { method: 'GET', path: 'users/me' }, currentUser, signal);
  return {
    remoteId: data.id,
    handle: data.username,
    name: data.name,
    profileUrl: `https://x.com/${data.username}`,
  };
}
