/** The way from a post's content to what its creating call names: one upload a step. Nobody sees them, and each may be repeated. */
import type { PreparedMedia, PublishContext } from '../../core/publisher.ts';
import type { FacebookCheckpoint } from './checkpoint.ts';
import type { Plan } from './content.ts';
import { isUploaded, uploadPhoto } from './photos.ts';
import { isSent, type UploadPorts, uploadStep } from './upload.ts';

/** The checkpoint after the next upload; undefined when everything is there. Throws MetaFailure. */
export async function prepare(
  ports: UploadPorts,
  plan: Plan,
  checkpoint: FacebookCheckpoint,
  context: PublishContext,
): Promise<FacebookCheckpoint | undefined> {
  switch (plan.kind) {
    case 'album':
      return uploadNextPhoto(ports, plan.photos, checkpoint, context);
    case 'photo story':
      return uploadNextPhoto(ports, [plan.photo], checkpoint, context);
    case 'video':
    case 'reel':
    case 'video story': {
      const { upload } = checkpoint;
      if (isSent(upload, plan.kind, plan.file, ports.session.clock.now())) return undefined;
      return { upload: await uploadStep(ports, plan.kind, plan.file, upload, context) };
    }
    default:
      return undefined;
  }
}

async function uploadNextPhoto(
  { session, pageId }: UploadPorts,
  all: readonly PreparedMedia[],
  { photos = [] }: FacebookCheckpoint,
  context: PublishContext,
): Promise<FacebookCheckpoint | undefined> {
  const now = session.clock.now();
  const next = all.findIndex((media, index) => !isUploaded(photos[index], media, now));
  const media = all[next];
  if (!media) return undefined;
  context.progress(`uploading picture ${next + 1} of ${all.length}`);
  const photo = await uploadPhoto(session, pageId, media, context);
  return { photos: [...photos.slice(0, next), photo, ...photos.slice(next + 1)] };
}
