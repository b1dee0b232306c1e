/**
 * Looks on the blog for a post whose creation got no answer. Tumblr has no key that would make a request recognisable, so
 * what was meant is compared with what is there: the words, the number of media, the link card, the time.
 */
import { after, MINUTE, SECOND } from '../../core/clock.ts';
import type { ReconcileContext } from '../../core/publisher.ts';
import type { Intent } from '../../core/words.ts';
import { postList, type ReadPost } from './answers.ts';
import { ask, type TumblrSession } from './ask.ts';
import { TumblrFailure } from './failure.ts';

/** Clocks differ: a signature whose time is minutes off is refused, so what was accepted cannot be further away. */
const CLOCK_DIFFERENCE_MS = 6 * MINUTE;
/** https://github.com/tumblr/docs/blob/master/api.md#posts--retrieve-published-posts: at most 20 a page. */
const PAGE_POSTS = 20;
/** A user may publish 250 posts a day; what is older than these is not of the last minutes. */
const PAGES_MAX = 13;

/** `unpublished`: it is there, but in the queue or among the drafts. */
type Found = { readonly id: string; readonly url?: string } | 'unpublished' | 'not there' | 'cannot tell';

/** Reads the posts since shortly before `since` and compares, then queue and drafts. Throws TumblrFailure. */
export async function lookForPost(
  session: TumblrSession,
  since: Date,
  { intent, isTaken, signal }: Pick<ReconcileContext, 'intent' | 'isTaken' | 'signal'>,
): Promise<Found> {
  const begin = after(since, -CLOCK_DIFFERENCE_MS);
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const query = { npf: 'true', limit: String(PAGE_POSTS), offset: String(page * PAGE_POSTS) };
    const posts = await readPosts(session, 'posts', query, signal);
    // The oldest of several: a double of later must not hide which one this was.
    const same = posts.filter((post) => isSince(post, begin) && isSame(post, intent)).reverse();
    // Pictures without words, or words that were meant twice, look alike: what another post of ours is known to be is not this one.
    for (const { id_string: id, post_url: url } of same) {
      if (!(await isTaken?.(id))) return { id, ...(url ? { url } : {}) };
    }
    const last = posts.at(-1);
    // A pinned post stands first whatever its age, so the last one tells how far back the page reaches.
    if (!last || posts.length < PAGE_POSTS || !isSince(last, begin)) {
      return (await isWaiting(session, intent, signal)) ? 'unpublished' : 'not there';
    }
  }
  return 'cannot tell';
}

/** True when it landed in the queue or among the drafts: the newest page of each is enough for what was made just now. */
async function isWaiting(session: TumblrSession, intent: Intent, signal: AbortSignal): Promise<boolean> {
  const queue = await readPosts(session, 'posts/queue', { npf: 'true', limit: String(PAGE_POSTS) }, signal);
  const drafts = await readPosts(session, 'posts/draft', { npf: 'true' }, signal);
  return [...queue, ...drafts].some((post) => isSame(post, intent));
}

async function readPosts(
  session: TumblrSession,
  path: string,
  query: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<readonly ReadPost[]> {
  const call = { method: 'GET', path: `blog/${session.blog}/${path}`, query } as const;
  return (await ask(session, call, postList, signal)).response.posts;
}

/** The one post with this id; undefined while the blog does not show it. Throws TumblrFailure. */
export async function findPost(
  session: TumblrSession,
  id: string,
  signal: AbortSignal,
): Promise<ReadPost | undefined> {
  try {
    const posts = await readPosts(session, 'posts', { id, npf: 'true' }, signal);
    return posts.find((post) => post.id_string === id);
  } catch (error) {
    const isMissing =
      error instanceof TumblrFailure && error.facts.status === 404 && error.facts.problem?.isTumblr;
    if (isMissing) return undefined;
    throw error;
  }
}

/** True for a post that everybody sees. */
export function isPublished({ state }: ReadPost): boolean {
  return !state || state === 'published' || state === 'private';
}

function isSince({ timestamp }: ReadPost, begin: Date): boolean {
  return timestamp === undefined || timestamp === null || timestamp * SECOND >= begin.getTime();
}

function isSame({ content }: ReadPost, intent: Intent): boolean {
  const of = (...types: readonly string[]) => content.filter(({ type }) => types.includes(type));
  const text = of('text')
    .map((block) => block.text ?? '')
    .join(' ');
  const card = of('link')[0]?.url ?? undefined;
  return (
    of('image', 'video').length === intent.mediaCount &&
    readable(text) === readable(intent.text) &&
    isSameLink(card, intent.link)
  );
}

/** A form in which equal texts are equal: normalised, single spaces. */
function readable(text: string): string {
  return text.normalize('NFC').replace(/\s+/gu, ' ').trim();
}

/** Tumblr leads links through servers of its own, and may follow them to their final form. */
function isSameLink(found: string | undefined, meant: string | undefined): boolean {
  if (found === undefined || meant === undefined) return found === meant;
  return plainLink(found) === plainLink(meant);
}

/** Host and path, without what differs between two forms of one address. */
function plainLink(link: string): string {
  if (!URL.canParse(link)) return link;
  const url = new URL(link);
  const target = url.hostname === 't.umblr.com' ? url.searchParams.get('z') : undefined;
  if (target && URL.canParse(target)) return plainLink(target);
  return `${url.host.replace(/^www\./, '')}${url.pathname}`.replace(/\/$/, '');
}
