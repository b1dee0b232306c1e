/** Pictures: one is published by its own call; those of an album are uploaded unpublished, which nobody sees and which may be repeated. */
import { HOUR } from '../../core/clock.ts';
import type { PreparedMedia, PublishContext } from '../../core/publisher.ts';
import { ask, type MetaSession } from '../meta/ask.ts';
import type { GraphCall } from '../meta/client.ts';
import { multipart } from '../meta/multipart.ts';
import { createdPhoto } from './answers.ts';
import type { Photo } from './checkpoint.ts';

/** Facebook keeps an unpublished photo for about 24 hours (https://developers.facebook.com/docs/graph-api/reference/page/photos); not relied on to its end. */
const LIFE_MS = 20 * HOUR;
const BOUNDARY_BYTES = 24;

/** True when the photo is there already, with these bytes and this alt text. */
export function isUploaded(photo: Photo | undefined, media: PreparedMedia, now: Date): photo is Photo {
  return (
    photo !== undefined &&
    photo.sha256 === media.sha256 &&
    photo.alt === media.alt &&
    now.getTime() < photo.at + LIFE_MS
  );
}

/** The call that sends a photo. */
export async function photoCall(
  pageId: string,
  media: PreparedMedia,
  fields: Readonly<Record<string, string>>,
  { random }: Pick<PublishContext, 'random'>,
): Promise<GraphCall> {
  const boundary = `carillon${Buffer.from(random.bytes(BOUNDARY_BYTES)).toString('hex')}`;
  const all = { ...fields, ...(media.alt ? { alt_text_custom: media.alt } : {}) };
  return {
    method: 'POST',
    path: `${pageId}/photos`,
    multipart: await multipart(boundary, all, 'source', media),
  };
}

/** Uploads one photo of an album. Throws MetaFailure. */
export async function uploadPhoto(
  session: MetaSession,
  pageId: string,
  media: PreparedMedia,
  context: PublishContext,
): Promise<Photo> {
  const call = await photoCall(pageId, media, { published: 'false' }, context);
  const { id } = await ask(session, call, createdPhoto, context.signal);
  return {
    id,
    sha256: media.sha256,
    ...(media.alt === undefined ? {} : { alt: media.alt }),
    at: session.clock.now().getTime(),
  };
}
