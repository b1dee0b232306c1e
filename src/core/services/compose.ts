/**
 * Makes posts: checked against every target before anything is scheduled, kept as a draft while a person has to decide,
 * and never half scheduled.
 */
import { type Clock, newId, type Random } from '../clock.ts';
import { failure, usageError } from '../errors.ts';
import type { AccountStore, DeliveryStore, PostStore } from '../stores.ts';
import type { Account, MediaItem, Origin, Post, Priority, Words, Workspace } from '../words.ts';
import { type AccountIssues, blocking, type CheckPorts, checkPost, type RoomQuestion } from './check.ts';
import type { ConversionStanding } from './conversions.ts';
import { type LastPlacesPorts, planWithRoom } from './last-places.ts';
import { type PlanPorts, plan, refuseFarMoment } from './plan.ts';
import { type PostView, viewPost } from './post-view.ts';
import { countingOnce } from './quotas.ts';
import { twinsOf } from './twins.ts';

/** Longer texts than any network takes are still kept as a draft; past this they are refused. */
export const TEXT_MAX = 200_000;
const ID_LENGTH = 5;
const ID_TRIES = 8;

export interface ComposeRequest {
  readonly workspace: Workspace;
  readonly origin: Origin;
  readonly words: Words;
  readonly media: readonly MediaItem[];
  readonly targets: readonly Account[];
  /** Left out: at once. */
  readonly at?: Date;
  readonly priority: Priority;
  readonly expiresAt?: Date;
}

/** What became of a request: planned, or kept as a draft because of what is listed. */
export interface Composed extends PostView {
  readonly issues: readonly AccountIssues[];
  /** Posts with the same words for one of the same accounts within a day. */
  readonly twins: readonly Post[];
  /** Of a draft: whether its videos can be converted, or how far that is. */
  readonly conversion?: ConversionStanding;
}

