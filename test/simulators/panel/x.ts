/** X on the page of the simulators: its variables, its wall, and how it words each fault. */
import type { FileOptions } from '../files.ts';
import { problem } from '../x/problems.ts';
import { startXSimulator, type XSimulator } from '../x/server.ts';
import {
  PROCESSING_MS,
  type SimulatedNetwork,
  SLOW_PROCESSING_MS,
  unixSeconds,
  type WallEntry,
} from './network.ts';

const CREATING = /^\/2\/tweets$/;

export async function startX(port: number, files: FileOptions): Promise<SimulatedNetwork> {
  const x = await startXSimulator({ port, processingMs: PROCESSING_MS, ...files });
  const { options, credentials } = x;
  return {
    network: 'x',
    label: 'X',
    environment: {
      X_API_URL: x.url,
      X_API_KEY: credentials.apiKey,
      X_API_SECRET: credentials.apiSecret,
      X_ACCESS_TOKEN: credentials.accessToken,
      X_ACCESS_SECRET: credentials.accessSecret,
    },
    requests: x.requests,
    violations: x.violations,
    wall: () => wallOf(x),
    faults: x.faults,
    creating: CREATING,
    rateLimited: (until) => ({
      do: 'answer',
      status: 429,
      body: problem(429, 'about:blank', 'Too Many Requests', 'Too Many Requests'),
      headers: { 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': unixSeconds(until) },
    }),
    serverError: {
      do: 'answer',
      status: 500,
      body: problem(500, 'about:blank', 'Internal Server Error', 'Something went wrong.'),
    },
    lasting: {
      'revoked token': x.revoke,
      'slow processing': () => {
        options.processingMs = SLOW_PROCESSING_MS;
      },
      'quota spent': () => {
        const detail = 'Your enrolled account does not have any credits to fulfill this request.';
        const body = problem(402, 'credits', 'CreditsDepleted', detail);
        x.faults.next('POST', CREATING, { do: 'answer', status: 402, body }, Number.POSITIVE_INFINITY);
      },
    },
    restore() {
      x.restore();
      options.processingMs = PROCESSING_MS;
    },
    stop: x.stop,
  };
}

function wallOf(x: XSimulator): readonly WallEntry[] {
  return x.tweets().map(({ id, createdAt, sent, media }) => ({
    id,
    at: createdAt,
    text: sent,
    media: media.map(({ category, sha256, bytes, alt }) => ({
      kind: category === 'tweet_video' ? ('video' as const) : ('image' as const),
      sha256,
      bytes,
      alt,
    })),
  }));
}
