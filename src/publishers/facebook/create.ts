/** The creating calls, one for each kind of post: made ready first, so that nothing but the call itself stands behind the fence. */
import type { PublishContext } from '../../core/publisher.ts';
import { ask, inStep, type MetaSession } from '../meta/ask.ts';
import type { GraphCall } from '../meta/client.ts';
import { createdPhoto, createdPost, success } from './answers.ts';
import type { Created, FacebookCheckpoint } from './checkpoint.ts';
import { type Plan, wordsOf } from './content.ts';
import { photoCall } from './photos.ts';

/** Answers the call, to be made once. What it sends is read before; the call itself throws MetaFailure. */
export async function create(
  session: MetaSession,
  pageId: string,
  plan: Plan,
  checkpoint: FacebookCheckpoint,
  context: PublishContext,
): Promise<() => Promise<Created>> {
  const { content, signal } = context;
  const text = wordsOf(content);
  const send = <T>(call: GraphCall, shape: Parameters<typeof ask<T>>[2]): Promise<T> =>
    ask(session, { ...call, once: true }, shape, signal);
  const optional = (name: string): Readonly<Record<string, string>> => (text === '' ? {} : { [name]: text });
  switch (plan.kind) {
    case 'photo': {
      const call = await inStep(session, 'media', () =>
        photoCall(pageId, plan.photo, optional('caption'), context),
      );
      return async () => {
        const { id, post_id } = await send(call, createdPhoto);
        return { kind: 'post', id: post_id ?? id };
      };
    }
    case 'video': {
      const form = {
        ...optional('description'),
        fbuploader_video_file_chunk: checkpoint.upload?.handle ?? '',
      };
      return async () => ({
        kind: 'video',
        id: (await send({ method: 'POST', path: `${pageId}/videos`, form }, createdPost)).id,
      });
    }
    case 'reel': {
      const id = checkpoint.upload?.id ?? '';
      const form = {
        upload_phase: 'finish',
        video_id: id,
        video_state: 'PUBLISHED',
        ...optional('description'),
      };
      return async () => {
        await send({ method: 'POST', path: `${pageId}/video_reels`, form }, success);
        return { kind: 'reel', id };
      };
    }
    default: {
      const photos = plan.kind === 'album' ? (checkpoint.photos ?? []).slice(0, plan.photos.length) : [];
      const attached = photos.map(({ id }, index) => [
        `attached_media[${index}]`,
        JSON.stringify({ media_fbid: id }),
      ]);
      const link = plan.kind === 'words' && content.link !== undefined ? { link: content.link } : {};
      const form = { ...optional('message'), ...link, ...Object.fromEntries(attached) };
      return async () => ({
        kind: 'post',
        id: (await send({ method: 'POST', path: `${pageId}/feed`, form }, createdPost)).id,
      });
    }
  }
}
