/** Pushes the bytes of a video into its container (https://developers.facebook.com/docs/instagram-platform/content-publishing/resumable-uploads). */
import type { PreparedMedia, PublishContext } from '../../core/publisher.ts';
import { ask, type MetaSession, shaped } from '../meta/ask.ts';
import { bytesFrom, sendResuming } from '../meta/upload.ts';
import { progress, success } from './answers.ts';
import type { Container } from './checkpoint.ts';

/** @param isFresh nothing has been sent yet, so the offset is known. Throws MetaFailure. */
export async function sendVideo(
  session: MetaSession,
  media: PreparedMedia,
  container: Container,
  isFresh: boolean,
  context: PublishContext,
): Promise<void> {
  const url = session.client.uploadUrl(container.url, `ig-api-upload/v25.0/${container.id}`);
  await sendResuming(
    {
      async send(offset) {
        const body = bytesFrom(media, offset, context.progress);
        const headers = { offset: String(offset), file_size: String(media.bytes) };
        return shaped(await session.client.send({ url, headers, body }, context.signal), success);
      },
      received: () => bytesAt(session, container.id, context.signal),
      whole: { success: true } as const,
    },
    isFresh ? 0 : undefined,
    media,
    context,
  );
}

async function bytesAt(session: MetaSession, id: string, signal: AbortSignal): Promise<number> {
  const call = { method: 'GET', path: id, query: { fields: 'video_status' } } as const;
  const phase = (await ask(session, call, progress, signal)).video_status?.uploading_phase;
  return phase?.bytes_transferred ?? phase?.bytes_transfered ?? 0;
}
