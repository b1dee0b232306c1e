/** Containers of an Instagram account: pictures are really fetched, videos pushed, and both take their time. */
import { createHash } from 'node:crypto';
import { type ByteOptions, newFile, type ReceivedFile, takeBytes } from './bytes.ts';
import type { ByteSink, GraphRequest } from './graph.ts';
import { refuse, refuseBytes } from './refusal.ts';

export interface SimulatedContainer {
  readonly id: string;
  readonly kind: 'image' | 'video' | 'carousel';
  readonly isChild: boolean;
  readonly isStory: boolean;
  readonly caption: string;
  readonly alt?: string;
  readonly children: readonly SimulatedContainer[];
  /** Hash of a picture's bytes as they were fetched. */
  readonly sha256?: string;
  /** Of a reel: hash of the picture that is its cover, or the moment in milliseconds. */
  readonly cover?: string | number;
  /** Of a video. */
  readonly file?: ReceivedFile;
  readonly at: number;
  readyAt?: number;
  /** A subcode with which processing ends. */
  failure?: number | undefined;
  isPublished: boolean;
}

export interface ContainerOptions extends ByteOptions {
  /** How long a picture and a video are processed, in milliseconds. */
  imageMs: number;
  processingMs: number;
  /** The next containers that are processed end so. */
  failures: (number | undefined)[];
  lifeMs: number;
  /** Where an address is really found, as a proxy in front of the program would know it. */
  reach: (address: string) => string;
}

export const noContainer = (): Error =>
  refuse(24, 'The requested resource does not exist', { error_subcode: 2207006 });

