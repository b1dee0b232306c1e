/** A post in Tumblr's format (NPF, https://github.com/tumblr/docs/blob/master/npf-spec.md): blocks, tags, and what will be looked for. */
import type { Random } from '../../core/clock.ts';
import type { Content, PreparedContent, PreparedMedia } from '../../core/publisher.ts';
import type { Intent, MediaItem } from '../../core/words.ts';
import type { HttpBody } from '../http.ts';
import { type FormFile, multipart } from '../multipart.ts';
import { type LinkRange, linkRanges, tagsOf, textBlocks } from './text.ts';

/** https://github.com/tumblr/docs/blob/master/npf-spec.md#inline-links */
const LINKS_IN_TEXT_MAX = 100;

/** Words and media as blocks: title, media, text, link card. */
export function blocksOf(content: Content): readonly object[] {
  const title = content.title?.trim();
  return [
    ...(title ? [{ type: 'text', subtype: 'heading1', text: title }] : []),
    ...content.media.map(mediaBlock),
    ...wordBlocks(content.text),
    ...(content.link === undefined ? [] : [{ type: 'link', url: content.link }]),
  ];
}

function wordBlocks(text: string): readonly object[] {
  let left = LINKS_IN_TEXT_MAX;
  return textBlocks(text).map((block) => {
    const formatting: readonly LinkRange[] = linkRanges(block).slice(0, left);
    left -= formatting.length;
    return { type: 'text', text: block, ...(formatting.length > 0 ? { formatting } : {}) };
  });
}

function mediaBlock({ kind, mime, width, height, alt }: MediaItem, index: number): object {
  const media = { type: mime, identifier: identifierOf(index), width, height };
  // A video has one object where a picture has a list of its sizes, and no alt text.
  if (kind === 'video') return { type: 'video', media };
  return { type: 'image', media: [media], ...(alt ? { alt_text: alt } : {}) };
}

const identifierOf = (index: number): string => `media${index}`;

/** What will be looked for when the answer is lost. */
export function intentOf(content: Content): Intent {
  const title = content.title?.trim();
  return {
    text: [...(title ? [title] : []), ...textBlocks(content.text)].join('\n\n'),
    ...(content.link === undefined ? {} : { link: content.link }),
    mediaCount: content.media.length,
  };
}

/** The fields of the creating call. */
export function postOf(content: Content): Readonly<Record<string, unknown>> {
  const tags = tagsOf(content.text);
  return {
    content: blocksOf(content),
    state: 'published',
    ...(tags.length > 0 ? { tags: tags.join(',') } : {}),
  };
}

/** The same as a form: the fields as JSON first, then one file for each identifier, as Tumblr wants it. */
export function formOf(content: PreparedContent, random: Random): HttpBody {
  const json = {
    name: 'json',
    value: JSON.stringify(postOf(content)),
    contentType: 'application/json',
  };
  return multipart([json, ...content.media.map(fileOf)], random);
}

function fileOf(media: PreparedMedia, index: number): FormFile {
  const name = identifierOf(index);
  const ending = media.mime.replace(/^.*\//, '').replace(/[^a-z0-9]/g, '');
  return {
    name,
    fileName: `${name}.${ending}`,
    contentType: media.mime,
    bytes: media.bytes,
    open: () => media.open(),
  };
}
