/**
 * Which medium an address leads to. Its shortcode is no id, and no call takes one, so it is looked for among what the account has
 * published since.
 */
import { after, SECOND } from '../../core/clock.ts';
import type { LocateContext, Located } from '../../core/publisher.ts';
import { ask, type MetaSession } from '../meta/ask.ts';
import { mediaList } from './answers.ts';
import { CLOCK_DIFFERENCE_MS, PAGE_MEDIA } from './readback.ts';

/** Throws MetaFailure. */
export async function locate(
  { session, userId }: { readonly session: MetaSession; readonly userId: string },
  { url, sentAt, signal }: Pick<LocateContext, 'url' | 'sentAt' | 'signal'>,
): Promise<Located> {
  if (!/(?:^|\.)instagram\.com$/.test(url.hostname)) return 'no address';
  if (url.pathname.startsWith('/share/')) return 'not found';
  const name = nameIn(url.pathname);
  if (!name) return 'no address';
  const since = String(Math.floor(after(sentAt, -CLOCK_DIFFERENCE_MS).getTime() / SECOND));
  const query = {
    fields: 'id,shortcode,permalink',
    limit: String(PAGE_MEDIA),
    // The list of stories ends by itself after a day, and knows no such bound.
    ...(name.edge === 'media' ? { since } : {}),
  };
  const call = { method: 'GET', path: `${userId}/${name.edge}`, query } as const;
  const { data } = await ask(session, call, mediaList, signal);
  const found = data.find(
    ({ shortcode, permalink }) =>
      shortcode === name.name ||
      (permalink && URL.canParse(permalink) && nameIn(new URL(permalink).pathname)?.name === name.name),
  );
  return found ? { id: found.id } : 'not found';
}

/** The part of an address by which Instagram tells its media apart, and the list that they are in. */
function nameIn(path: string): { readonly edge: 'media' | 'stories'; readonly name: string } | undefined {
  const story = /^\/stories\/[^/]+\/(\d+)/.exec(path)?.[1];
  if (story) return { edge: 'stories', name: story };
  const code = /^\/(?:[^/]+\/)?(?:p|reels?|tv)\/([\w-]+)/.exec(path)?.[1];
  return code ? { edge: 'media', name: code } : undefined;
}
