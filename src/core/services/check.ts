/** Checks what each account is to say against its network's rules and the account's boards, before anything is scheduled. */
import { withBoardIssues } from '../boards.ts';
import { contentFor } from '../delivery/content.ts';
import type { Issue, Publisher } from '../publisher.ts';
import type { Account, Post } from '../words.ts';
import type { BoardService } from './boards.ts';

export interface AccountIssues {
  readonly account: Account;
  readonly issues: readonly Issue[];
}

export interface CheckPorts {
  publisherFor(account: Account): Publisher | undefined;
  readonly boards: BoardService;
}

/** Every broken rule (and every warning) of every account that has one. */
export async function checkPost(
  ports: CheckPorts,
  post: Pick<Post, 'words' | 'variants' | 'media'>,
  accounts: readonly Account[],
): Promise<readonly AccountIssues[]> {
  const found = await Promise.all(
    accounts.map(async (account) => ({ account, issues: await issuesOf(ports, post, account) })),
  );
  return found.filter(({ issues }) => issues.length > 0);
}

async function issuesOf(
  ports: CheckPorts,
  post: Pick<Post, 'words' | 'variants' | 'media'>,
  account: Account,
): Promise<readonly Issue[]> {
  const content = contentFor(post, account);
  const issues = ports.publisherFor(account)?.validate(content) ?? [];
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
