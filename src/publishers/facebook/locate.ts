/**
 * Which post an address leads to. Some have its number in them; others a word (`pfbid…`) that no call takes, and are looked for among
 * what the page has published since.
 */
import { after, SECOND } from '../../core/clock.ts';
import type { LocateContext, Located } from '../../core/publisher.ts';
import { ask, type MetaSession } from '../meta/ask.ts';
import { posts, stories } from './answers.ts';
import { CLOCK_DIFFERENCE_MS, PAGE_POSTS } from './readback.ts';

interface Ports {
  readonly session: MetaSession;
  readonly pageId: string;
}

/** Throws MetaFailure. */
export async function locate(
  ports: Ports,
  context: Pick<LocateContext, 'url' | 'sentAt' | 'signal'>,
): Promise<Located> {
  const { url } = context;
  if (/^fb\.(?:watch|me)$/.test(url.hostname)) return 'not found';
  if (!/(?:^|\.)facebook\.com$/.test(url.hostname)) return 'no address';
  if (url.pathname.startsWith('/share/')) return 'not found';
  if (url.pathname.startsWith('/stories/')) return findStory(ports, context);
  const name = nameIn(url);
  if (name === undefined) return 'no address';
  if (name.kind === 'video' || /^\d+_\d+$/.test(name.name)) return { id: name.name };
  if (name.kind === 'post' && /^\d+$/.test(name.name)) return { id: `${ports.pageId}_${name.name}` };
  return findPost(ports, name.name, context);
}

interface Name {
  /** A video's number is its id; a photo has a post whose number is another one. */
  readonly kind: 'post' | 'video' | 'photo';
  readonly name: string;
}

/** The part of an address by which Facebook tells what is published apart. */
function nameIn({ pathname, searchParams }: URL): Name | undefined {
  const path = pathname.replace(/\/+$/, '');
  const video = /\/(?:reels?|videos)\/(?:[^/]+\/)*(\d+)$/.exec(path)?.[1];
  if (video) return { kind: 'video', name: video };
  const watched = /^\/watch$/.test(path) ? searchParams.get('v') : null;
  if (watched) return { kind: 'video', name: watched };
  const photo = searchParams.get('fbid') ?? /\/photos\/(?:[^/]+\/)*(\d+)$/.exec(path)?.[1];
  if (photo) return { kind: 'photo', name: photo };
  const post =
    searchParams.get('story_fbid') ??
    /\/posts\/(?:[^/]+\/)*([\w]+)$/.exec(path)?.[1] ??
    /^\/(\d+_\d+)$/.exec(path)?.[1];
  return post ? { kind: 'post', name: post } : undefined;
}

async function findPost(
  { session, pageId }: Ports,
  name: string,
  context: Parameters<typeof locate>[1],
): Promise<Located> {
  const since = Math.floor(after(context.sentAt, -CLOCK_DIFFERENCE_MS).getTime() / SECOND);
  const query = { fields: 'id,permalink_url', limit: String(PAGE_POSTS), since: String(since) };
  const call = { method: 'GET', path: `${pageId}/published_posts`, query } as const;
  const { data } = await ask(session, call, posts, context.signal);
  const found = data.find(
    ({ permalink_url: link }) => link && URL.canParse(link) && nameIn(new URL(link))?.name === name,
  );
  return found ? { id: found.id } : 'not found';
}

async function findStory(
  { session, pageId }: Ports,
  { url, signal }: Parameters<typeof locate>[1],
): Promise<Located> {
  const query = { limit: String(PAGE_POSTS) };
  const { data } = await ask(session, { method: 'GET', path: `${pageId}/stories`, query }, stories, signal);
  const plain = (path: string): string => path.replace(/\/+$/, '');
  const found = data.find(
    (each) => each.url && URL.canParse(each.url) && plain(new URL(each.url).pathname) === plain(url.pathname),
  );
  return found ? { id: found.post_id } : 'not found';
}
