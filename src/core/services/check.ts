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

/**
 * Every broken rule (and every warning) of every account that has one, with the allowances for the post's moment.
 * @param before the post as it is planned already: an allowance is asked only for what it takes more
 */
export async function checkPost(
  ports: CheckPorts,
  post: Post,
  accounts: readonly Account[],
  before?: Post,
): Promise<readonly AccountIssues[]> {
  const quotaPorts = countingOnce(ports);
  return ofAccounts(accounts, async (account) => [
    ...(await contentIssues(ports, post, account)),
    ...(await quotaIssues(quotaPorts, post, account, before)),
  ]);
}

/** Whether there is room at the post's moment, and nothing else. @param before as in `checkPost` */
export function checkRoom(
  ports: QuotaPorts,
  post: Post,
  accounts: readonly Account[],
  before?: Post,
): Promise<readonly AccountIssues[]> {
  const quotaPorts = countingOnce(ports);
  return ofAccounts(accounts, (account) => quotaIssues(quotaPorts, post, account, before));
}

async function ofAccounts(
  accounts: readonly Account[],
  check: (account: Account) => Promise<readonly Issue[]>,
): Promise<readonly AccountIssues[]> {
  const found = await Promise.all(
    accounts.map(async (account) => ({ account, issues: sortIssues(await check(account)) })),
  );
  return found.filter(({ issues }) => issues.length > 0);
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
