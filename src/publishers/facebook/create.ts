/** The creating calls, one for each kind of post. */
import type { PublishContext } from '../../core/publisher.ts';
import { ask, type MetaSession } from '../meta/ask.ts';
import type { GraphCall } from '../meta/client.ts';
import { createdPhoto, createdPost, createdStory, success } from './answers.ts';
import { type Created, type FacebookCheckpoint, storyMediaOf } from './checkpoint.ts';
import { type Plan, wordsOf } from './content.ts';
import { photoCall } from './photos.ts';

/** Makes the call, once. Throws MetaFailure. */
export async function create(
  session: MetaSession,
  pageId: string,
  plan: Plan,
  checkpoint: FacebookCheckpoint,
  context: PublishContext,
): Promise<Created> {
  const { content, signal } = context;
  const text = wordsOf(content);
  const send = <T>(call: GraphCall, shape: Parameters<typeof ask<T>>[2]): Promise<T> =>
    ask(session, { ...call, once: true }, shape, signal);
  const optional = (name: string): Readonly<Record<string, string>> => (text === '' ? {} : { [name]: text });
  switch (plan.kind) {
    case 'photo': {
      const call = photoCall(pageId, plan.photo, optional('caption'), context);
      const { id, post_id } = await send(call, createdPhoto);
      return { kind: 'post', id: post_id ?? id };
    }
    case 'video': {
      const handle = checkpoint.upload?.handle ?? '';
      const form = { ...optional('description'), fbuploader_video_file_chunk: handle };
      const { id } = await send({ method: 'POST', path: `${pageId}/videos`, form }, createdPost);
      return { kind: 'video', id };
    }
    case 'reel': {
      const id = checkpoint.upload?.id ?? '';
      const form = {
        upload_phase: 'finish',
        video_id: id,
        video_state: 'PUBLISHED',
        ...optional('description'),
      };
      await send({ method: 'POST', path: `${pageId}/video_reels`, form }, success);
      return { kind: 'reel', id };
    }
    case 'photo story':
    case 'video story': {
      const media = storyMediaOf(checkpoint);
      const [edge, form] =
        media?.kind === 'video'
          ? ['video_stories', { upload_phase: 'finish', video_id: media.id }]
          : ['photo_stories', { photo_id: media?.id ?? '' }];
      const { post_id: id } = await send({ method: 'POST', path: `${pageId}/${edge}`, form }, createdStory);
      return { kind: 'story', id, ...(media ? { media } : {}) };
    }
    default: {
      const photos = plan.kind === 'album' ? (checkpoint.photos ?? []).slice(0, plan.photos.length) : [];
      const attached = photos.map(({ id }, index) => [
        `attached_media[${index}]`,
        JSON.stringify({ media_fbid: id }),
      ]);
      const link = plan.kind === 'words' && content.link !== undefined ? { link: content.link } : {};
      const form = { ...optional('message'), ...link, ...Object.fromEntries(attached) };
      const { id } = await send({ method: 'POST', path: `${pageId}/feed`, form }, createdPost);
      return { kind: 'post', id };
    }
  }
}
