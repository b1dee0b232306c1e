/**
 * Whether the networks' allowances have room for a post at its moment, counting what is queued and what went out for each
 * account. What people post past the bot is not known here; for that the network's own word counts when the post is sent.
 */
import { after, type Clock, DAY, HOUR } from '../clock.ts';
import { contentFor } from '../delivery/content.ts';
import { error, type Issue } from '../issue.ts';
import { memo } from '../memo.ts';
import type { Publisher } from '../publisher.ts';
import { fullestAround, nextRoom, type Quota, type Span, type Spending, spanAround } from '../quota.ts';
import type { AccountStore, DeliveryStore, PostStore } from '../stores.ts';
import type { Account, Post } from '../words.ts';

/** Room is looked for so far ahead; a queue that is full for longer needs another plan, not a date. */
const AHEAD_MS = 30 * DAY;
/** Of more than these neither number nor next room is told exactly; it is above what any network takes in a window and around. */
const SPENDINGS_MAX = 25_000;
/** Posts that people plan between one's count and one's writing; where there is room for more, nobody needs to wait for another. */
const AT_ONCE = 10;

export interface QuotaPorts {
  readonly posts: Pick<PostStore, 'findMany'>;
  readonly deliveries: Pick<DeliveryStore, 'goingOut' | 'countGoingOut'>;
  readonly accounts: Pick<AccountStore, 'list'>;
  publisherFor(account: Account): Publisher | undefined;
  readonly clock: Pick<Clock, 'now'>;
}

type Content = Pick<Post, 'words' | 'variants' | 'media'>;
/** A post as it is planned already. */
type Planned = Content & Pick<Post, 'targets' | 'dueAt'>;

/** What stands in the way of the post at its moment, for one account. @param before as it is planned already: only what it takes more is asked for */
export async function quotaIssues(
  ports: QuotaPorts,
  post: Post,
  account: Account,
  before?: Planned,
): Promise<readonly Issue[]> {
  const quotas = ports.publisherFor(account)?.capabilities.quotas ?? [];
  const issues: Issue[] = [];
  for (const quota of quotas) {
    const sharing = quota.shared ? await sharingWith(ports, account) : [account];
    const units = unitsFor(quota, post, post.targets, sharing);
    if (unitsOf(quota, post, account) === 0) continue;
    const has = before && before.dueAt.getTime() === post.dueAt.getTime();
    if (has && units <= unitsFor(quota, before, before.targets, sharing)) continue;
    const issue = await issueOf(ports, quota, units, post, sharing);
    if (issue) issues.push(issue);
  }
  return issues;
}

/** Whether the room for the post at its moment is near its end, by a count alone: sooner than it truly is, never later. */
export async function isScarce(ports: QuotaPorts, post: Post, account: Account): Promise<boolean> {
  const quotas = ports.publisherFor(account)?.capabilities.quotas ?? [];
  for (const quota of quotas) {
    if (unitsOf(quota, post, account) === 0) continue;
    const sharing = quota.shared ? await sharingWith(ports, account) : [account];
    const units = unitsFor(quota, post, post.targets, sharing);
    const span = spanAround(quota.window, momentOf(ports, post));
    const used = await mostAround(ports, quota, sharing, span);
    if (used + units + AT_ONCE * mostEach(quota) > quota.max) return true;
  }
  return false;
}

/**
 * For what is asked in one go: accounts that share an allowance, and the check of a post and the plan that follows it, ask for
 * the same counts, and each is counted once. All of it is asked for one instant, so that a post that goes out now asks the same.
 */
export function countingOnce(ports: QuotaPorts): QuotaPorts {
  const counts = new Map<string, Promise<number>>();
  const { deliveries } = ports;
  const now = ports.clock.now();
  return {
    ...ports,
    clock: { now: () => now },
    accounts: { list: memo((workspaceId) => ports.accounts.list(workspaceId)) },
    deliveries: {
      goingOut: (accountId, span, limit) => deliveries.goingOut(accountId, span, limit),
      countGoingOut(accountId, span) {
        const key = `${accountId} ${span.from.getTime()} ${span.to.getTime()}`;
        const count = counts.get(key) ?? deliveries.countGoingOut(accountId, span);
        counts.set(key, count);
        return count;
      },
    },
  };
}

