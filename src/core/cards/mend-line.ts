/** How a broken rule of a draft is mended by typing, where no button of the draft does it. */
import type { Issue } from '../issue.ts';
import { type Block, code, text } from '../reply.ts';
import type { AccountIssues } from '../services/check.ts';
import type { Post } from '../words.ts';

/** What /edit takes for a field. The words, the moment and the board have buttons of their own. */
const OPTIONS: Readonly<Partial<Record<Issue['field'], string>>> = {
  media: 'media:…',
  alt: 'alt:"…"',
  link: 'link:https://…',
  title: 'title:"…"',
  firstComment: 'first_comment:"…"',
  poll: 'poll:"… | …"',
  pollMinutes: 'poll_length:"…"',
  replies: 'replies:…',
  format: 'as:…',
  cover: 'cover:…',
};

export function mendLine({ id }: Post, blocked: readonly AccountIssues[]): readonly Block[] {
  const fields = blocked.flatMap(({ issues }) =>
    issues.filter(({ severity }) => severity === 'error').map(({ field }) => field),
  );
  const options = [...new Set(fields)].flatMap((field) => OPTIONS[field] ?? []);
  return options.length === 0 ? [] : [text('Mend it: ', code(`/edit post:#${id} ${options.join(' ')}`))];
}
