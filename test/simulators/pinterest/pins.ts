/** The boards of one account and the pins on them. */
import { createHash } from 'node:crypto';
import type { FileOptions } from '../files.ts';
import type { createMedia } from './media.ts';
import { invalid, only, refusal } from './refusal.ts';

export interface SimulatedPin {
  readonly id: string;
  readonly board: string;
  readonly createdAt: Date;
  readonly title?: string;
  readonly description?: string;
  readonly link?: string;
  readonly alt?: string;
  readonly kind: 'image' | 'multiple_images' | 'video';
  /** Of a video its media id, its cover second beside it. */
  readonly media: readonly { readonly sha256: string; readonly bytes: number; readonly type: string }[];
  readonly cover?: number;
  /** The same as a picture. */
  readonly coverPicture?: { readonly sha256: string; readonly bytes: number; readonly type: string };
}

export interface PinOptions extends FileOptions {
  /** Pins appear on the board after this time, in milliseconds. */
  lagMs: number;
  boards: readonly { readonly id: string; readonly name: string }[];
  /** True: Pinterest gives a pin with a link and no title the title of the page. */
  takesTitles: boolean;
  /** What is counted of every pin, by Pinterest's names. */
  numbers: Readonly<Record<string, number>>;
}

const PIN = ['alt_text', 'board_id', 'description', 'link', 'media_source', 'title'];
const DAY_MS = 86_400_000;
const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text);
const LIFETIME_METRICS = ['TOTAL_COMMENTS', 'TOTAL_REACTIONS'];
const PIN_METRICS = ['IMPRESSION', 'OUTBOUND_CLICK', 'PIN_CLICK', 'SAVE', 'SAVE_RATE', ...LIFETIME_METRICS];
const VIDEO_METRICS = ['VIDEO_MRC_VIEW', 'VIDEO_10S_VIEW', 'VIDEO_START'];
const TYPES = ['image/jpeg', 'image/png'];
const IMAGE_BYTES_MAX = 20 * 1024 * 1024;

export function createPins(now: () => number, media: ReturnType<typeof createMedia>, options: PinOptions) {
  const all: SimulatedPin[] = [];
  let last = 999_658_448_514_149_000n;

  const board = (id: unknown): string => {
    if (!options.boards.some((each) => each.id === id)) throw refusal(404, 40, 'Board not found.');
    return String(id);
  };

  return {
    all,

    create(body: unknown): unknown {
      const pin = only('the pin', body, PIN);
      const boardId = board(pin.board_id);
      const text = (name: string, max: number): string | undefined => {
        const value = pin[name];
        if (value === undefined || value === null) return undefined;
        if (typeof value !== 'string' || [...value].length > max)
          throw invalid(`${name}: at most ${max} characters`);
        return value;
      };
      const [title, description, link, alt] = [
        text('title', 100),
        text('description', 800),
        text('link', 2048),
        text('alt_text', 500),
      ];
      const shown = readSource(pin.media_source, media, options);
      last += 1n;
      const made: SimulatedPin = {
        id: String(last),
        board: boardId,
        createdAt: new Date(now()),
        ...(title === undefined ? {} : { title }),
        ...(description === undefined ? {} : { description }),
        ...(link === undefined ? {} : { link }),
        ...(alt === undefined ? {} : { alt }),
        ...shown,
      };
      all.push(made);
      return read(made);
    },

    remove(id: string): void {
      const index = all.findIndex((each) => each.id === id);
      if (index < 0) throw refusal(404, 50, 'Pin not found.');
      all.splice(index, 1);
    },

    analytics(id: string, query: URLSearchParams): unknown {
      const pin = all.find((each) => each.id === id);
      if (!pin) throw refusal(404, 50, 'Pin not found.');
      const [start = '', end = ''] = [query.get('start_date') ?? '', query.get('end_date') ?? ''];
      if (!isDay(start) || !isDay(end)) throw invalid('start_date and end_date: YYYY-MM-DD');
      const [from, until] = [Date.parse(start), Date.parse(end)];
      if (now() - from > 91 * DAY_MS) throw invalid('start_date: at most 90 days back');
      if (until < from || until - from > 90 * DAY_MS) throw invalid('end_date: at most 90 days on');
      const asked = (query.get('metric_types') ?? '').split(',');
      const known = [...PIN_METRICS, ...(pin.kind === 'video' ? VIDEO_METRICS : [])];
      for (const name of asked)
        if (!known.includes(name)) throw invalid(`metric_types: no ${name} for this pin`);
      const counted = asked.map((name) => [name, options.numbers[name] ?? 0] as const);
      const isLifetime = (name: string): boolean => LIFETIME_METRICS.includes(name);
      return {
        all: {
          lifetime_metrics: Object.fromEntries(counted.filter(([name]) => isLifetime(name))),
          daily_metrics: [],
          summary_metrics: Object.fromEntries(counted.filter(([name]) => !isLifetime(name))),
        },
      };
    },

    onBoard(id: string, query: URLSearchParams): unknown {
      board(id);
      const visible = all
        .filter((pin) => pin.board === id && pin.createdAt.getTime() + options.lagMs <= now())
        .reverse();
      return paged(visible.map(read), query);
    },

    boards: (query: URLSearchParams): unknown =>
      paged(
        options.boards.map((each) => ({ ...each, owner: { username: 'acme' }, privacy: 'PUBLIC' })),
        query,
      ),
  };

  function read(pin: SimulatedPin): object {
    return {
      id: pin.id,
      board_id: pin.board,
      // In UTC, though it does not say so.
      created_at: pin.createdAt.toISOString().slice(0, 19),
      title: pin.title ?? (pin.link && options.takesTitles ? 'The title of that page' : null),
      description: pin.description ?? null,
      link: pin.link ?? null,
      alt_text: pin.alt ?? null,
      media:
        pin.kind === 'multiple_images'
          ? { media_type: pin.kind, items: pin.media.map(() => ({ images: {} })) }
          : { media_type: pin.kind, images: {} },
    };
  }
}

