/** What follows publishing: the first comment, and where it is shown. Nothing here can make the post fail that is there already. */
import { CarillonError } from '../../core/errors.ts';
import type { PublishContext, PublishOutcome } from '../../core/publisher.ts';
import { ask, inStep, type MetaSession } from '../meta/ask.ts';
import { writeFirstComment } from '../meta/first-comment.ts';
import { permalink } from './answers.ts';
import { formatFor } from './recipe.ts';

export async function follow(
  session: MetaSession,
  id: string,
  context: PublishContext,
): Promise<PublishOutcome> {
  // Asked first: after a comment that got no answer nothing more is asked.
  const url = await findPermalink(session, id, context);
  // Nobody can comment on a story; that was told before.
  const remark =
    formatFor(context.content) === 'story' ? undefined : await writeFirstComment(session, id, context);
  return {
    state: 'published',
    id,
    ...(url === undefined ? {} : { url }),
    ...(remark === undefined ? {} : { remark }),
  };
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
