/** What a post says beside its text, and what it says to single networks or accounts only. */
import { describePoll, describePollLength } from '../poll.ts';
import { type Block, text } from '../reply.ts';
import type { PostView } from '../services/post-view.ts';
import type { Account, Words } from '../words.ts';
import { type DrawContext, firstWords, timeOf } from './parts.ts';

export function wordLines({ post, accounts }: PostView, context: DrawContext): Block[] {
  const { words, variants, priority, expiresAt } = post;
  const lines = namedWords(words).map((said) => text(said));
  if (priority !== 'normal') lines.push(text(`Priority: ${priority}`));
  for (const [key, own] of Object.entries(variants)) {
    const said = [...(own.text ? [firstWords(own.text, 200)] : []), ...namedWords(own)];
    if (said.length > 0) lines.push(text(`For ${variantLabel(key, accounts, context)}: ${said.join('; ')}`));
  }
  return expiresAt ? [...lines, text('Never after ', timeOf(expiresAt, context))] : lines;
}

/** What is said beside the text, each with its name. */
function namedWords(words: Partial<Words>): readonly string[] {
  const named = [
    ['Title', words.title],
    ['Link', words.link],
    ['Board', words.board],
    ['First comment', words.firstComment],
    ['Poll', describePoll(words)],
    // Of a variant that gives the common poll another length.
    ['Poll open for', words.poll || !words.pollMinutes ? undefined : describePollLength(words.pollMinutes)],
    ['Replies', words.replies],
    ['Thread', words.thread === undefined ? undefined : words.thread ? 'yes' : 'no'],
  ] as const;
  return named.filter(([, value]) => value).map(([name, value]) => `${name}: ${value}`);
}

/** The accounts that a variant is for: all of a network, or one. */
function variantLabel(key: string, accounts: readonly Account[], context: DrawContext): string {
  const meant = accounts.filter(({ id, network }) => id === key || network === key);
  return meant.map((account) => context.labelOf(account)).join(', ') || key;
}
