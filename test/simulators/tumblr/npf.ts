/** The format of posts, checked as strictly as the description (npf-spec.md) allows: unknown fields and types are refused. */
import { createHash } from 'node:crypto';
import type { Part } from './form.ts';
import { invalid, only, refusal } from './refusal.ts';

export interface SimulatedFile {
  readonly kind: 'image' | 'video';
  readonly type: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly alt?: string;
}

export interface CheckedPost {
  readonly blocks: readonly Record<string, unknown>[];
  readonly state: string;
  readonly tags: readonly string[];
  readonly files: readonly SimulatedFile[];
}

const FIELDS = [
  'content',
  'layout',
  'state',
  'publish_on',
  'date',
  'tags',
  'source_url',
  'send_to_twitter',
  'is_private',
  'slug',
  'interactability_reblog',
];
const STATES = ['published', 'queue', 'draft', 'private', 'unapproved'];
const SUBTYPES = [
  'heading1',
  'heading2',
  'quirky',
  'quote',
  'indented',
  'chat',
  'ordered-list-item',
  'unordered-list-item',
];
const IMAGE_TYPES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];
const VIDEO_TYPES = ['video/mp4', 'video/quicktime'];
const IMAGE_BYTES_MAX = 10 * 1024 * 1024;
const POST_BYTES_MAX = 1_000_000;

export function checkPost(body: unknown, parts: readonly Part[]): CheckedPost {
  const post = only('the post', body, FIELDS);
  const { content, state = 'published', tags = '' } = post;
  if (!Array.isArray(content)) throw invalid("'content' must be an array");
  if (content.length === 0 || content.length > 1000) throw invalid('1 to 1,000 blocks');
  if (typeof state !== 'string' || !STATES.includes(state)) throw invalid(`no state ${String(state)}`);
  if (typeof tags !== 'string') throw invalid('tags must be a text with commas');
  if (Buffer.byteLength(JSON.stringify(post)) > POST_BYTES_MAX) throw invalid('the post is larger than 1 MB');
  const left = new Map(parts.map((part) => [part.name, part]));
  if (left.size !== parts.length) throw invalid('two parts have one name');
  const files: SimulatedFile[] = [];
  const counts: Record<string, number> = {};
  for (const block of content) {
    const { type } = block as { type?: unknown };
    if (typeof type !== 'string') throw invalid('a block has no type');
    counts[type] = (counts[type] ?? 0) + 1;
    const file = checkBlock(type, block, left);
    if (file) files.push(file);
  }
  if ((counts.image ?? 0) > 30 || (counts.link ?? 0) > 10 || (counts.video ?? 0) > 1) {
    throw invalid('at most 30 pictures, 10 links and one uploaded video');
  }
  if (left.size > 0) throw invalid(`parts that no block names: ${[...left.keys()].join(', ')}`);
  return {
    blocks: content as Record<string, unknown>[],
    state,
    tags: tags.split(',').filter((tag) => tag !== ''),
    files,
  };
}

function checkBlock(type: string, block: unknown, left: Map<string, Part>): SimulatedFile | undefined {
  switch (type) {
    case 'text': {
      const {
        text,
        subtype,
        formatting = [],
      } = only('a text block', block, ['type', 'text', 'subtype', 'formatting', 'indent_level']);
      if (typeof text !== 'string') throw invalid('a text block has no text');
      const length = [...text].length;
      if (length > 4096) throw invalid('a text block has more than 4,096 characters');
      if (subtype !== undefined && !SUBTYPES.includes(String(subtype)))
        throw invalid(`no subtype ${String(subtype)}`);
      for (const range of formatting as unknown[]) checkRange(range, text);
      return undefined;
    }
    case 'link': {
      const { url } = only('a link block', block, [
        'type',
        'url',
        'title',
        'description',
        'author',
        'site_name',
        'poster',
      ]);
      if (typeof url !== 'string' || !URL.canParse(url)) throw invalid('a link block has no address');
      return undefined;
    }
    case 'image': {
      const { media, alt_text: alt } = only('an image block', block, [
        'type',
        'media',
        'alt_text',
        'caption',
        'colors',
        'feedback_token',
        'attribution',
      ]);
      if (!Array.isArray(media) || media.length === 0) throw invalid('media of an image must be an array');
      if (alt !== undefined && (typeof alt !== 'string' || [...alt].length > 4096))
        throw invalid('alt_text: at most 4,096');
      const file = takeFile('image', media[0], left, IMAGE_TYPES);
      if (file.bytes > IMAGE_BYTES_MAX) throw refusal(400, 'The picture is larger than 10 MB', 8005);
      return { ...file, ...(typeof alt === 'string' ? { alt } : {}) };
    }
    case 'video': {
      const { media } = only('a video block', block, ['type', 'media', 'url', 'provider', 'poster']);
      return takeFile('video', media, left, VIDEO_TYPES);
    }
    default:
      throw invalid(`no block of type ${type}`);
  }
}

function checkRange(range: unknown, text: string): void {
  const { start, end, type, url } = only('a range', range, ['start', 'end', 'type', 'url']);
  const characters = [...text];
  if (
    typeof start !== 'number' ||
    typeof end !== 'number' ||
    start < 0 ||
    end <= start ||
    end > characters.length
  )
    throw invalid('a range outside its text');
  if (type !== 'link') throw invalid(`no formatting ${String(type)} is used here`);
  if (characters.slice(start, end).join('') !== url)
    throw invalid('a link range that does not cover its address');
}

function takeFile(
  kind: 'image' | 'video',
  media: unknown,
  left: Map<string, Part>,
  types: readonly string[],
): SimulatedFile {
  const { type, identifier } = only('a media object', media, ['type', 'identifier', 'width', 'height']);
  const part = left.get(String(identifier));
  if (!part) throw invalid(`no part for the identifier ${String(identifier)}`);
  left.delete(part.name);
  if (part.fileName === undefined || part.contentType !== type)
    throw invalid('a part without its file name or type');
  if (!types.includes(String(type))) throw refusal(400, `files of type ${String(type)} are not taken`, 8005);
  return {
    kind,
    type: String(type),
    bytes: part.content.length,
    sha256: createHash('sha256').update(part.content).digest('hex'),
  };
}
