/**
 * Whether the networks' allowances have room for a post at its moment, counting what is queued and what went out for each
 * account. What people post past the bot is not known here; for that the network's own word counts when the post is sent.
 */
import { after, type Clock, DAY, HOUR } from '../clock.ts';
import { contentFor } from '../delivery/content.ts';
import { error } from '../issue.ts';
import type { Issue, Publisher } from '../publisher.ts';
import { fullestAround, nextRoom, type Quota, type Span, type Spending, spanAround } from '../quota.ts';
import type { DeliveryStore, PostStore } from '../stores.ts';
import type { Account, Post } from '../words.ts';

/** Room is looked for so far ahead; a queue that is full for longer needs another plan, not a date. */
const AHEAD_MS = 30 * DAY;
/** Of more than these neither number nor next room is told exactly; it is above what any network takes in a window and around. */
const SPENDINGS_MAX = 25_000;

export interface QuotaPorts {
  readonly posts: Pick<PostStore, 'findMany'>;
  readonly deliveries: Pick<DeliveryStore, 'goingOut' | 'countGoingOut'>;
  publisherFor(account: Account): Publisher | undefined;
  readonly clock: Clock;
}

type Content = Pick<Post, 'words' | 'variants' | 'media'>;

/** What stands in the way of the post at its moment, for one account. @param before as it is planned already: only what it takes more is asked for */
export async function quotaIssues(
  ports: QuotaPorts,
  post: Post,
  account: Account,
  before?: Content,
): Promise<readonly Issue[]> {
  const quotas = ports.publisherFor(account)?.capabilities.quotas ?? [];
  const issues: Issue[] = [];
  for (const quota of quotas) {
    const units = unitsOf(quota, post, account);
    if (units === 0 || (before && units <= unitsOf(quota, before, account))) continue;
    const issue = await issueOf(ports, quota, units, post, account);
    if (issue) issues.push(issue);
  }
  return issues;
}

function unitsOf({ units }: Quota, post: Content, account: Account): number {
  return units ? units.of(contentFor(post, account)) : 1;
}

async function issueOf(
  ports: QuotaPorts,
  quota: Quota,
  units: number,
  post: Post,
  account: Account,
): Promise<Issue | undefined> {
  const now = ports.clock.now();
  const at = post.immediate || post.dueAt < now ? now : post.dueAt;
  const span = spanAround(quota.window, at);
  // Mostly there is so much room that a count is enough.
  const most = quota.units?.most ?? 1;
  if ((await ports.deliveries.countGoingOut(account.id, span)) * most + units <= quota.max) return undefined;
  const used = fullestAround(quota.window, await spendingsOf(ports, quota, post, account, span), at);
  if (used + units <= quota.max) return undefined;
  const until = after(at, AHEAD_MS);
  const ahead = await spendingsOf(ports, quota, post, account, { from: span.from, to: after(until, DAY) });
  const freeAt = nextRoom(quota, ahead, units, at, until);
  return { ...quotaFull(quota, used, units), ...(freeAt ? { freeAt } : {}) };
}

/** What is queued or went out in this time, beside the post itself. */
async function spendingsOf(
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
