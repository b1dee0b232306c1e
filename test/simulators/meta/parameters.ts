/** The parameters of a request: from the address, a form, or a multipart body; and which of them an edge knows. */
import { existsSync, readFileSync } from 'node:fs';
import { refuse } from './refusal.ts';

export interface SentFile {
  readonly fileName: string;
  readonly type: string;
  readonly bytes: Buffer;
}

export interface Parameters {
  readonly fields: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, SentFile>>;
}

export function readParameters(url: URL, contentType: string, body: Buffer): Parameters {
  const query = Object.fromEntries(url.searchParams);
  if (body.length === 0) return { fields: query, files: {} };
  if (contentType.startsWith('application/x-www-form-urlencoded'))
    return {
      fields: { ...query, ...Object.fromEntries(new URLSearchParams(body.toString('utf8'))) },
      files: {},
    };
  const boundary = /^multipart\/form-data; boundary="?([^";]+)"?$/.exec(contentType)?.[1];
  if (!boundary) throw refuse(100, `Unsupported content type ${contentType}`);
  const form = readForm(boundary, body);
  return { fields: { ...query, ...form.fields }, files: form.files };
}

function readForm(boundary: string, body: Buffer): Parameters {
  const fields: Record<string, string> = {};
  const files: Record<string, SentFile> = {};
  const delimiter = Buffer.from(`--${boundary}`);
  let at = body.indexOf(delimiter);
  if (at !== 0) throw refuse(100, 'The body does not begin with the boundary');
  for (;;) {
    at += delimiter.length;
    if (body.toString('latin1', at, at + 4) === '--\r\n') return { fields, files };
    const headEnd = body.indexOf('\r\n\r\n', at);
    const next = body.indexOf(`\r\n--${boundary}`, headEnd);
    if (headEnd < 0 || next < 0) throw refuse(100, 'A part does not end');
    const head = body.toString('utf8', at, headEnd);
    const name = /content-disposition: form-data;[^\r\n]* name="([^"]+)"/i.exec(head)?.[1];
    if (!name) throw refuse(100, 'A part has no name');
    const content = body.subarray(headEnd + 4, next);
    const fileName = / filename="([^"]*)"/i.exec(head)?.[1];
    const type = /content-type: ([^\r\n]+)/i.exec(head)?.[1] ?? '';
    if (fileName === undefined) fields[name] = content.toString('utf8');
    else files[name] = { fileName, type, bytes: Buffer.from(content) };
    at = next + 2;
  }
}

/** What every GET takes: https://developers.facebook.com/docs/graph-api/results */
const READING = ['fields', 'limit', 'since', 'until', 'after', 'before'];

/** What each edge takes here. An edge that is not in this table is refused. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  'GET me': [],
  'GET app': [],
  'GET Page': [],
  'GET AdVideo': [],
  'GET Upload': [],
  'GET Page/published_posts': [],
  'GET Page/videos': [],
  'GET Page/stories': [],
  'POST Page/feed': ['message', 'link', 'published', 'attached_media'],
  'POST Page/photos': ['caption', 'published', 'temporary', 'alt_text_custom', 'source'],
  'POST Page/videos': ['description', 'title', 'fbuploader_video_file_chunk'],
  'POST Page/video_reels': ['upload_phase', 'video_id', 'video_state', 'description', 'title'],
  'POST Page/photo_stories': ['photo_id'],
  'POST Page/video_stories': ['upload_phase', 'video_id'],
  'GET PagePost': [],
  'GET PagePost/insights': ['metric', 'period'],
  'POST PagePost/comments': ['message'],
  'POST App/uploads': ['file_name', 'file_length', 'file_type'],
  'DELETE Post': [],
  'GET IGUser': [],
  'GET IGContainer': [],
  'GET IGMedia': [],
  'GET IGUser/media': [],
  'GET IGUser/stories': [],
  'GET IGUser/content_publishing_limit': [],
  'POST IGUser/media': [
    'image_url',
    'video_url',
    'media_type',
    'upload_type',
    'is_carousel_item',
    'children',
    'caption',
    'alt_text',
    'share_to_feed',
    'cover_url',
    'thumb_offset',
  ],
  'POST IGUser/media_publish': ['creation_id'],
  'GET IGMedia/insights': ['metric', 'period', 'breakdown'],
  'POST IGMedia/comments': ['message'],
  'DELETE IGMedia': [],
};

/** Where the description leaves out what the guides say. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'POST Page/photos source': 'the file itself; the photos reference names it in its examples',
};

/** Edges that the description has no object for, with what describes them. */
const UNDESCRIBED: Readonly<Record<string, string>> = {
  'POST App/uploads': 'https://developers.facebook.com/docs/graph-api/guides/upload',
};

/** Refuses what the edge does not know. Answers what the official description, where it is at hand, does not know either. */
export function checkParameters(edge: string, { fields, files }: Parameters): readonly string[] {
  const known = KNOWN[edge];
  if (!known) throw refuse(100, `Unsupported ${edge}`);
  const isReading = edge.startsWith('GET');
  const allowed = isReading ? [...READING, ...known] : known;
  const names = [...Object.keys(fields), ...Object.keys(files)].map((name) => name.replace(/\[\d+\]$/, ''));
  for (const name of names)
    if (!allowed.includes(name)) throw refuse(100, `Unknown parameter ${name} for ${edge}`);
  if (edge.startsWith('DELETE') || (isReading && known.length === 0)) return [];
  const described = descriptionOf(edge);
  if (!described) return hasDescriptions && !UNDESCRIBED[edge] ? [`${edge}: not described`] : [];
  return names
    .filter((name) => !described.has(name) && !EXCEPTIONS[`${edge} ${name}`])
    .map((name) => `${edge}: no parameter ${name}`);
}

const SPECS = new URL('../../../../shared/specs/meta/', import.meta.url);
const hasDescriptions = existsSync(SPECS);

interface Description {
  readonly apis: readonly {
    readonly method: string;
    readonly endpoint?: string;
    readonly params: readonly { readonly name: string }[];
  }[];
}

const loaded = new Map<string, Description>();

/** The names of an edge's parameters in the official description; undefined when it has no such edge. */
function descriptionOf(edge: string): ReadonlySet<string> | undefined {
  const [method = '', path = ''] = edge.split(' ');
  const [node = '', endpoint = ''] = path.split('/');
  const file = new URL(`${node}.json`, SPECS);
  if (!existsSync(file)) return undefined;
  const description = loaded.get(node) ?? (JSON.parse(readFileSync(file, 'utf8')) as Description);
  loaded.set(node, description);
  const found = description.apis.find((each) => each.method === method && (each.endpoint ?? '') === endpoint);
  return found && new Set(found.params.map(({ name }) => name));
}
