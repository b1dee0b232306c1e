/** The rules that a post breaks, and what is good to know about it, once for all accounts of which the same is to be said. */
import type { Issue } from '../issue.ts';
import type { Line, Mark, Row } from '../reply.ts';
import type { AccountIssues } from '../services/check.ts';
import type { Account } from '../words.ts';
import { namesOf } from './names.ts';
import { type DrawContext, timeOf } from './parts.ts';

const SEVERITY_MARK: Readonly<Record<Issue['severity'], Mark>> = {
  error: 'failed',
  warning: 'question',
  note: 'waiting',
};

/** Every broken rule with its number, and whom it concerns. */
export function issueRows(found: readonly AccountIssues[], context: DrawContext): readonly Row[] {
  const rows = new Map<
    string,
    { readonly mark: Mark; readonly detail: Line; readonly accounts: Account[] }
  >();
  for (const { account, issues } of found) {
    for (const issue of issues) {
      const mark = SEVERITY_MARK[issue.severity];
      const detail = detailOf(issue, context);
      const key = JSON.stringify([mark, detail]);
      const row = rows.get(key) ?? { mark, detail, accounts: [] };
      row.accounts.push(account);
      rows.set(key, row);
    }
  }
  return [...rows.values()].map(({ mark, detail, accounts }) => ({
    mark,
    label: [namesOf(accounts, context.labelOf)],
    detail,
  }));
}

const detailOf = (issue: Issue, context: DrawContext): Line => [
  `${issue.rule}; found: ${issue.found}. ${issue.hint}`,
  ...(issue.freeAt ? [' Next free: ', timeOf(issue.freeAt, context), '.'] : []),
];
