/**
 * Looks among the account's media for one whose publishing got no answer with an id. What was meant is compared with what is
 * there: the caption, whether it is a carousel, the time. Stories have a list of their own, and nothing but their time.
 */
import { after, HOUR, MINUTE, SECOND } from '../../core/clock.ts';
import type { ReconcileContext } from '../../core/publisher.ts';
import type { Intent } from '../../core/words.ts';
import { ask, type MetaSession } from '../meta/ask.ts';
import { mediaList, type ReadMedia } from './answers.ts';

/** Clocks differ: a medium may bear a time before we sent it. */
export const CLOCK_DIFFERENCE_MS = 5 * MINUTE;
export const PAGE_MEDIA = 100;
/** An account publishes a hundred a day; three pages are more than there can be. */
const PAGES_MAX = 3;

/** https://developers.facebook.com/docs/instagram-platform/reference/ig-user/stories: those of 24 hours; not relied on to the end. */
export const STORY_LIST_MS = 23 * HOUR;

type What = Pick<ReconcileContext, 'intent' | 'isTaken' | 'signal'>;
type Found = ReadMedia | 'not there' | 'cannot tell';

/** Throws MetaFailure. */
export function lookForMedia(session: MetaSession, userId: string, since: Date, what: What): Promise<Found> {
  const begin = after(since, -CLOCK_DIFFERENCE_MS);
  return what.intent.format === 'story'
    ? lookForStory(session, userId, begin, what)
    : lookInFeed(session, userId, begin, what);
}

/** One story of the time is ours; of several, nobody can tell which. */
async function lookForStory(
  session: MetaSession,
  userId: string,
  begin: Date,
  { isTaken, signal }: What,
): Promise<Found> {
  const query = { fields: 'id,timestamp,permalink', limit: String(PAGE_MEDIA) };
  const call = { method: 'GET', path: `${userId}/stories`, query } as const;
  const { data, paging } = await ask(session, call, mediaList, signal);
  const recent = data.filter((each) => isSince(each, begin));
  const others = await Promise.all(recent.map(async ({ id }) => (await isTaken?.(id)) ?? false));
  const [match, ...more] = recent.filter((_, index) => !others[index]);
  // An account publishes a hundred a day at most; a longer list proves nothing.
  if (more.length > 0 || paging?.next !== undefined) return 'cannot tell';
  return match ?? 'not there';
}

async function lookInFeed(
  session: MetaSession,
  userId: string,
  begin: Date,
  { intent, isTaken, signal }: What,
): Promise<Found> {
  let match: ReadMedia | undefined;
  let cursor: string | undefined;
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const query = {
      fields: 'id,caption,timestamp,permalink,media_type',
      since: String(Math.floor(begin.getTime() / SECOND)),
      limit: String(PAGE_MEDIA),
      ...(cursor ? { after: cursor } : {}),
    };
    const call = { method: 'GET', path: `${userId}/media`, query } as const;
    const { data, paging } = await ask(session, call, mediaList, signal);
    for (const each of data) {
      if (!isSince(each, begin) || !isSame(each, intent)) continue;
      // Newest first: the oldest of several is taken, so that a double of later does not hide which one this was. What another
      // post of ours is known to be is not this one.
      if (!(await isTaken?.(each.id))) match = each;
    }
    cursor = paging?.next === undefined ? undefined : paging.cursors?.after;
    if (cursor === undefined) return match ?? 'not there';
  }
  return match ?? 'cannot tell';
}

function isSince({ timestamp }: ReadMedia, begin: Date): boolean {
  // Without a time the window of the request has to do. The zone is written as +0000, which not every parser knows.
  return !timestamp || !(new Date(timestamp.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')) < begin);
}

function isSame({ caption, media_type }: ReadMedia, { text, mediaCount }: Intent): boolean {
  return (media_type === 'CAROUSEL_ALBUM') === mediaCount > 1 && readable(caption) === readable(text);
}

/** A form in which equal texts are equal: normalised, single spaces. */
function readable(text: string | null | undefined): string {
  return (text ?? '').normalize('NFC').replace(/\s+/gu, ' ').trim();
}
