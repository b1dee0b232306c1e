/**
 * An Instagram professional account for real. Containers are prepared first; nobody sees them, and they may be made again.
 *
 * | creating call                          | proof that it happened                       | proof that it did not                  |
 * |----------------------------------------|----------------------------------------------|----------------------------------------|
 * | POST /{user}/media_publish of one      | the id in its answer, or the container's     | the container's status FINISHED, ERROR |
 * | container (picture, reel, carousel or  | status PUBLISHED; the id is then found in    | or EXPIRED, 2 minutes after it was     |
 * | story)                                 | /{user}/media by caption, kind and time, of  | sent; without the container: not in    |
 * |                                        | a story in /{user}/stories by its time alone | that list after 10 minutes             |
 *
 * A story has no caption, so it is taken for ours only when it is the single one of its time that no other delivery has; and it
 * leaves the list after a day, from when on its absence there proves nothing.
 *
 * A container can be published once only, which guards against doubles: before it is published, one that was prepared more than
 * a minute ago is looked at again, and what is PUBLISHED already is looked up instead.
 */
import { after, type Clock, MINUTE, SECOND } from '../../core/clock.ts';
import type { Issue } from '../../core/issue.ts';
import type {
  Content,
  Identification,
  PreparedContent,
  PublishContext,
  Publisher,
  PublishOutcome,
  ReconcileContext,
  ReconcileOutcome,
} from '../../core/publisher.ts';
import type { Intent } from '../../core/words.ts';
import { ask, inStep, type MetaSession } from '../meta/ask.ts';
import { createMetaClient } from '../meta/client.ts';
import { COMMENT_UNKNOWN, isFirstComment } from '../meta/first-comment.ts';
import { validateBy } from '../network-rules.ts';
import { refuseWhenStopped } from '../stopped.ts';
import { created as createdShape, type Standing, success, who } from './answers.ts';
import { type InstagramCheckpoint, publishable, readCheckpoint } from './checkpoint.ts';
import { isUnknown, standingOf } from './containers.ts';
import { findPermalink, follow } from './created.ts';
import { instagramNetwork } from './errors.ts';
import { insights } from './insights.ts';
import { locate } from './locate.ts';
import { type PreparePorts, prepare } from './prepare.ts';
import { quotasOf, readQuota, refuseWhenFull } from './quota.ts';
import { lookForMedia, STORY_LIST_MS } from './readback.ts';
import { formatFor, shownIn } from './recipe.ts';
import { instagram } from './rules.ts';
import { HOST, INSIGHTS_RIGHT, type InstagramSettings, loginOf, type MediaLinks } from './settings.ts';

/** A container says that it is published within seconds; an absence is believed only after this time. */
const SETTLING_MS = 2 * MINUTE;
/** Without its container only the list can tell, and that shows a reel late. */
const LIST_SETTLING_MS = 10 * MINUTE;
/** Pause between looks that could not tell. */
const LOOK_AGAIN_MS = 15 * SECOND;

/** @param mediaLinks absent: there is no public address, and only videos can be published */
export function createInstagramPublisher(
  { credentials, apiUrl, uploadUrl, budget }: InstagramSettings,
  clock: Clock,
  mediaLinks?: MediaLinks,
): Publisher {
  const login = loginOf(credentials.accessToken);
  const client = createMetaClient(
    {
      token: credentials.accessToken,
      apiUrl: apiUrl ?? HOST[login],
      uploadUrl: uploadUrl ?? 'https://rupload.facebook.com',
      label: instagram.label,
      budget,
    },
    clock,
  );
  const session: MetaSession = { client, clock, network: instagramNetwork(login) };
  const work: PreparePorts = { session, userId: credentials.userId, mediaLinks, fresh: new Set() };
  // https://developers.facebook.com/docs/instagram-platform/changelog, 3 Dec 2025: deleting is for the login of Facebook only.
  const removable = login === 'facebook';
  return {
    network: instagram.network,
    label: instagram.label,
    capabilities: {
      ...instagram.capabilities,
      removable,
      get quotas() {
        return quotasOf(client.budget);
      },
    },
    validate: (content) => validate(content, mediaLinks),
    publish: (context) => publish(work, context),
    reconcile: (context) => inStep(session, 'read', () => reconcile(work, context)),
    locate: (context) => inStep(session, 'read', () => locate(work, context)),
    ...(removable
      ? {
          remove: ({ id, signal }: { id: string; signal: AbortSignal }) =>
            inStep(session, 'remove', () => remove(session, id, signal)),
        }
      : {}),
    insights: (context) =>
      inStep(session, 'insights', () => insights(session, INSIGHTS_RIGHT[login], context)),
    identify: (signal) => inStep(session, 'identify', () => identify(work, signal)),
  };
}

function validate(content: Content, mediaLinks: MediaLinks | undefined): readonly Issue[] {
  const issues = validateBy(instagram, content);
  const picture = content.media.find(({ kind }) => kind !== 'video');
  if (mediaLinks || !picture) return issues;
  return [
    {
      code: 'PUBLIC_ADDRESS_NEEDED',
      field: 'media',
      rule: 'Instagram fetches pictures from a public address',
      found: `${picture.name}, and no PUBLIC_URL`,
      hint: 'Set PUBLIC_URL to where the web pages are reached from outside, or post a video.',
      severity: 'error',
    },
    ...issues,
  ];
}

