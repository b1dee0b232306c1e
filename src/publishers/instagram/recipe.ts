/** What containers are made of: what a post says about each medium, and about a carousel as a whole. */
import { createHash } from 'node:crypto';
import { SECOND } from '../../core/clock.ts';
import { coverPicture, shownMedia } from '../../core/cover.ts';
import { failure } from '../../core/errors.ts';
import { formatOf, rulesFor } from '../../core/formats.ts';
import type { Content, PreparedContent, PreparedMedia } from '../../core/publisher.ts';
import type { PostFormat } from '../../core/words.ts';
import type { Container } from './checkpoint.ts';
import { instagram } from './rules.ts';
import type { MediaLinks } from './settings.ts';

/** What a container is made of: for one medium of the content, or for the carousel. */
export interface Recipe {
  readonly form: Readonly<Record<string, string>>;
  readonly madeOf: string;
  /** The file whose bytes are pushed after the container is made. */
  readonly file?: PreparedMedia;
  /** How it is called on the card. */
  readonly name: string;
}

type Form = Readonly<Record<string, string>>;

/** What a post shows: a picture that is the cover of a reel has no container of its own. */
export function shownIn(content: PreparedContent): readonly PreparedMedia[] {
  return shownMedia(rulesFor(instagram.capabilities, content), content.media);
}

export function formatFor(content: Pick<Content, 'format' | 'media'>): PostFormat | undefined {
  return formatOf(instagram.capabilities, content);
}

/** The recipe of one medium: alone it carries the caption, in a carousel it does not. Throws ConfigError without an address. */
export function recipeOf(
  mediaLinks: MediaLinks | undefined,
  content: PreparedContent,
  item: PreparedMedia,
): Recipe {
  const said = wordsOf(content, item);
  if (item.kind === 'video') {
    const lasting = { ...typeOf(content, item), upload_type: 'resumable', ...said };
    const cover = formatFor(content) === 'reel' ? coverFor(mediaLinks, content) : { form: {}, madeOf: [] };
    return {
      form: { ...lasting, ...cover.form },
      madeOf: hash([lasting, item.sha256, ...cover.madeOf]),
      file: item,
      name: item.name,
    };
  }
  const link = linkTo(mediaLinks, item);
  const lasting = { ...typeOf(content, item), ...said };
  // The link is another one each time, and says nothing about what is behind it.
  return { form: { image_url: link, ...lasting }, madeOf: hash([lasting, item.sha256]), name: item.name };
}

/** What becomes the cover of a reel; nothing where Instagram is to choose. */
function coverFor(
  mediaLinks: MediaLinks | undefined,
  content: PreparedContent,
): { readonly form: Form; readonly madeOf: readonly unknown[] } {
  const picture = coverPicture(rulesFor(instagram.capabilities, content), content.media);
  if (picture) return { form: { cover_url: linkTo(mediaLinks, picture) }, madeOf: [picture.sha256] };
  if (content.cover === undefined) return { form: {}, madeOf: [] };
  const form = { thumb_offset: String(content.cover * SECOND) };
  return { form, madeOf: [form] };
}

function linkTo(mediaLinks: MediaLinks | undefined, { sha256, mime }: PreparedMedia): string {
  const link = mediaLinks?.(sha256, mime);
  if (link === undefined) throw noAddress();
  return link;
}

/** A picture in the feed has no type; a single video is always a reel. */
function typeOf(content: PreparedContent, { kind }: PreparedMedia): Form {
  if (formatFor(content) === 'story') return { media_type: 'STORIES' };
  if (kind !== 'video') return {};
  return shownIn(content).length === 1
    ? { media_type: 'REELS', share_to_feed: 'true' }
    : { media_type: 'VIDEO' };
}

/** A story says nothing; in a carousel the whole has the caption. */
function wordsOf(content: PreparedContent, { kind, alt }: PreparedMedia): Form {
  const { text } = content;
  if (formatFor(content) === 'story') return {};
  const isAlone = shownIn(content).length === 1;
  return {
    ...(isAlone ? {} : { is_carousel_item: 'true' }),
    ...(isAlone && text !== '' ? { caption: text } : {}),
    ...(kind !== 'video' && alt ? { alt_text: alt } : {}),
  };
}

/** The recipe of a carousel. */
export function carouselOf({ text }: PreparedContent, items: readonly Container[]): Recipe {
  const children = items.map(({ id }) => id).join(',');
  const form = { media_type: 'CAROUSEL', children, ...(text === '' ? {} : { caption: text }) };
  return { form, madeOf: hash([form]), name: 'the carousel' };
}

function hash(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

function noAddress(): Error {
  return failure('ConfigError', {
    code: 'CONFIG_INVALID',
    message: 'Instagram fetches pictures from a public address, and this program has none.',
    hint: 'Set PUBLIC_URL to where the web pages are reached from outside, or post a video; then /retry.',
  });
}