/** The accounts that take from the same allowance. */
async function sharingWith({ accounts }: QuotaPorts, account: Account): Promise<readonly Account[]> {
  const all = await accounts.list(account.workspaceId);
  return all.filter(
    ({ network, mode, active }) => network === account.network && mode === account.mode && active,
  );
}

/** What the post takes for all of its targets that share the allowance. */
function unitsFor(
  quota: Quota,
  post: Content,
  targets: readonly string[],
  sharing: readonly Account[],
): number {
  return sharing
    .filter(({ id }) => targets.includes(id))
    .reduce((sum, account) => sum + unitsOf(quota, post, account), 0);
}

function unitsOf({ units }: Quota, post: Content, account: Account): number {
  return units ? units.of(contentFor(post, account)) : 1;
}

async function issueOf(
  ports: QuotaPorts,
  quota: Quota,
  units: number,
  post: Post,
  sharing: readonly Account[],
): Promise<Issue | undefined> {
  const at = momentOf(ports, post);
  const span = spanAround(quota.window, at);
  // Mostly there is so much room that a count is enough.
  if ((await mostAround(ports, quota, sharing, span)) + units <= quota.max) return undefined;
  const used = fullestAround(quota.window, await spendingsOf(ports, quota, post, sharing, span), at);
  if (used + units <= quota.max) return undefined;
  const until = after(at, AHEAD_MS);
  const ahead = await spendingsOf(ports, quota, post, sharing, { from: span.from, to: after(until, DAY) });
  const freeAt = nextRoom(quota, ahead, units, at, until);
  return { ...quotaFull(quota, used, units), ...(freeAt ? { freeAt } : {}) };
}

function momentOf({ clock }: QuotaPorts, { immediate, dueAt }: Post): Date {
  const now = clock.now();
  return immediate || dueAt < now ? now : dueAt;
}

const mostEach = ({ units }: Quota): number => units?.most ?? 1;

/** The units that what is there can have taken at most. */
async function mostAround(
  { deliveries }: QuotaPorts,
  quota: Quota,
  sharing: readonly Account[],
  span: Span,
): Promise<number> {
  const counts = await Promise.all(sharing.map(({ id }) => deliveries.countGoingOut(id, span)));
  return counts.reduce((sum, count) => sum + count, 0) * mostEach(quota);
}

/** What is queued or went out in this time, beside the post itself; earliest first. */
async function spendingsOf(
  ports: QuotaPorts,
  quota: Quota,
  post: Post,
  sharing: readonly Account[],
  span: Span,
): Promise<readonly Spending[]> {
  const found = await Promise.all(
    sharing.map((account) => spendingsOfOne(ports, quota, post, account, span)),
  );
  return found.flat().sort((a, b) => a.at.getTime() - b.at.getTime());
}

async function spendingsOfOne(
  { posts, deliveries }: QuotaPorts,
  quota: Quota,
  { id }: Post,
  account: Account,
  span: Span,
): Promise<readonly Spending[]> {
  const all = await deliveries.goingOut(account.id, span, SPENDINGS_MAX);
  const others = all.filter(({ postId }) => postId !== id);
  if (!quota.units) return others.map(({ at }) => ({ at, units: 1 }));
  const found = await posts.findMany(others.map(({ postId }) => postId));
  const units = new Map(found.map((post) => [post.id, unitsOf(quota, post, account)]));
  return others
    .map(({ postId, at }) => ({ at, units: units.get(postId) ?? 0 }))
    .filter((each) => each.units > 0);
}

function quotaFull({ what, max, window }: Quota, used: number, units: number): Issue {
  const per = 'rollingMs' in window ? `in any ${window.rollingMs / HOUR} hours` : 'a day';
  return error(
    'QUOTA_FULL',
    'moment',
    `at most ${max.toLocaleString('en')} ${what} ${per}`,
    `${used.toLocaleString('en')} queued or out around that time${units === 1 ? '' : `, and ${units.toLocaleString('en')} more here`}`,
    'Give it another time with /move, or leave this account out.',
  );
}