/** One call for a container a step, then the one creating call, then what follows it. */
async function publish(work: PreparePorts, context: PublishContext): Promise<PublishOutcome> {
  const { session, userId } = work;
  const { content, isTaken, signal } = context;
  const checkpoint = readCheckpoint(context.checkpoint);
  refuseWhenStopped(signal);
  if (checkpoint.created) return follow(session, checkpoint.created, context);
  // A picture costs nothing but the refusal, which is certain; the bytes of a video are not to be sent in vain.
  const isBegun = checkpoint.items !== undefined;
  if (!isBegun && content.media.some(({ kind }) => kind === 'video'))
    await inStep(session, 'read', () => refuseWhenFull(session, userId, signal));
  const prepared = await inStep(session, 'media', () => prepare(work, checkpoint, context));
  const now = session.clock.now();
  if (prepared.state === 'step')
    return {
      state: 'pending',
      checkpoint: { ...prepared.checkpoint },
      lookAgainAt: prepared.lookAgainAt ?? now,
    };
  const { container } = prepared;
  const intent = intentOf(content);
  if (prepared.state === 'published') {
    const since = new Date(container.at);
    const found = await inStep(session, 'read', () =>
      lookForMedia(session, userId, since, { intent, signal, ...(isTaken ? { isTaken } : {}) }),
    );
    if (typeof found === 'object') return goOn(checkpoint, found.id, now);
    return { state: 'pending', checkpoint: { ...checkpoint }, lookAgainAt: after(now, LOOK_AGAIN_MS) };
  }
  refuseWhenStopped(signal);
  await session.client.refuseWhenSpent({ method: 'POST' });
  await context.creating(intent);
  const form = { creation_id: container.id };
  const call = { method: 'POST', path: `${userId}/media_publish`, form, once: true } as const;
  const { id } = await inStep(session, 'create', () => ask(session, call, createdShape, signal));
  // What follows is a step of its own, so that a crash amid it finds what was published.
  return goOn(checkpoint, id, session.clock.now());
}

/** What is looked for when the answer is lost. */
function intentOf(content: PreparedContent): Intent {
  const format = formatFor(content);
  return {
    text: format === 'story' ? '' : content.text,
    mediaCount: shownIn(content).length,
    ...(format ? { format } : {}),
  };
}

function goOn(checkpoint: InstagramCheckpoint, created: string, lookAgainAt: Date): PublishOutcome {
  return { state: 'pending', checkpoint: { ...checkpoint, created }, lookAgainAt, id: created };
}

async function reconcile(work: PreparePorts, context: ReconcileContext): Promise<ReconcileOutcome> {
  const { session } = work;
  const { sentAt, signal } = context;
  const now = session.clock.now();
  const checkpoint = readCheckpoint(context.checkpoint);
  if (checkpoint.created) {
    const url = await findPermalink(session, checkpoint.created, context);
    const remark = isFirstComment(context.intent) ? { remark: COMMENT_UNKNOWN } : {};
    return { state: 'published', id: checkpoint.created, ...(url ? { url } : {}), ...remark };
  }
  const container = publishable(checkpoint);
  const standing = container && (await standingOrGone(session, container.id, signal));
  if (standing === undefined || standing === 'gone') return byList(work, context, LIST_SETTLING_MS);
  if (standing === 'IN_PROGRESS') return { state: 'processing', lookAgainAt: after(now, LOOK_AGAIN_MS) };
  if (standing === 'PUBLISHED') return byList(work, context, undefined);
  const settledAt = after(sentAt, SETTLING_MS);
  return now < settledAt ? { state: 'unknown', lookAgainAt: settledAt } : { state: 'absent' };
}

async function standingOrGone(
  session: MetaSession,
  id: string,
  signal: AbortSignal,
): Promise<Standing['status_code'] | 'gone'> {
  try {
    return (await standingOf(session, id, signal)).status_code;
  } catch (error) {
    if (!isUnknown(error)) throw error;
    return 'gone';
  }
}

/** @param settlingMs how long until an absence from the list is believed; undefined: never, since it is published */
async function byList(
  { session, userId }: PreparePorts,
  context: ReconcileContext,
  settlingMs: number | undefined,
): Promise<ReconcileOutcome> {
  const { sentAt, intent } = context;
  const now = session.clock.now();
  const found = await lookForMedia(session, userId, sentAt, context);
  if (typeof found === 'object')
    return { state: 'published', id: found.id, ...(found.permalink ? { url: found.permalink } : {}) };
  const lookAgainAt = after(now, LOOK_AGAIN_MS);
  if (settlingMs === undefined) {
    // It is there, and the list will show it. If it does not for long, a person is asked: caption or time were changed.
    const isLate = now > after(sentAt, LIST_SETTLING_MS);
    return { state: isLate ? 'unknown' : 'processing', lookAgainAt };
  }
  const mayBeGone = intent.format === 'story' && now > after(sentAt, STORY_LIST_MS);
  if (found === 'cannot tell' || mayBeGone) return { state: 'unknown', lookAgainAt };
  const settledAt = after(sentAt, settlingMs);
  return now < settledAt ? { state: 'unknown', lookAgainAt: settledAt } : { state: 'absent' };
}

async function remove(session: MetaSession, id: string, signal: AbortSignal): Promise<void> {
  try {
    await ask(session, { method: 'DELETE', path: id }, success, signal);
  } catch (error) {
    // Gone already is what was wanted.
    if (!isUnknown(error)) throw error;
  }
}

async function identify({ session, userId }: PreparePorts, signal: AbortSignal): Promise<Identification> {
  const query = { fields: 'id,username,name' };
  const { username, name } = await ask(session, { method: 'GET', path: userId, query }, who, signal);
  // Known from the start, posts are planned by it. It says nothing about whose token it is, so its failure is none here.
  await readQuota(session, userId, signal).catch(() => undefined);
  return {
    remoteId: userId,
    handle: username,
    name: name || username,
    profileUrl: `https://www.instagram.com/${username}/`,
  };
}