export interface ComposePorts extends CheckPorts, LastPlacesPorts, PlanPorts {
  readonly posts: PostStore;
  readonly deliveries: DeliveryStore;
  readonly accounts: AccountStore;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Makes one post, planned or as a draft. The same message again makes none and answers the one that it made.
 * Errors: POST_EMPTY, OPTION_INVALID (too long to keep), TARGETS_NONE, MOMENT_TOO_FAR, EXPIRY_TOO_EARLY.
 */
export async function compose(ports: ComposePorts, request: ComposeRequest): Promise<Composed> {
  const now = ports.clock.now();
  refuseImpossible(request, now);
  const draft = newPost(ports, request, now);
  const { targets } = request;
  const question = { counted: countingOnce(ports) };
  const found = await lookAt(ports, draft, targets, question);
  if (blocking(found.issues).length > 0 || found.twins.length > 0)
    return makeDraft(ports, draft, targets, found);
  const write = () => makePlanned(ports, draft, targets, found);
  const made = await planWithRoom(ports, draft, targets, write, question);
  return 'planned' in made
    ? made.planned
    : makeDraft(ports, draft, targets, await lookAt(ports, draft, targets));
}

type Found = Pick<Composed, 'issues' | 'twins'>;
type LookPorts = Pick<ComposePorts, 'posts' | 'deliveries' | keyof CheckPorts>;

async function makeDraft(
  ports: ComposePorts,
  draft: Post,
  accounts: readonly Account[],
  found: Found,
): Promise<Composed> {
  const post = await insert(ports, draft);
  return post ? { post, deliveries: [], accounts, ...found } : alreadyMade(ports, draft);
}

async function makePlanned(
  ports: ComposePorts,
  draft: Post,
  accounts: readonly Account[],
  found: Found,
): Promise<Composed> {
  const post = await insert(ports, { ...draft, standing: 'waiting' });
  if (!post) return alreadyMade(ports, draft);
  return { post, deliveries: await plan(ports, post, accounts), accounts, ...found };
}

/** What stands in the way of a post that is not planned. */
async function lookAt(
  ports: LookPorts,
  post: Post,
  accounts: readonly Account[],
  question: RoomQuestion = {},
): Promise<Found> {
  const [issues, twins] = await Promise.all([
    checkPost(ports, post, accounts, question),
    twinsOf(ports, post),
  ]);
  return { issues, twins };
}

/** What stands in the way of a draft right now; nothing for a post that is planned already. */
export async function review(ports: LookPorts, { post, accounts }: PostView): Promise<Found> {
  return post.standing === 'draft' ? lookAt(ports, post, accounts) : { issues: [], twins: [] };
}

function refuseImpossible(request: ComposeRequest, now: Date): void {
  const { words, media, at, expiresAt } = request;
  if (!words.text.trim() && media.length === 0 && !words.link) {
    throw usageError(
      'POST_EMPTY',
      'There is nothing to post yet.',
      'Write the words after the command, or attach a picture or a video.',
    );
  }
  if (words.text.length > TEXT_MAX) {
    throw usageError(
      'OPTION_INVALID',
      `The text has ${words.text.length} characters; at most ${TEXT_MAX} are kept.`,
      'Shorten it: no network takes more than 65,000.',
    );
  }
  if (request.targets.length === 0)
    throw usageError('TARGETS_NONE', 'There is no account to publish to.', 'See /accounts.');
  if (at) refuseFarMoment(at, now);
  if (expiresAt && expiresAt <= (at ?? now)) {
    throw usageError(
      'EXPIRY_TOO_EARLY',
      'The post would expire before it is due.',
      'Give a later `expires`, or leave it out.',
    );
  }
}

/** The same message handled twice (a chat delivers at least once) makes one post. */
async function alreadyMade(ports: ComposePorts, again: Post): Promise<Composed> {
  const known = again.originKey && (await ports.posts.findByOrigin(again.workspaceId, again.originKey));
  if (!known)
    throw failure('Bug', { code: 'BUG', message: 'A post is known and not there.', hint: 'Try again.' });
  // A crash may have come between the post and its deliveries; making them again makes only those that are missing.
  if (known.standing === 'waiting') await plan(ports, known, await ports.accounts.findMany(known.targets));
  const view = await viewPost(ports, known);
  return { ...view, ...(await review(ports, view)) };
}

function originKey({ conversation, messageId }: Origin): string | undefined {
  return messageId === undefined ? undefined : `${conversation.frontend}:${conversation.id}:${messageId}`;
}

function newPost(ports: ComposePorts, request: ComposeRequest, now: Date): Post {
  const key = originKey(request.origin);
  return {
    id: newId(ports.random, ID_LENGTH),
    workspaceId: request.workspace.id,
    standing: 'draft',
    revision: 1,
    rollUps: 0,
    words: request.words,
    variants: {},
    media: request.media,
    targets: request.targets.map((account) => account.id),
    dueAt: request.at ?? now,
    immediate: request.at === undefined,
    timeZone: request.workspace.timeZone,
    priority: request.priority,
    ...(request.expiresAt ? { expiresAt: request.expiresAt } : {}),
    origin: request.origin,
    ...(key === undefined ? {} : { originKey: key }),
    createdAt: now,
    updatedAt: now,
  };
}

/** The post as it is stored; undefined when the message that asks for it made one already. */
async function insert(ports: ComposePorts, post: Post): Promise<Post | undefined> {
  let candidate = post;
  for (let attempt = 1; attempt <= ID_TRIES; attempt += 1) {
    const outcome = await ports.posts.insert(candidate);
    if (outcome === 'inserted') return candidate;
    if (outcome === 'known') return undefined;
    // Ids are short on purpose; after a few collisions a longer one is used.
    candidate = { ...candidate, id: newId(ports.random, attempt < 4 ? ID_LENGTH : ID_LENGTH + 1) };
  }
  throw failure('Bug', { code: 'BUG', message: 'No free post id was found.', hint: 'Try again.' });
}