function paged(items: readonly object[], query: URLSearchParams): unknown {
  const size = Number(query.get('page_size') ?? 25);
  if (!Number.isInteger(size) || size < 1 || size > 250) throw invalid('page_size: 1 to 250');
  const from = Number(query.get('bookmark')?.slice(1) ?? 0);
  return {
    items: items.slice(from, from + size),
    bookmark: from + size < items.length ? `b${from + size}` : null,
  };
}

function readSource(
  source: unknown,
  media: ReturnType<typeof createMedia>,
  options: FileOptions,
): Pick<SimulatedPin, 'kind' | 'media' | 'cover' | 'coverPicture'> {
  const { source_type: type } = (source ?? {}) as { source_type?: unknown };
  switch (type) {
    case 'image_base64': {
      const { content_type, data } = only('media_source', source, ['source_type', 'content_type', 'data']);
      return { kind: 'image', media: [readImage(content_type, data, options)] };
    }
    case 'multiple_image_base64': {
      const { items } = only('media_source', source, ['source_type', 'items', 'index']);
      if (!Array.isArray(items) || items.length < 2 || items.length > 5) throw invalid('items: 2 to 5');
      const read = items.map((item) => {
        const { content_type, data } = only('an item', item, [
          'content_type',
          'data',
          'title',
          'description',
          'link',
        ]);
        return readImage(content_type, data, options);
      });
      return { kind: 'multiple_images', media: read };
    }
    case 'video_id': {
      const given = only('media_source', source, [
        'source_type',
        'media_id',
        'cover_image_key_frame_time',
        'cover_image_url',
        'cover_image_content_type',
        'cover_image_data',
      ]);
      const video = media.find(String(given.media_id));
      if (video.state !== 'succeeded') throw invalid('the video is not ready');
      return { kind: 'video', media: [video], ...readCover(given, options) };
    }
    default:
      throw invalid(`no source of type ${String(type)}`);
  }
}

/** One of the ways to give a cover, and nothing of the others. */
function readCover(
  given: Readonly<Record<string, unknown>>,
  options: FileOptions,
): Pick<SimulatedPin, 'cover' | 'coverPicture'> {
  const {
    cover_image_key_frame_time: second,
    cover_image_content_type: type,
    cover_image_data: data,
  } = given;
  const ways = [second, given.cover_image_url, data].filter((each) => each !== undefined);
  if (ways.length !== 1) throw invalid(`a video needs one cover, not ${ways.length}`);
  if (data !== undefined) return { coverPicture: readImage(type, data, options) };
  if (type !== undefined || !Number.isInteger(second) || Number(second) < 0)
    throw invalid('cover_image_key_frame_time: whole seconds');
  return { cover: Number(second) };
}

function readImage(
  type: unknown,
  data: unknown,
  { onFile }: FileOptions,
): { sha256: string; bytes: number; type: string } {
  if (!TYPES.includes(String(type))) throw invalid('content_type: JPEG or PNG');
  const bytes = Buffer.from(typeof data === 'string' ? data : '', 'base64');
  // No regular expression over megabytes: see `sampled`.
  if (bytes.length === 0 || bytes.toString('base64') !== data) throw invalid('data is no base64');
  if (bytes.length > IMAGE_BYTES_MAX) throw invalid('the picture is larger than 20 MB');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  onFile?.({ sha256, type: String(type), bytes });
  return { sha256, bytes: bytes.length, type: String(type) };
}
