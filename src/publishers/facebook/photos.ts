/** Pictures: one is published by its own call; those of an album are uploaded unpublished, which nobody sees and which may be repeated. */
import { HOUR } from '../../core/clock.ts';
import type { PreparedMedia, PublishContext } from '../../core/publisher.ts';
import { ask, type MetaSession } from '../meta/ask.ts';
import type { GraphCall } from '../meta/client.ts';
import { multipart } from '../multipart.ts';
import { createdPhoto } from './answers.ts';
import type { Photo } from './checkpoint.ts';

/** Facebook keeps an unpublished photo for about 24 hours (https://developers.facebook.com/docs/graph-api/reference/page/photos); not relied on to its end. */
const LIFE_MS = 20 * HOUR;

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
export function photoCall(
  pageId: string,
  media: PreparedMedia,
  fields: Readonly<Record<string, string>>,
  { random }: Pick<PublishContext, 'random'>,
): GraphCall {
  const all = { ...fields, ...(media.alt ? { alt_text_custom: media.alt } : {}) };
  const parts = Object.entries(all).map(([name, value]) => ({ name, value }));
  const ending = media.mime.replace(/^.*\//, '').replace(/[^a-z0-9]/g, '');
  const file = {
    name: 'source',
    fileName: `photo.${ending}`,
    contentType: media.mime,
    bytes: media.bytes,
    open: () => media.open(),
  };
  return { method: 'POST', path: `${pageId}/photos`, body: multipart([...parts, file], random) };
}

/** Uploads one photo of an album. Throws MetaFailure. */
export async function uploadPhoto(
  session: MetaSession,
  pageId: string,
  media: PreparedMedia,
  context: PublishContext,
): Promise<Photo> {
  const call = photoCall(pageId, media, { published: 'false' }, context);
  const { id } = await ask(session, call, createdPhoto, context.signal);
  return {
    id,
    sha256: media.sha256,
    ...(media.alt === undefined ? {} : { alt: media.alt }),
    at: session.clock.now().getTime(),
  };
}
