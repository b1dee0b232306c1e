/** Facebook on the page of the simulators: its variables, its wall, and how it words each fault. */
import type { FileOptions } from '../files.ts';
import { type FacebookSimulator, startFacebookSimulator } from '../meta/facebook.ts';
import { metaRateLimited, metaServerError, metaTokens } from './meta.ts';
import { PROCESSING_MS, type SimulatedNetwork, SLOW_PROCESSING_MS, type WallEntry } from './network.ts';

export async function startFacebook(
  port: number,
  files: FileOptions,
): Promise<SimulatedNetwork & { readonly uploadUrl: string }> {
  const facebook = await startFacebookSimulator({ port, processingMs: PROCESSING_MS, ...files });
  return {
    network: 'facebook',
    label: 'Facebook',
    environment: {
      FACEBOOK_API_URL: facebook.apiUrl,
      FACEBOOK_PAGE_ID: facebook.pageId,
      FACEBOOK_PAGE_TOKEN: facebook.token,
    },
    uploadUrl: facebook.uploadUrl,
    requests: facebook.requests,
    violations: facebook.violations,
    wall: () => wallOf(facebook),
    faults: facebook.faults,
    creating: /\/(?:feed|photos|videos|video_reels|photo_stories|video_stories)$/,
    rateLimited: metaRateLimited('pages', 80001),
    serverError: metaServerError,
    lasting: {
      ...metaTokens(facebook),
      'slow processing': () => {
        facebook.options.processingMs = SLOW_PROCESSING_MS;
      },
      'quota spent': () => facebook.refuseAll({ code: 32, message: 'Page request limit reached' }),
    },
    restore() {
      facebook.refuseAll(undefined);
      facebook.options.processingMs = PROCESSING_MS;
    },
    stop: facebook.stop,
  };
}

function wallOf(facebook: FacebookSimulator): readonly WallEntry[] {
  const posts = facebook.posts().map(({ id, at, message, link, photos }) => ({
    id,
    at: new Date(at),
    text: message,
    ...(link === undefined ? {} : { link }),
    media: photos.map(({ sha256, bytes, alt }) => ({ kind: 'image' as const, sha256, bytes, alt })),
  }));
  const videos = facebook.videos().flatMap(({ id, kind, createdAt, deleted, description, file }) => {
    if (createdAt === undefined || deleted || kind === 'story') return [];
    const media = [{ kind: 'video' as const, sha256: file.sha256, bytes: file.total }];
    return [{ id, at: new Date(createdAt), text: description, media }];
  });
  const stories = facebook.stories().map(({ id, kind, media, at }) => {
    const { sha256 } =
      facebook.photos().find((each) => each.id === media) ??
      facebook.videos().find((each) => each.id === media)?.file ??
      {};
    const shown = { kind: kind === 'photo' ? ('image' as const) : kind, sha256 };
    return { id, at: new Date(at), text: '', media: [shown] };
  });
  return [...posts, ...videos, ...stories];
}
