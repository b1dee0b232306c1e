/** What follows publishing: the first comment, and where it is shown. Nothing here can make the post fail that is there already. */
import { CarillonError } from '../../core/errors.ts';
import type { PublishContext, PublishOutcome } from '../../core/publisher.ts';
import { ask, inStep, type MetaSession } from '../meta/ask.ts';
import { created, permalink } from './answers.ts';

export async function follow(
  session: MetaSession,
  id: string,
  context: PublishContext,
): Promise<PublishOutcome> {
  const comment = context.content.firstComment?.trim();
  // Asked first: after a comment that got no answer nothing more is asked.
  const url = await findPermalink(session, id, context);
  if (comment) await writeComment(session, id, comment, context);
  return { state: 'published', id, ...(url === undefined ? {} : { url }) };
}

/** A missing address is no failure. */
export async function findPermalink(
  session: MetaSession,
  id: string,
  context: Pick<PublishContext, 'signal' | 'log'>,
): Promise<string | undefined> {
  const call = { method: 'GET', path: id, query: { fields: 'permalink' } } as const;
  try {
    return (await inStep(session, 'read', () => ask(session, call, permalink, context.signal))).permalink;
  } catch (error) {
    if (!(error instanceof CarillonError) || error.kind === 'Bug') throw error;
    context.log.info(
      { remoteId: id, err: error },
      'the address of the post could not be read; it is published',
    );
    return undefined;
  }
}

/**
 * An attempt of its own, behind the fence: after a crash amid it, only looking follows, and the post is known. So it is written
 * at most once, and its failure is told without touching the post.
 */
async function writeComment(
  session: MetaSession,
  id: string,
  message: string,
  context: PublishContext,
): Promise<void> {
  await context.creating({ text: message, mediaCount: 0 });
  const call = { method: 'POST', path: `${id}/comments`, form: { message }, once: true } as const;
  try {
    await inStep(session, 'comment', () => ask(session, call, created, context.signal));
  } catch (error) {
    if (!(error instanceof CarillonError) || error.kind === 'Bug') throw error;
    context.progress('published, but the first comment could not be written');
    context.log.warn(
      { remoteId: id, err: error },
      'the first comment could not be written; the post is there',
    );
  }
}
