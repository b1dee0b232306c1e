/** Checks what each account is to say, and when, against its network's rules and the account's boards, before anything is scheduled. */
import { withBoardIssues } from '../boards.ts';
import { sortIssues } from '../content-check.ts';
import { contentOn } from '../delivery/content.ts';
import type { Issue } from '../issue.ts';
import type { Account, Post } from '../words.ts';
import type { BoardService } from './boards.ts';
import { countingOnce, type QuotaPorts, quotaIssues } from './quotas.ts';

export interface AccountIssues {
  readonly account: Account;
  readonly issues: readonly Issue[];
}

export interface CheckPorts extends QuotaPorts {
  readonly boards: BoardService;
}

/** How the room for a post is asked for. */
export interface RoomQuestion {
  /** The post as it is planned already: an allowance is asked only for what the new one takes more. */
  readonly before?: Post | undefined;
  /** What counts for several questions in one go (`countingOnce`); left out: for this one. */
  readonly counted?: QuotaPorts;
}

/** Every broken rule (and every warning) of every account that has one, with the allowances for the post's moment. */
export function checkPost(
  ports: CheckPorts,
  post: Post,
  accounts: readonly Account[],
  { before, counted = countingOnce(ports) }: RoomQuestion = {},
): Promise<readonly AccountIssues[]> {
  return ofAccounts(
    accounts,
    (account) => contentIssues(ports, post, account),
    // Last: a network may be asked for its boards before that, and counts get old.
    (account) => quotaIssues(counted, post, account, before),
  );
}

/** Whether there is room at the post's moment, and nothing else. */
export function checkRoom(
  ports: QuotaPorts,
  post: Post,
  accounts: readonly Account[],
  { before, counted = countingOnce(ports) }: RoomQuestion = {},
): Promise<readonly AccountIssues[]> {
  return ofAccounts(accounts, (account) => quotaIssues(counted, post, account, before));
}

/** One check of all accounts at once, after it the next. */
async function ofAccounts(
  accounts: readonly Account[],
  ...checks: ReadonlyArray<(account: Account) => Promise<readonly Issue[]>>
): Promise<readonly AccountIssues[]> {
  const found = accounts.map((account) => ({ account, issues: [] as Issue[] }));
  for (const check of checks)
    await Promise.all(found.map(async ({ account, issues }) => issues.push(...(await check(account)))));
  return found
    .filter(({ issues }) => issues.length > 0)
    .map(({ account, issues }) => ({ account, issues: sortIssues(issues) }));
}

async function contentIssues(ports: CheckPorts, post: Post, account: Account): Promise<readonly Issue[]> {
  const publisher = ports.publisherFor(account);
  if (!publisher) return [];
  const content = contentOn(publisher.capabilities, post, account);
  const issues = publisher.validate(content);
  const board = content.board?.trim();
  // Without a word about boards nobody has to be asked for them.
  if (!board && issues.every(({ field }) => field !== 'board')) return issues;
  const boards = await ports.boards.of(account, board || undefined);
  return boards ? withBoardIssues(issues, content, boards) : issues;
}

/** Those that make publishing impossible; warnings do not. */
export function blocking(found: readonly AccountIssues[]): readonly AccountIssues[] {
  return found.filter(({ issues }) => issues.some((issue) => issue.severity === 'error'));
}

/** The first instant at which every rule that is a matter of time is kept; undefined when there is none, or another rule stands in the way. */
export function freeAtOf(found: readonly AccountIssues[]): Date | undefined {
  const errors = found.flatMap(({ issues }) => issues.filter((each) => each.severity === 'error'));
  const instants = errors.flatMap(({ freeAt }) => (freeAt ? [freeAt] : []));
  if (instants.length === 0 || instants.length < errors.length) return undefined;
  return new Date(Math.max(...instants.map((each) => each.getTime())));
}
