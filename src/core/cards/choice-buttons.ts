/** Buttons for values of an option: those that would mend a broken rule of a draft, and the other way where there are two. */
import { BUTTON_ID_BYTES, type Button } from '../reply.ts';
import type { AccountIssues } from '../services/check.ts';
import type { Post } from '../words.ts';
import { button, firstWords } from './parts.ts';

/** Beside the draft's own row there is room for four more; names need half of a phone's width. */
const ROWS_MAX = 4;
const ROW_BUTTONS = 2;
const LABEL_CHARACTERS_MAX = 40;

/** One for each value of the first rule that names some; none where they are many: then the words have to do. */
export function choiceButtons(post: Post, blocked: readonly AccountIssues[]): Button[][] {
  const offers = blocked.flatMap(({ account, issues }) =>
    issues.flatMap(({ field, choices = [] }) => (choices.length > 0 ? [{ account, field, choices }] : [])),
  );
  const [first] = offers;
  if (!first || first.choices.length > ROWS_MAX * ROW_BUTTONS) return [];
  const buttons = first.choices.map(({ value, label }) =>
    button(
      firstWords(label, LABEL_CHARACTERS_MAX),
      `edit.${first.field}:${post.id}:${first.account.id}:${value}`,
    ),
  );
  if (buttons.some(({ action }) => Buffer.byteLength(action) > BUTTON_ID_BYTES)) return [];
  return Array.from({ length: Math.ceil(buttons.length / ROW_BUTTONS) }, (_, row) =>
    buttons.slice(row * ROW_BUTTONS, (row + 1) * ROW_BUTTONS),
  );
}

/** Sending the text as a thread, where that alone would mend it for one account at least. */
export function threadButton(
  { id, revision, immediate }: Post,
  blocked: readonly AccountIssues[],
): Button | undefined {
  const isMended = blocked.some(({ issues }) =>
    issues.every(({ severity, parts }) => severity !== 'error' || parts !== undefined),
  );
  const verb = immediate ? 'Post' : 'Schedule';
  return isMended ? button(`${verb} as a thread`, `edit.thread:${id}:${revision}`, 'primary') : undefined;
}

/** The other way of fitting pictures of a post that is not on its way yet, for everyone whose way is told. */
export function fitButtons(post: Post, found: readonly AccountIssues[]): Button[] {
  if (post.immediate && post.standing !== 'draft') return [];
  for (const { account, issues } of found) {
    const [other] = issues.find(({ field }) => field === 'fit')?.choices ?? [];
    if (other) return [button(other.label, `edit.fit:${post.id}:${account.id}:${other.value}`)];
  }
  return [];
}

/** More buttons in the last row, since rows are few. */
export function besides(rows: Button[][], more: readonly Button[]): Button[][] {
  return more.length === 0 ? rows : [...rows.slice(0, -1), [...(rows.at(-1) ?? []), ...more]];
}
