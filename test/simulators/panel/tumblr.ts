/** Tumblr on the page of the simulators: its variables, its wall, and how it words each fault. */
import type { FileOptions } from '../files.ts';
import { startTumblrSimulator, type TumblrSimulator } from '../tumblr/server.ts';
import {
  PROCESSING_MS,
  type SimulatedNetwork,
  SLOW_PROCESSING_MS,
  secondsUntil,
  type WallEntry,
} from './network.ts';

const POSTS_A_DAY = 250;

export async function startTumblr(port: number, files: FileOptions): Promise<SimulatedNetwork> {
  // Without new refresh tokens, those that a program has kept are still good after the simulators were started again.
  const tumblr = await startTumblrSimulator({
    port,
    rotates: false,
    transcodingMs: PROCESSING_MS,
    ...files,
  });
  const { options, credentials, bearer } = tumblr;
  const { accessToken, refreshToken } = bearer.tokens();
  let isSpent = false;
  return {
    network: 'tumblr',
    label: 'Tumblr',
    environment: {
      TUMBLR_API_URL: tumblr.url,
      TUMBLR_CONSUMER_KEY: credentials.consumerKey,
      TUMBLR_CONSUMER_SECRET: credentials.consumerSecret,
      TUMBLR_TOKEN: accessToken,
      TUMBLR_REFRESH_TOKEN: refreshToken,
      TUMBLR_BLOG: tumblr.blog.name,
    },
    requests: tumblr.requests,
    violations: tumblr.violations,
    wall: () => wallOf(tumblr),
    faults: tumblr.faults,
    creating: /^\/v2\/blog\/[^/]+\/posts$/,
    rateLimited: (until) => ({
      do: 'answer',
      status: 429,
      body: { meta: { status: 429, msg: 'Limit Exceeded' }, response: [] },
      headers: { 'x-ratelimit-perhour-remaining': '0', 'x-ratelimit-perhour-reset': secondsUntil(until) },
    }),
    serverError: {
      do: 'answer',
      status: 500,
      body: { meta: { status: 500, msg: 'Internal Server Error' }, response: [] },
    },
    lasting: {
      'expired token': bearer.expire,
      'revoked token': tumblr.revoke,
      'slow processing': () => {
        options.transcodingMs = SLOW_PROCESSING_MS;
      },
      'quota spent': () => {
        if (!isSpent) tumblr.use('posts', POSTS_A_DAY);
        isSpent = true;
      },
    },
    restore() {
      tumblr.restore();
      options.transcodingMs = PROCESSING_MS;
      if (isSpent) tumblr.use('posts', -POSTS_A_DAY);
      isSpent = false;
    },
    stop: tumblr.stop,
  };
}

function wallOf(tumblr: TumblrSimulator): readonly WallEntry[] {
  return [...tumblr.posts(), ...tumblr.otherPosts()].map(({ id, createdAt, blocks, files }) => {
    const texts = blocks.flatMap((block) => (block.type === 'text' ? [String(block.text)] : []));
    const link = blocks.find((block) => block.type === 'link')?.url;
    return {
      id,
      at: createdAt,
      text: texts.join('\n'),
      ...(typeof link === 'string' ? { link } : {}),
      media: files,
    };
  });
}
