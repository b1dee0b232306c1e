/** Which post a publisher creates next: the whole, or the next part of a thread behind those that stand. */

import type { Capabilities } from '../core/capabilities.ts';
import { failure } from '../core/errors.ts';
import type { PublishContext } from '../core/publisher.ts';
import { textsToCome } from '../core/sent-text.ts';
import type { Intent, PublishedPart } from '../core/words.ts';

export interface NextPost {
  readonly text: string;
  /** Absent: the post is no thread. */
  readonly part?: NonNullable<Intent['part']>;
  readonly isLast: boolean;
  /** The part that it answers; absent: it is the first. */
  readonly answers?: PublishedPart;
}

/** Undefined when all parts stand. Error: THREAD_CHANGED when the words do not begin with those that are out any more. */
export function nextPost(
  capabilities: Capabilities,
  { content, parts = [] }: Pick<PublishContext, 'content' | 'parts'>,
): NextPost | undefined {
  const texts = textsToCome(
    capabilities,
    content,
    parts.map((part) => part.text),
  );
  if (!texts) throw changedMeanwhile(parts);
  const [text] = texts;
  if (text === undefined) return undefined;
  const answers = parts.at(-1);
  const of = parts.length + texts.length;
  return {
    text,
    ...(of > 1 ? { part: { number: parts.length + 1, of } } : {}),
    isLast: texts.length === 1,
    ...(answers ? { answers } : {}),
  };
}

function changedMeanwhile(parts: readonly PublishedPart[]): Error {
  const out =
    parts.length === 1
      ? 'The first part of the thread is'
      : `The first ${parts.length} parts of the thread are`;
  return failure('ContentError', {
    code: 'THREAD_CHANGED',
    message: `${out} out, and the words do not begin with them any more; nothing more was sent.`,
    hint: 'With /edit let the words begin as they stand on the network, then /retry; or give up the rest.',
  });
}
