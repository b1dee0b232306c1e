/** The first comment under a post that is there. Nothing here can make the post fail: what went wrong becomes a remark beside it. */
import { z } from 'zod';
import { CarillonError } from '../../core/errors.ts';
import type { PublishContext } from '../../core/publisher.ts';
import type { Intent } from '../../core/words.ts';
import { ask, inStep, type MetaSession } from './ask.ts';

const writtenComment = z.object({ id: z.string() });

/** After a crash amid the comment nobody knows whether it is there; to look for it is a person's glance. */
export const COMMENT_UNKNOWN =
  'It is not known whether the first comment was written: look there, and write it by hand if it is missing.';

/**
 * An attempt of its own, behind the fence: after a crash amid it, only looking follows, and the post is known. So it is written
 * at most once. Answers the remark when it could not be written.
 */
export async function writeFirstComment(
  session: MetaSession,
  remoteId: string,
  context: PublishContext,
): Promise<string | undefined> {
  const message = context.content.firstComment?.trim();
  if (!message) return undefined;
  await context.creating({ text: message, mediaCount: 0 });
  const call = { method: 'POST', path: `${remoteId}/comments`, form: { message }, once: true } as const;
  try {
    await inStep(session, 'comment', () => ask(session, call, writtenComment, context.signal));
    return undefined;
  } catch (error) {
    if (!(error instanceof CarillonError) || error.kind === 'Bug') throw error;
    context.log.warn({ remoteId, err: error }, 'the first comment could not be written; the post is there');
    if (error.kind === 'OutcomeUnknown') return COMMENT_UNKNOWN;
    return `The first comment could not be written: ${error.message} Write it there by hand.`;
  }
}

/** True when what was about to be made was the comment: the post itself is known, and only a comment has no media then. */
export function isFirstComment({ mediaCount }: Intent): boolean {
  return mediaCount === 0;
}
