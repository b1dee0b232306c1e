/**
 * X for real. The creating call is POST /2/tweets; what proves that it happened is the id in its answer or the post on the
 * timeline; what proves that it did not is a timeline without the post once X has had time to show it, or a definite refusal.
 */
import { after, type Clock, MINUTE } from '../../core/clock.ts';
import { composeText } from '../../core/content-check.ts';
import { failure } from '../../core/errors.ts';
import type {
  Identification,
  PublishContext,
  Publisher,
  PublishOutcome,
  ReconcileContext,
  ReconcileOutcome,
} from '../../core/publisher.ts';
import type { Account, Checkpoint, Intent } from '../../core/words.ts';
import { validateBy } from '../network-rules.ts';
import { refuseWhenStopped } from '../stopped.ts';
import { createdPost, currentUser, deletedPost } from './answers.ts';
import { ask, inStep, type XSession } from './ask.ts';
import { createXClient } from './client.ts';
import { XFailure } from './failure.ts';
import { insights } from './insights.ts';
import { postBody } from './post.ts';
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
    remove: ({ id, signal }) => inStep(session, 'remove', () => remove(session, id, signal)),
    insights: (context) => inStep(session, 'insights', () => insights(session, context)),
    identify: (signal) => inStep(session, 'identify', () => identify(session, signal)),
  };
}

/** One medium a step (a video: some megabytes or one look a step), then the one creating call. */
async function publish(session: XSession, context: PublishContext): Promise<PublishOutcome> {
  const { content, signal } = context;
  const now = session.clock.now();
  const uploads = uploadsOf(context.checkpoint);
  for (const [index, media] of content.media.entries()) {
    const known = uploads[index];
    if (isDone(known, media, now)) continue;
    const step = await inStep(session, 'media', () => uploadStep(session, media, known, context));
    const checkpoint = { uploads: [...uploads.slice(0, index), step.upload, ...uploads.slice(index + 1)] };
    return { state: 'pending', checkpoint, lookAgainAt: step.lookAgainAt ?? session.clock.now() };
  }
  const ids = uploads.slice(0, content.media.length).map(({ id }) => id);
  const intent: Intent = { text: composeText(x.capabilities, content), mediaCount: content.media.length };
  const json = postBody(intent.text, ids, content);
  refuseWhenStopped(signal);
  session.client.refuseWhenSpent({ method: 'POST', path: 'tweets' });
  await context.creating(intent);
  const { data } = await inStep(session, 'create', () =>
    ask(session, { method: 'POST', path: 'tweets', json, once: true }, createdPost, signal),
  );
  return { state: 'published', id: data.id, url: permalink(context.account, data.id) };
}

function uploadsOf(checkpoint: Checkpoint | undefined): readonly Upload[] {
  // Written by `publish` above and by nobody else, so its shape is known.
  return Array.isArray(checkpoint?.uploads) ? (checkpoint.uploads as readonly Upload[]) : [];
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