export function createContainers(
  now: () => number,
  nextId: () => string,
  uploadUrl: string,
  options: ContainerOptions,
) {
  const all = new Map<string, SimulatedContainer>();

  const find = (id: string): SimulatedContainer => {
    const container = all.get(id);
    if (!container) throw noContainer();
    return container;
  };

  const statusOf = (container: SimulatedContainer): string => {
    if (container.isPublished) return 'PUBLISHED';
    if (now() > container.at + options.lifeMs) return 'EXPIRED';
    if (container.readyAt === undefined || now() < container.readyAt) return 'IN_PROGRESS';
    return container.failure === undefined ? 'FINISHED' : 'ERROR';
  };

  const process = (container: SimulatedContainer, milliseconds: number): void => {
    container.readyAt = now() + milliseconds;
    container.failure = options.failures.shift();
  };

  const fetchPicture = async (address: string): Promise<string> => {
    const answer = await fetch(options.reach(address)).catch(() => undefined);
    if (!answer?.ok)
      throw refuse(9004, 'Only photo or video can be accepted as media type.', {
        error_subcode: 2207052,
        error_user_msg: 'The media could not be fetched from this URI.',
      });
    if (answer.headers.get('content-type') !== 'image/jpeg')
      throw refuse(36001, 'Unsupported format', { error_subcode: 2207005 });
    const bytes = Buffer.from(await answer.arrayBuffer());
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    options.onFile?.({ sha256, type: 'image/jpeg', bytes });
    return sha256;
  };

  /** The guide: of both the picture counts; asked for once, so that nobody wonders. */
  const readCover = async ({ cover_url: address, thumb_offset: offset }: GraphRequest['fields']) => {
    if (address === undefined && offset === undefined) return undefined;
    if (address !== undefined && offset !== undefined) throw refuse(100, 'Two covers for one reel');
    if (address !== undefined) return fetchPicture(address);
    if (!/^\d{1,7}$/.test(offset ?? '')) throw refuse(100, 'thumb_offset must be in milliseconds');
    return Number(offset);
  };

  const childrenOf = (fields: GraphRequest['fields']): readonly SimulatedContainer[] => {
    const children = (fields.children ?? '').split(',').map(find);
    if (children.length < 2 || children.length > 10)
      throw refuse(100, 'A carousel has 2 to 10 children', { error_subcode: 2207028 });
    for (const child of children) {
      if (!child.isChild) throw refuse(100, 'A child without is_carousel_item', { error_subcode: 2207028 });
      if (statusOf(child) !== 'FINISHED')
        throw refuse(9007, 'Media ID is not available', { error_subcode: 2207027 });
    }
    return children;
  };

  const add = (made: Omit<SimulatedContainer, 'id' | 'at' | 'isPublished'>): SimulatedContainer => {
    const container = { ...made, id: nextId(), at: now(), isPublished: false };
    all.set(container.id, container);
    return container;
  };

  return {
    all,
    find,
    statusOf,
    forget: (id: string) => all.delete(id),

    async make({ fields }: GraphRequest): Promise<unknown> {
      const { media_type: type, image_url: address, caption = '', alt_text: alt } = fields;
      if (type !== 'REELS' && (fields.cover_url ?? fields.thumb_offset))
        throw refuse(100, 'A cover is for reels only');
      const isChild = fields.is_carousel_item === 'true';
      if (isChild && caption !== '') throw refuse(100, 'A caption on a child');
      if ([...caption].length > 2200)
        throw refuse(36004, 'The caption is too long', { error_subcode: 2207010 });
      const isStory = type === 'STORIES';
      if (isStory && (caption !== '' || alt || isChild))
        throw refuse(100, 'A story has its file and nothing else');
      const common = { isChild, isStory, caption, children: [] };
      if (type === 'CAROUSEL') {
        const carousel = add({ ...common, kind: 'carousel', children: childrenOf(fields) });
        process(carousel, options.imageMs);
        return { id: carousel.id };
      }
      if (type === 'REELS' || type === 'VIDEO' || (isStory && !address)) {
        if (alt) throw refuse(100, 'alt_text is for images only');
        if ((type === 'VIDEO') !== isChild)
          throw refuse(100, `media_type ${type}`, { error_subcode: 2207023 });
        if (fields.upload_type !== 'resumable') throw refuse(100, 'The video file was not given');
        const cover = await readCover(fields);
        const video = add({
          ...common,
          kind: 'video',
          file: newFile(0),
          ...(cover === undefined ? {} : { cover }),
        });
        return { id: video.id, uri: `${uploadUrl}/ig-api-upload/v25.0/${video.id}` };
      }
      if ((type !== undefined && !isStory) || !address)
        throw refuse(100, 'The media type is unknown', { error_subcode: 2207023 });
      const sha256 = await fetchPicture(address);
      const picture = add({ ...common, kind: 'image', sha256, ...(alt ? { alt } : {}) });
      process(picture, options.imageMs);
      return { id: picture.id };
    },

    bytes(id: string, headers: GraphRequest['headers']): ByteSink {
      const container = find(id);
      const { file } = container;
      const size = Number(headers.file_size);
      if (!file || headers.offset === undefined || !(size > 0))
        throw refuseBytes('PartialRequestError', 'offset and file_size are required', false);
      if (file.total === 0) Object.assign(file, { total: size });
      const place = { offset: Number(headers.offset), length: Number(headers['content-length']) };
      return takeBytes(file, place, options, () => {
        process(container, options.processingMs);
        return { success: true };
      });
    },

    read(id: string, { fields }: GraphRequest): unknown {
      const container = find(id);
      const code = statusOf(container);
      const said =
        code === 'ERROR' ? `Error: Media upload has failed with error code ${container.failure}` : code;
      const received = container.file?.received ?? 0;
      const known: Record<string, unknown> = {
        status_code: code,
        status: said,
        video_status: { uploading_phase: { status: 'in_progress', bytes_transferred: received } },
      };
      const wanted = (fields.fields ?? '').split(',');
      for (const name of wanted)
        if (!(name in known)) throw refuse(100, `Tried accessing nonexisting field (${name})`);
      return { id, ...Object.fromEntries(wanted.map((name) => [name, known[name]])) };
    },
  };
}
