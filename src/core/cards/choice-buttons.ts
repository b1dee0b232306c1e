/** Buttons of a draft for values that would mend a broken rule, such as the boards that there are. */
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
