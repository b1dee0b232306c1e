/**
 * The stories of a page that are to be seen now (https://developers.facebook.com/docs/page-stories-api). Each says which picture or video
 * is in it, and that one's id is known before the story is made: it is recognised without guessing.
 */
import { HOUR } from '../../core/clock.ts';
import { CarillonError } from '../../core/errors.ts';
import type { PublishContext } from '../../core/publisher.ts';
import { ask, inStep, type MetaSession } from '../meta/ask.ts';
import { type ReadStory, stories } from './answers.ts';
import type { StoryMedia } from './checkpoint.ts';

/** A story is gone after a day; where the page keeps no archive it leaves the list then, which is not relied on to its end. */
export const STORY_LIST_MS = 23 * HOUR;
const PAGE_STORIES = 100;
/** More than three hundred stories of a day are not read through; then nothing is proven. */
const PAGES_MAX = 3;

/** Throws MetaFailure. */
export async function lookForStory(
  session: MetaSession,
  pageId: string,
  { id }: StoryMedia,
  signal: AbortSignal,
): Promise<ReadStory | 'not there' | 'cannot tell'> {
  let cursor: string | undefined;
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const query = { limit: String(PAGE_STORIES), ...(cursor ? { after: cursor } : {}) };
    const call = { method: 'GET', path: `${pageId}/stories`, query } as const;
    const { data, paging } = await ask(session, call, stories, signal);
    const story = data.find(({ media_id }) => media_id === id);
    if (story) return story;
    cursor = paging?.next === undefined ? undefined : paging.cursors?.after;
    if (cursor === undefined) return 'not there';
  }
  return 'cannot tell';
}

/** Where a story is shown; a missing address is no failure. */
export async function findStoryUrl(
  session: MetaSession,
  pageId: string,
  media: StoryMedia,
  { log, signal }: Pick<PublishContext, 'log' | 'signal'>,
): Promise<string | undefined> {
  try {
    const story = await inStep(session, 'read', () => lookForStory(session, pageId, media, signal));
    return typeof story === 'object' ? (story.url ?? undefined) : undefined;
  } catch (error) {
    if (!(error instanceof CarillonError) || error.kind === 'Bug') throw error;
    log.info(
      { mediaId: media.id, err: error },
      'the address of the story could not be read; it is published',
    );
    return undefined;
  }
}
