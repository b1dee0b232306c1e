/**
 * Looks on the board for a pin whose creation got no answer. Pinterest has no key that would make a request recognisable, so
 * what was meant is compared with what is there: title and description, the link, the kind and number of media, the time.
 */
import { after, MINUTE } from '../../core/clock.ts';
import type { ReconcileContext } from '../../core/publisher.ts';
import type { Intent } from '../../core/words.ts';
import { pinList, type ReadPin } from './answers.ts';
import { ask, type PinterestSession } from './ask.ts';

/** Clocks differ: a pin may bear a time before we sent it. */
const CLOCK_DIFFERENCE_MS = 6 * MINUTE;
/** https://developers.pinterest.com/docs/reference/pagination/: at most 250 a page. */
const PAGE_PINS = 250;
/** The order of a board is not documented and can be changed by hand, so an absence is proven by all of it; this is 5,000 pins. */
const PAGES_MAX = 20;

type Found = { readonly id: string } | 'not there' | 'cannot tell';

/** Reads the board and compares. Throws PinterestFailure. */
export async function lookForPin(
  session: PinterestSession,
  boardId: string,
  since: Date,
  { intent, isTaken, signal }: Pick<ReconcileContext, 'intent' | 'isTaken' | 'signal'>,
): Promise<Found> {
  const begin = after(since, -CLOCK_DIFFERENCE_MS);
  let bookmark: string | null | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const query = { page_size: String(PAGE_PINS), ...(bookmark ? { bookmark } : {}) };
    const call = { method: 'GET', path: `boards/${boardId}/pins`, query } as const;
    const answer = await ask(session, call, pinList, signal);
    const same = answer.items.filter((pin) => isSince(pin, begin) && isSame(pin, intent));
    // Pictures without words, or words that were meant twice, look alike: what another pin of ours is known to be is not this one.
    for (const { id } of same.toSorted(oldestFirst)) if (!(await isTaken?.(id))) return { id };
    bookmark = answer.bookmark;
    if (!bookmark) return 'not there';
  }
  return 'cannot tell';
}

/** Pinterest writes UTC without saying so. */
function timeOf({ created_at: at }: ReadPin): number {
  if (!at) return Number.NaN;
  return new Date(/(?:Z|[+-]\d\d:?\d\d)$/.test(at) ? at : `${at}Z`).getTime();
}

function isSince(pin: ReadPin, begin: Date): boolean {
  // Without a time the rest has to do.
  return !(timeOf(pin) < begin.getTime());
}

/** A double of later must not hide which one this was. */
function oldestFirst(a: ReadPin, b: ReadPin): number {
  return (timeOf(a) || 0) - (timeOf(b) || 0);
}

function isSame(pin: ReadPin, intent: Intent): boolean {
  const meant = readable(intent.text);
  const title = readable(pin.title ?? '');
  const description = readable(pin.description ?? '');
  // Pinterest may take a title from the page at the link.
  const isText = meant === description || meant === readable(`${title} ${description}`);
  return isText && isSameLink(pin.link ?? undefined, intent.link) && mediaFits(pin, intent.mediaCount);
}

function mediaFits({ media }: ReadPin, count: number): boolean {
  const type = media?.media_type;
  // Right after its creation a pin may not say yet what it shows.
  if (!type) return true;
  if (!type.startsWith('multiple_')) return count === 1;
  return media?.items ? media.items.length === count : count > 1;
}

/** A form in which equal texts are equal: normalised, single spaces. */
function readable(text: string): string {
  return text.normalize('NFC').replace(/\s+/gu, ' ').trim();
}

function isSameLink(found: string | undefined, meant: string | undefined): boolean {
  // A pin without a link may be given an empty one.
  if (!found || !meant) return !found === !meant;
  return plainLink(found) === plainLink(meant);
}

/** Host and path, without what differs between two forms of one address. */
function plainLink(link: string): string {
  if (!URL.canParse(link)) return link;
  const { host, pathname } = new URL(link);
  return `${host.replace(/^www\./, '')}${pathname}`.replace(/\/$/, '');
}
