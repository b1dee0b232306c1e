/** What is on a simulated page: posts, photos (also those that nobody sees yet) and comments. Doubles show. */
import { createHash } from 'node:crypto';
import type { FileOptions } from '../files.ts';
import type { GraphRequest } from './graph.ts';
import { refuse, unknownObject } from './refusal.ts';

export interface SimulatedPhoto {
  readonly id: string;
  readonly type: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly alt?: string;
  readonly published: boolean;
  readonly at: number;
}

export interface SimulatedPost {
  readonly id: string;
  readonly message: string;
  readonly link?: string;
  readonly photos: readonly SimulatedPhoto[];
  readonly at: number;
}

export interface SimulatedComment {
  readonly on: string;
  readonly message: string;
}

export interface PostOptions extends FileOptions {
  /** `refused`: the same post twice in a row gets 506. */
  duplicates: 'refused' | 'allowed';
  /** A post is in the list only after so many milliseconds. */
  lagMs: number;
  /** What Facebook makes of a link's address when it is read back. */
  canonicalLink: (link: string) => string;
}

const PHOTO_LIFE_MS = 86_400_000;

/** The name of a post in its address; no call takes it. */
const wordOf = (id: string): string => `pfbid0${Buffer.from(id).toString('hex')}`;

export function createPosts(pageId: string, now: () => number, nextId: () => string, options: PostOptions) {
  let posts: SimulatedPost[] = [];
  const photos = new Map<string, SimulatedPhoto>();
  const comments: SimulatedComment[] = [];

  const addPost = (
    message: string,
    link: string | undefined,
    attached: readonly SimulatedPhoto[],
  ): SimulatedPost => {
    const previous = posts.at(-1);
    const isSame =
      previous?.message === message &&
      previous.link === link &&
      previous.photos.map((each) => each.sha256).join() === attached.map((each) => each.sha256).join();
    if (isSame && options.duplicates === 'refused')
      throw refuse(506, 'Duplicate status message', {
        error_user_msg: 'This post is identical to the last one you posted.',
      });
    const post: SimulatedPost = {
      id: `${pageId}_${nextId()}`,
      message,
      ...(link === undefined ? {} : { link }),
      photos: attached,
      at: now(),
    };
    posts.push(post);
    return post;
  };

  /** An uploaded photo that nobody sees yet. */
  const hidden = (id: string): SimulatedPhoto => {
    const photo = photos.get(id);
    if (!photo || photo.published || photo.at + PHOTO_LIFE_MS < now())
      throw refuse(100, `Invalid photo ${id}`);
    return photo;
  };

  const feed = ({ fields }: GraphRequest): unknown => {
    const ids = Object.entries(fields)
      .filter(([name]) => name.startsWith('attached_media['))
      .map(([name, value], index) => {
        if (name !== `attached_media[${index}]`) throw refuse(100, `Invalid order: ${name}`);
        return (JSON.parse(value) as { media_fbid: string }).media_fbid;
      });
    const attached = ids.map(hidden);
    const message = fields.message ?? '';
    if (message === '' && !fields.link && ids.length === 0) throw refuse(100, 'The post is empty');
    if (fields.link && ids.length > 0) throw refuse(100, 'A link beside attached media');
    return { id: addPost(message, fields.link, attached).id };
  };

  const photo = ({ fields, files }: GraphRequest): unknown => {
    const { source } = files;
    if (!source) throw refuse(324, 'Requires upload file');
    if (!/^image\/(jpeg|png|gif|bmp|tiff)$/.test(source.type))
      throw refuse(324, `Invalid type ${source.type}`);
    if (source.bytes.length > 10_000_000) throw refuse(1, 'The photo is too large');
    const isPublished = fields.published !== 'false';
    const made: SimulatedPhoto = {
      id: nextId(),
      type: source.type,
      sha256: createHash('sha256').update(source.bytes).digest('hex'),
      bytes: source.bytes.length,
      ...(fields.alt_text_custom ? { alt: fields.alt_text_custom } : {}),
      published: isPublished,
      at: now(),
    };
    if (!isPublished && fields.caption) throw refuse(100, 'A caption on an unpublished photo says nothing');
    options.onFile?.({ sha256: made.sha256, type: made.type, bytes: source.bytes });
    const post = isPublished ? addPost(fields.caption ?? '', undefined, [made]) : undefined;
    photos.set(made.id, made);
    return { id: made.id, ...(post ? { post_id: post.id } : {}) };
  };

  const readPost = (post: SimulatedPost): unknown => ({
    id: post.id,
    ...(post.message === '' ? {} : { message: post.message }),
    created_time: new Date(post.at).toISOString().replace(/\.\d+Z$/, '+0000'),
    permalink_url: `https://www.facebook.com/acmebells/posts/${wordOf(post.id)}`,
    ...(post.link === undefined && post.photos.length === 0
      ? {}
      : { attachments: { data: [attachmentOf(post)] } }),
  });
  const attachmentOf = ({ link, photos: attached }: SimulatedPost): unknown => {
    if (link !== undefined) {
      const url = options.canonicalLink(link);
      return {
        media_type: 'link',
        url: `https://l.facebook.com/l.php?u=${encodeURIComponent(url)}`,
        unshimmed_url: url,
      };
    }
    if (attached.length === 1) return { media_type: 'photo', url: 'https://www.facebook.com/photo' };
    return {
      media_type: 'album',
      url: 'https://www.facebook.com/set',
      subattachments: { data: attached.map(() => ({ media_type: 'photo' })) },
    };
  };

  const list = ({ fields }: GraphRequest): unknown => {
    const limit = Number(fields.limit ?? 25);
    if (!(limit >= 1 && limit <= 100)) throw refuse(100, 'limit must be 1 to 100');
    const since = Number(fields.since ?? 0) * 1000;
    const from = Number(fields.after ?? 0);
    const visible = posts.filter((each) => each.at >= since && each.at + options.lagMs <= now()).reverse();
    const data = visible.slice(from, from + limit).map(readPost);
    const isMore = from + limit < visible.length;
    return {
      data,
      paging: {
        cursors: { after: String(from + limit) },
        ...(isMore ? { next: 'https://graph.facebook.com/next' } : {}),
      },
    };
  };

  const comment = (id: string, isVideo: boolean, { fields }: GraphRequest): unknown => {
    if (!isVideo && !posts.some((each) => each.id === id)) throw unknownObject(id);
    if (!fields.message) throw refuse(100, 'message is required');
    comments.push({ on: id, message: fields.message });
    return { id: `${id.split('_').at(-1)}_${nextId()}` };
  };

  return {
    all: () => posts,
    photos: () => [...photos.values()],
    hidden,
    comments,
    feed,
    photo,
    list,
    comment,
    remove(id: string): boolean {
      const before = posts.length;
      posts = posts.filter((each) => each.id !== id);
      return posts.length < before;
    },
  };
}
