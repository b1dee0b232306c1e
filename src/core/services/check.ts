/** Checks what each account is to say against its network's rules, offline, before anything is scheduled. */
import { contentFor } from '../delivery/content.ts';
import type { Issue, Publisher } from '../publisher.ts';
import type { Account, Post } from '../words.ts';

export interface AccountIssues {
  readonly account: Account;
  readonly issues: readonly Issue[];
}

/** Every broken rule (and every warning) of every account that has one. */
export function checkPost(
  post: Pick<Post, 'words' | 'variants' | 'media'>,
  accounts: readonly Account[],
  publisherFor: (account: Account) => Publisher | undefined,
): readonly AccountIssues[] {
  return accounts
    .map((account) => ({ account, issues: publisherFor(account)?.validate(contentFor(post, account)) ?? [] }))
    .filter(({ issues }) => issues.length > 0);
}

/** Those that make publishing impossible; warnings do not. */
export function blocking(found: readonly AccountIssues[]): readonly AccountIssues[] {
  return found.filter(({ issues }) => issues.some((issue) => issue.severity === 'error'));
}
