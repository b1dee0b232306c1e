/**
 * Looks among the account's media for one whose publishing got no answer with an id. What was meant is compared with what is
 * there: the caption, whether it is a carousel, the time.
 */
import { after, MINUTE, SECOND } from '../../core/clock.ts';
import type { ReconcileContext } from '../../core/publisher.ts';
import type { Intent } from '../../core/words.ts';
import { ask, type MetaSession } from '../meta/ask.ts';
import { mediaList, type ReadMedia } from './answers.ts';

/** Clocks differ: a medium may bear a time before we sent it. */
const CLOCK_DIFFERENCE_MS = 5 * MINUTE;
const PAGE_MEDIA = 100;
/** An account publishes a hundred a day; three pages are more than there can be. */
const PAGES_MAX = 3;

/** Throws MetaFailure. */
export async function lookForMedia(
  session: MetaSession,
  userId: string,
  since: Date,
  { intent, isTaken, signal }: Pick<ReconcileContext, 'intent' | 'isTaken' | 'signal'>,
): Promise<ReadMedia | 'not there' | 'cannot tell'> {
  const begin = after(since, -CLOCK_DIFFERENCE_MS);
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
