/**
 * Looks on the timeline for a post whose creation got no answer. X has no key that would make a request recognisable, so
 * what was meant is compared with what is there: the text with its links expanded, the number of media, the time.
 */
import { after, MINUTE } from '../../core/clock.ts';
import type { ReconcileContext } from '../../core/publisher.ts';
import type { Intent } from '../../core/words.ts';
import { type ReadPost, timeline } from './answers.ts';
import { ask, type XSession } from './ask.ts';
import { XFailure } from './failure.ts';
import { replaceLinks } from './text.ts';

/**
 * Clocks differ: a post may bear a time before we sent it. X refuses a signature whose time is more than five minutes off, so
 * what it accepted cannot be further away.
 */
const CLOCK_DIFFERENCE_MS = 6 * MINUTE;
/** https://docs.x.com/x-api/posts/user-posts-timeline-by-user-id: at most 100 a page. */
const PAGE_POSTS = 100;
/** More than five hundred posts within minutes are not read through: each costs money, and then nothing is proven. */
const PAGES_MAX = 5;
/** Old name first: prose and libraries still use it; the published description says `post.fields` since August 2026. */
export const FIELD_PARAMETERS = ['tweet.fields', 'post.fields'] as const;
const NOTE_FIELD = { 'tweet.fields': 'note_tweet', 'post.fields': 'note_post' } as const;

type Found = { readonly id: string } | 'not there' | 'cannot tell';

/** Reads the posts since shortly before `since` and compares. Throws XFailure. */
export async function lookForPost(
  session: XSession,
  userId: string,
  since: Date,
  context: Pick<ReconcileContext, 'intent' | 'parts' | 'isTaken' | 'signal'>,
): Promise<Found> {
  const begin = after(since, -CLOCK_DIFFERENCE_MS);
  const meant = readable(context.intent.text);
  // X counts words that begin with a mention among the replies; leaving those out would hide the post.
  const isLikeReply = context.parts !== undefined || meant.startsWith('@');
  let page: string | undefined;
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const answer = await readPage(session, userId, { begin, page, isLikeReply }, context.signal);
    // The oldest of several: a double of later must not hide which one this was.
    const same = answer.posts
      .filter((post) => isSince(post, begin) && isInPlace(post, context.parts))
      .filter((post) => isSame(post, meant, context.intent))
      .reverse();
    // Pictures without words, or words that were meant twice, look alike: what another post of ours is known to be is not this one.
    for (const post of same) if (!(await context.isTaken?.(post.id))) return { id: post.id };
    page = answer.next;
    if (page === undefined) return 'not there';
  }
  return 'cannot tell';
}

function isSince({ created_at }: ReadPost, begin: Date): boolean {
  // Without a time the window of the request has to do.
  return !created_at || !(new Date(created_at) < begin);
}

interface Window {
  readonly begin: Date;
  readonly page: string | undefined;
  readonly isLikeReply: boolean;
}

async function readPage(session: XSession, userId: string, window: Window, signal: AbortSignal) {
  const { begin, page, isLikeReply } = window;
  let refused: unknown;
  for (const parameter of FIELD_PARAMETERS) {
    const query = {
      max_results: String(PAGE_POSTS),
      // Whole seconds: that is what the documentation shows.
      start_time: `${begin.toISOString().slice(0, 19)}Z`,
      exclude: isLikeReply ? 'retweets' : 'retweets,replies',
      [parameter]: `created_at,entities,attachments,conversation_id,${NOTE_FIELD[parameter]}`,
      ...(page ? { pagination_token: page } : {}),
    };
    try {
      const { data = [], meta } = await ask(
        session,
        { method: 'GET', path: `users/${userId}/tweets`, query },
        timeline,
        signal,
      );
      // A server that knows only the other name leaves the fields out instead of refusing.
      const isUnderstood = data.every((post) => post.created_at);
      if (isUnderstood || parameter === 'post.fields') return { posts: data, next: meta?.next_token };
    } catch (error) {
      if (!(error instanceof XFailure) || error.facts.status !== 400) throw error;
      refused ??= error;
    }
  }
  throw refused;
}

/** A first post begins a conversation, which bears its id; the other parts of a thread belong to that of the first. */
function isInPlace({ id, conversation_id }: ReadPost, parts: ReconcileContext['parts'] = []): boolean {
  const conversation = parts[0]?.id ?? id;
  return (conversation_id ?? conversation) === conversation && parts.every((part) => part.id !== id);
}

function isSame(post: ReadPost, meant: string, intent: Intent): boolean {
  return mediaCount(post) === intent.mediaCount && readable(textOf(post)) === meant;
}

/** The full text with each t.co link expanded; the link that X adds for the media is left out. */
function textOf(post: ReadPost): string {
  const note = post.note_post ?? post.note_tweet;
  const urls = [...(note?.entities?.urls ?? []), ...(post.entities?.urls ?? [])];
  let text = unescapeHtml(note?.text ?? post.text);
  for (const { url, expanded_url, media_key } of urls) {
    if (!url) continue;
    const isMedia = Boolean(media_key) || MEDIA_LINK.test(expanded_url ?? '');
    text =
      isMedia && text.trimEnd().endsWith(url)
        ? text.trimEnd().slice(0, -url.length)
        : text.split(url).join(expanded_url ?? url);
  }
  return text;
}

const MEDIA_LINK = /^https?:\/\/(?:www\.)?(?:x|twitter)\.com\/[^/]+\/status\/\d+\/(?:photo|video)\/\d+$/;

function mediaCount({ attachments, entities }: ReadPost): number {
  if (attachments?.media_keys) return attachments.media_keys.length;
  return (entities?.urls ?? []).filter(({ media_key }) => media_key).length;
}

/** X gives the three characters that have a meaning in HTML as entities. */
function unescapeHtml(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** A form in which equal texts are equal: normalised, single spaces, links without scheme and closing slash. */
function readable(text: string): string {
  return replaceLinks(text.normalize('NFC'), plainLink).replace(/\s+/gu, ' ').trim();
}

/** X writes some characters of a link in another form; a parsed address has only one. */
function plainLink(link: string): string {
  const address = /^https?:\/\//i.test(link) ? link : `http://${link}`;
  if (!URL.canParse(address)) return link;
  const { host, pathname, search, hash } = new URL(address);
  return `${host}${pathname}${search}${hash}`.replace(/\/$/, '');
}
