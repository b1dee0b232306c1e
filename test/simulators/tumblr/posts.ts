/** The posts of one blog: published, queued, drafted, or waiting for their video to be transcoded. */
import type { FileOptions } from '../files.ts';
import type { createAllowances } from './allowances.ts';
import type { CheckedPost } from './npf.ts';
import { invalid, notFound, refusal } from './refusal.ts';

export interface SimulatedPost extends CheckedPost {
  readonly id: string;
  readonly createdAt: Date;
  /** The video is transcoded by then; before, nobody sees the post. */
  readonly readyAt: number;
}

export interface PostOptions extends FileOptions {
  /** How long a video is transcoded, in milliseconds. */
  transcodingMs: number;
  /** Posts appear on the blog after this time, in milliseconds. */
  lagMs: number;
  /** True: links of cards lead through Tumblr's own server. */
  redirectsLinks: boolean;
  /** What comes of `published`: a blog may be set so that posts wait. */
  becomes: 'published' | 'queue' | 'draft';
  /** False: the answer to a creation holds the id alone, as the documentation shows. */
  tellsState: boolean;
  /** The notes of every post; more than `NOTES_PAGE` replies come in several pages. */
  notes: { readonly likes: number; readonly reblogs: number; readonly replies: number };
}

export function createPosts(
  blog: { readonly name: string; readonly url: string },
  firstId: bigint,
  now: () => number,
  allowances: ReturnType<typeof createAllowances>,
  options: PostOptions,
) {
  const all: SimulatedPost[] = [];
  const { left, use } = allowances;
  let last = firstId;

  const isShown = (post: SimulatedPost): boolean =>
    post.readyAt <= now() && post.createdAt.getTime() + options.lagMs <= now();

  return {
    all,

    create(checked: CheckedPost): unknown {
      const videos = checked.files.filter(({ kind }) => kind === 'video').length;
      const photos = checked.files.length - videos;
      if (left('posts') < 1) throw refusal(403, 'You have reached your post limit for the day.', 8023);
      if (photos > left('photos')) throw refusal(403, 'You cannot upload more media today.', 8004);
      if (videos > left('videos')) throw refusal(403, 'You cannot upload more videos today.', 8011);
      if (videos > 0 && all.some(({ readyAt }) => readyAt > now()))
        throw refusal(403, 'A video is still transcoding.', 8010);
      use('posts', 1);
      use('photos', photos);
      use('videos', videos);
      last += 1n;
      const id = String(last);
      const state = checked.state === 'published' ? options.becomes : checked.state;
      const readyAt = videos > 0 ? now() + options.transcodingMs : now();
      all.push({ ...checked, state, id, createdAt: new Date(now()), readyAt });
      const told = readyAt > now() ? 'transcoding' : state;
      return { id, ...(options.tellsState ? { state: told, display_text: `Posted to ${blog.name}` } : {}) };
    },

    remove(id: string): unknown {
      const index = all.findIndex((each) => each.id === id);
      if (index < 0) throw notFound();
      all.splice(index, 1);
      return { id };
    },

    notes(query: URLSearchParams): unknown {
      for (const name of query.keys()) if (!NOTES_QUERY.includes(name)) throw invalid(`no parameter ${name}`);
      if (query.get('mode') !== 'conversation')
        throw invalid('likes and reblogs are added up in conversations');
      const post = all.find(({ id }) => id === query.get('id'));
      if (!post || !isShown(post)) throw notFound();
      const { likes, reblogs, replies } = options.notes;
      const listed = Math.min(replies, NOTES_PAGE);
      return {
        notes: Array.from({ length: listed }, (_, index) => ({
          type: 'reply',
          timestamp: index,
          blog_name: 'other-blog',
          reply_text: 'Ding',
        })),
        rollup_notes: [],
        total_notes: likes + reblogs + replies,
        total_likes: likes,
        total_reblogs: reblogs,
        ...(listed < replies ? { _links: { next: { href: '/v2/next', method: 'GET' } } } : {}),
      };
    },

    list(which: 'published' | 'queue' | 'draft', query: URLSearchParams): unknown {
      const allowed = which === 'published' ? PUBLISHED_QUERY : which === 'queue' ? QUEUE_QUERY : DRAFT_QUERY;
      for (const name of query.keys()) if (!allowed.includes(name)) throw invalid(`no parameter ${name}`);
      if (query.get('npf') !== 'true') throw invalid('the legacy format is not spoken here');
      const limit = Number(query.get('limit') ?? 20);
      if (!Number.isInteger(limit) || limit < 1 || limit > 20) throw invalid('limit: 1 to 20');
      if (query.has('before') && query.has('offset')) throw invalid('before and offset exclude each other');
      const id = query.get('id');
      const shown = all.filter((post) => post.state === which && isShown(post)).reverse();
      if (id !== null) {
        const found = shown.find((post) => post.id === id);
        if (!found) throw notFound();
        return { blog, posts: [read(found)], total_posts: 1 };
      }
      const offset = Number(query.get('offset') ?? 0);
      return { blog, posts: shown.slice(offset, offset + limit).map(read), total_posts: shown.length };
    },
  };

  function read(post: SimulatedPost): object {
    return {
      object_type: 'post',
      type: 'blocks',
      is_blocks_post_format: true,
      blog_name: blog.name,
      // A number of 64 bits, as Tumblr sends it: its last digits do not survive JSON.parse.
      id: Number(post.id),
      id_string: post.id,
      post_url: `${blog.url}post/${post.id}`,
      timestamp: Math.floor(post.createdAt.getTime() / 1000),
      state: post.state,
      tags: post.tags,
      content: post.blocks.map(readBlock),
      layout: [],
      trail: [],
    };
  }

  function readBlock(block: Record<string, unknown>): object {
    if (block.type === 'link' && options.redirectsLinks) {
      const url = `https://t.umblr.com/redirect?z=${encodeURIComponent(String(block.url))}&t=abc`;
      return { ...block, url, display_url: block.url, site_name: 'example' };
    }
    if (block.type === 'image')
      return {
        ...block,
        media: [{ type: 'image/jpeg', url: 'https://64.media.tumblr.com/x.jpg', width: 540, height: 405 }],
      };
    if (block.type === 'video')
      return {
        ...block,
        provider: 'tumblr',
        media: { type: 'video/mp4', url: 'https://va.media.tumblr.com/x.mp4' },
      };
    return block;
  }
}

const NOTES_QUERY = ['id', 'mode', 'before_timestamp'];
const NOTES_PAGE = 50;
const PUBLISHED_QUERY = ['npf', 'limit', 'offset', 'before', 'after', 'sort', 'id'];
const QUEUE_QUERY = ['npf', 'limit', 'offset'];
const DRAFT_QUERY = ['npf', 'before_id'];
