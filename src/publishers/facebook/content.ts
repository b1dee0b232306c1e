/** What becomes of a post's content on a page: which kind of post it is, and in which words. */
import { formatOf } from '../../core/formats.ts';
import type { Content, PreparedContent, PreparedMedia } from '../../core/publisher.ts';
import type { Intent } from '../../core/words.ts';
import { facebook } from './rules.ts';

/** Each kind has its own creating call; the page's top comment in publisher.ts says which. */
export type Plan =
  | { readonly kind: 'words' }
  | { readonly kind: 'photo'; readonly photo: PreparedMedia }
  | { readonly kind: 'album'; readonly photos: readonly PreparedMedia[] }
  | { readonly kind: 'video' | 'reel' | 'video story'; readonly file: PreparedMedia }
  | { readonly kind: 'photo story'; readonly photo: PreparedMedia };

export function planOf(content: PreparedContent): Plan {
  const { media } = content;
  const [first] = media;
  if (!first) return { kind: 'words' };
  const format = formatOf(facebook.capabilities, content);
  if (format === 'story') return storyOf(first);
  if (first.kind === 'video') return { kind: format === 'reel' ? 'reel' : 'video', file: first };
  return media.length === 1 ? { kind: 'photo', photo: first } : { kind: 'album', photos: media };
}

/** A story has no alt text. */
function storyOf({ alt: _alt, ...media }: PreparedMedia): Plan {
  return media.kind === 'video'
    ? { kind: 'video story', file: media }
    : { kind: 'photo story', photo: media };
}

/** The words as they are sent: beside media there is no link card, so the address stands at their end. */
export function wordsOf({ text, link, media }: Pick<Content, 'text' | 'link' | 'media'>): string {
  if (media.length === 0 || link === undefined || text.includes(link)) return text;
  return text.trim() === '' ? link : `${text.trimEnd()}\n${link}`;
}

/** What is looked for when the answer is lost. */
export function intentOf(content: PreparedContent): Intent {
  const { media, link } = content;
  const format = formatOf(facebook.capabilities, content);
  if (format === 'story') return { text: '', mediaCount: media.length, format };
  return {
    text: wordsOf(content),
    ...(media.length === 0 && link !== undefined ? { link } : {}),
    mediaCount: media.length,
    ...(format ? { format } : {}),
  };
}
