/** Pinterest on the page of the simulators: its variables, its wall, and how it words each fault. */
import type { FileOptions } from '../files.ts';
import { type PinterestSimulator, startPinterestSimulator } from '../pinterest/server.ts';
import {
  PROCESSING_MS,
  type SimulatedNetwork,
  SLOW_PROCESSING_MS,
  secondsUntil,
  type WallEntry,
} from './network.ts';

export async function startPinterest(port: number, files: FileOptions): Promise<SimulatedNetwork> {
  // Without new refresh tokens, those that a program has kept are still good after the simulators were started again.
  const pinterest = await startPinterestSimulator({
    port,
    rotates: false,
    processingMs: PROCESSING_MS,
    ...files,
  });
  const { options } = pinterest;
  const { accessToken, refreshToken } = pinterest.tokens();
  return {
    network: 'pinterest',
    label: 'Pinterest',
    environment: {
      PINTEREST_API_URL: pinterest.url,
      PINTEREST_ACCESS_TOKEN: accessToken,
      PINTEREST_REFRESH_TOKEN: refreshToken,
      PINTEREST_APP_ID: pinterest.app.id,
      PINTEREST_APP_SECRET: pinterest.app.secret,
      PINTEREST_BOARD_ID: options.boards[0]?.id ?? '',
    },
    requests: pinterest.requests,
    violations: pinterest.violations,
    wall: () => wallOf(pinterest),
    faults: pinterest.faults,
    creating: /^\/v5\/pins$/,
    rateLimited: (until) => ({
      do: 'answer',
      status: 429,
      body: { code: 8, message: 'You have exceeded your rate limit. Try again later.' },
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': secondsUntil(until) },
    }),
    serverError: {
      do: 'answer',
      status: 500,
      body: { code: 11, message: 'Something went wrong on our end.' },
    },
    lasting: {
      'expired token': pinterest.expire,
      'revoked token': pinterest.revoke,
      'slow processing': () => {
        options.processingMs = SLOW_PROCESSING_MS;
      },
      // An app with trial access has an allowance of calls a day, and none beside it.
      'quota spent': () => {
        options.trial = true;
        pinterest.setLimit(0);
      },
    },
    restore() {
      pinterest.restore();
      pinterest.setLimit(CALLS_A_MINUTE);
      Object.assign(options, { processingMs: PROCESSING_MS, trial: false });
    },
    stop: pinterest.stop,
  };
}

const CALLS_A_MINUTE = 100;

function wallOf(pinterest: PinterestSimulator): readonly WallEntry[] {
  return pinterest.pins().map(({ id, createdAt, title, description, link, kind, alt, media }) => ({
    id,
    at: createdAt,
    ...(title === undefined ? {} : { title }),
    text: description ?? '',
    ...(link === undefined ? {} : { link }),
    media: media.map(({ sha256, bytes }) => ({
      kind: kind === 'video' ? ('video' as const) : ('image' as const),
      sha256,
      bytes,
      alt,
    })),
  }));
}
