/**
 * Looks on the page for a post whose creation got no answer. Facebook has no key that would make a request recognisable, so what
 * was meant is compared with what is there: the words, the kind and number of attachments, the time.
 */
import type { z } from 'zod';
import { after, MINUTE, SECOND } from '../../core/clock.ts';
import type { ReconcileContext } from '../../core/publisher.ts';
import type { Intent } from '../../core/words.ts';
import { ask, type MetaSession } from '../meta/ask.ts';
import { posts, type ReadPost, type ReadVideo, videos } from './answers.ts';

/** Clocks differ: a post may bear a time before we sent it. */
export const CLOCK_DIFFERENCE_MS = 5 * MINUTE;
/** https://developers.facebook.com/docs/graph-api/reference/page/feed: at most 100 a page. */
export const PAGE_POSTS = 100;
/** More than five hundred posts within minutes are not read through; then nothing is proven. */
const PAGES_MAX = 5;

export type Found<T> = T | 'not there' | 'cannot tell';

type Session = Pick<MetaSession, 'client' | 'clock' | 'network'>;
type What = Pick<ReconcileContext, 'intent' | 'isTaken' | 'signal'>;

/** The post of text, link or pictures. Throws MetaFailure. */
export function lookForPost(
  session: Session,
  pageId: string,
  since: Date,
  what: What,
): Promise<Found<ReadPost>> {
  const fields = 'id,message,created_time,attachments{media_type,url,unshimmed_url,subattachments}';
  return look(
    session,
    { path: `${pageId}/published_posts`, fields, shape: posts, hasSince: true },
    since,
    what,
    {
      compare: comparePost,
    },
  );
}

/** The feed video. Throws MetaFailure. */
export function lookForVideo(
  session: Session,
  pageId: string,
  since: Date,
  what: What,
): Promise<Found<ReadVideo>> {
  const fields = 'id,description,created_time,permalink_url,status';
  return look(session, { path: `${pageId}/videos`, fields, shape: videos, hasSince: false }, since, what, {
    compare: (video, { text }) => (readable(video.description) === readable(text) ? 'same' : 'other'),
  });
}

interface List<T> {
  readonly path: string;
  readonly fields: string;
  readonly shape: z.ZodType<{
    data: T[];
    paging?: { cursors?: { after?: string | undefined } | undefined; next?: string | undefined } | undefined;
  }>;
  /** The list can be bounded by time; otherwise it is read, newest first, until it is older. */
  readonly hasSince: boolean;
}

type Likeness = 'same' | 'other' | 'perhaps';

interface Listed {
  readonly id: string;
  readonly created_time?: string | null | undefined;
}

async function look<T extends Listed>(
  session: Session,
  { path, fields, shape, hasSince }: List<T>,
  since: Date,
  { intent, isTaken, signal }: What,
  { compare }: { compare(item: T, intent: Intent): Likeness },
): Promise<Found<T>> {
  const begin = after(since, -CLOCK_DIFFERENCE_MS);
  let cursor: string | undefined;
  let perhaps = false;
  let match: T | undefined;
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const query = {
      fields,
      limit: String(PAGE_POSTS),
      ...(hasSince ? { since: String(Math.floor(begin.getTime() / SECOND)) } : {}),
      ...(cursor ? { after: cursor } : {}),
    };
    const { data, paging } = await ask(session, { method: 'GET', path, query }, shape, signal);
    const recent = data.filter((item) => isSince(item, begin));
    for (const item of recent) {
      const likeness = compare(item, intent);
      // Pictures without words, or words that were meant twice, look alike: what another post of ours is known to be is not this one.
      if (likeness === 'other' || (await isTaken?.(item.id))) continue;
      // The oldest of several: a double of later must not hide which one this was.
      if (likeness === 'same') match = item;
      else perhaps = true;
    }
    const isOlder = data.length > 0 && recent.length < data.length;
    cursor = paging?.next === undefined ? undefined : paging.cursors?.after;
    if (cursor === undefined || isOlder) {
      if (match) return match;
      return perhaps ? 'cannot tell' : 'not there';
    }
  }
  return match ?? 'cannot tell';
}

function isSince({ created_time }: Pick<Listed, 'created_time'>, begin: Date): boolean {
  // Without a time the window of the request has to do.
  return !created_time || !(new Date(readableTime(created_time)) < begin);
}

/** Facebook writes the zone as +0000, which is no form that every parser knows. */
function readableTime(time: string): string {
  return time.replace(/([+-]\d\d)(\d\d)$/, '$1:$2');
}

/**
 * A link's address may come back as the one that the page at it names for itself; so with the same words any link card will do,
 * and without words another address leaves a doubt.
 */
function comparePost({ message, attachments }: ReadPost, { text, link, mediaCount }: Intent): Likeness {
  if (readable(message) !== readable(text)) return 'other';
  const all = attachments?.data ?? [];
  const pictures = all.reduce((sum, each) => sum + picturesIn(each), 0);
  if (link === undefined) return pictures === mediaCount ? 'same' : 'other';
  const cards = all.filter((each) => picturesIn(each) === 0);
  if (cards.length === 0) return pictures === 0 && text.trim() !== '' ? 'same' : 'other';
  if (cards.some((card) => plainLink(card.unshimmed_url ?? card.url ?? '') === plainLink(link)))
    return 'same';
  return text.trim() === '' ? 'perhaps' : 'same';
}

type Attachment = NonNullable<ReadPost['attachments']>['data'][number];

function picturesIn({ media_type, subattachments }: Attachment): number {
  if (subattachments) return subattachments.data.length;
  return media_type === 'photo' || media_type === 'video' ? 1 : 0;
}

/** A form in which equal texts are equal: normalised, single spaces. */
function readable(text: string | null | undefined): string {
  return (text ?? '').normalize('NFC').replace(/\s+/gu, ' ').trim();
}

function plainLink(link: string): string {
  if (!URL.canParse(link)) return link;
  const { host, pathname, search } = new URL(link);
  return `${host}${pathname}${search}`.replace(/\/$/, '');
}
