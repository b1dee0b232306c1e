/** How threads are drawn: the parts before they go out, and what stands of one that stopped on the way. */
import { type Block, type Line, text } from '../reply.ts';
import type { AccountIssues } from '../services/check.ts';
import type { Account, Delivery } from '../words.ts';
import { namesOf } from './names.ts';

/** Of a part so much is shown of its beginning and of its end: enough to see where the text is cut. */
const EDGE_CHARACTERS = 60;

/** The parts of each thread that a post makes or could make, once for all accounts that would have the same. */
export function threadBlocks(
  found: readonly AccountIssues[],
  labelOf: (account: Account) => string,
): Block[] {
  const threads = new Map<string, { readonly parts: readonly string[]; readonly accounts: Account[] }>();
  for (const { account, issues } of found) {
    for (const { parts } of issues) {
      if (!parts) continue;
      const key = JSON.stringify(parts);
      const thread = threads.get(key) ?? { parts, accounts: [] };
      thread.accounts.push(account);
      threads.set(key, thread);
    }
  }
  return [...threads.values()].flatMap(({ parts, accounts }): Block[] => [
    text(`As a thread for ${namesOf(accounts, labelOf)}:`),
    { kind: 'list', items: parts.map((part, index) => [`${index + 1}. ${edges(part)}`]) },
  ]);
}

function edges(part: string): string {
  const characters = [...part.replace(/\s+/g, ' ').trim()];
  if (characters.length <= 2 * EDGE_CHARACTERS) return characters.join('');
  const begin = characters.slice(0, EDGE_CHARACTERS).join('').trimEnd();
  return `${begin} … ${characters.slice(-EDGE_CHARACTERS).join('').trimStart()}`;
}

export function publishedAs({ parts }: Delivery): string {
  return parts && parts.length > 1 ? `published as a thread of ${parts.length} parts` : 'published';
}

/** What stands of a thread that is not complete, with the way to it; empty for everything else. */
export function partsOut(delivery: Delivery): Line {
  const { parts = [], remoteUrl, state, attempts } = delivery;
  if (parts.length === 0 || state === 'published' || state === 'removed') return [];
  const of = attempts.findLast(({ intent }) => intent?.part)?.intent?.part?.of;
  const which = parts.length === 1 ? 'Part 1' : `Parts 1 to ${parts.length}`;
  const is = parts.length === 1 ? 'is' : 'are';
  const next = state === 'failed' ? ` Retry goes on with part ${parts.length + 1}.` : '';
  return [
    remoteUrl ? { kind: 'link', text: which, url: remoteUrl } : which,
    `${of ? ` of ${of}` : ''} ${is} out.${next}`,
  ];
}
