/** The process that memory.ts measures: one publisher that sends one video from a file. */
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { PublishContext } from '../../../src/core/publisher.ts';
import { systemClock, systemRandom } from '../../../src/lib/system-clock.ts';
import { createPublishers } from '../../../src/publishers/index.ts';
import { createMemoryBlobs, createMemoryWall } from '../../helpers/memory-wall.ts';
import { account, content, mediaItem, recordingLog } from '../../helpers/publishing.ts';
import { type Network, settingsAt } from './network.ts';

export interface MemoryTask {
  readonly network: Network;
  readonly url: string;
  readonly file: string;
  readonly bytes: number;
}

export interface MemoryReport {
  readonly milliseconds: number;
  /** By how much the process grew at its peak, in bytes. */
  readonly rise: number;
}

/** What is loaded once and for all does not count: a small video goes first. */
const FIRST_BYTES = 8_000_000;
const SAMPLE_MS = 2;

const { network, url, file, bytes } = JSON.parse(process.argv[2] ?? '{}') as MemoryTask;
const vault = { load: async () => undefined, save: async () => undefined };
const { live } = await createPublishers(settingsAt({ [network]: url }), {
  wall: createMemoryWall(),
  blobs: createMemoryBlobs(),
  clock: systemClock,
  random: systemRandom,
  tokenVault: () => vault,
});

/** Steps until it is published; pauses are left out, since the other side is always ready. */
async function publish(size: number): Promise<void> {
  const publisher = live.get(network);
  if (!publisher) throw new Error(`${network} is not configured`);
  const item = { ...mediaItem('video', { fastStart: true }), bytes: size, sha256: `of ${size} bytes` };
  const open = (range = { start: 0, end: size }): Readable =>
    range.start === range.end
      ? Readable.from([])
      : createReadStream(file, { start: range.start, end: range.end - 1 });
  let checkpoint: PublishContext['checkpoint'];
  for (;;) {
    const outcome = await publisher.publish({
      account: account(network),
      deliveryId: 'P.A',
      postId: 'P',
      content: { ...content({ text: 'Ding' }), media: [{ ...item, open }] },
      ...(checkpoint ? { checkpoint } : {}),
      creating: async () => undefined,
      progress: () => undefined,
      clock: systemClock,
      random: systemRandom,
      log: recordingLog([]),
      signal: new AbortController().signal,
    });
    if (outcome.state === 'published') return;
    if (outcome.state === 'pending') ({ checkpoint } = outcome);
  }
}

await publish(FIRST_BYTES);
const before = process.memoryUsage.rss();
let peak = before;
const timer = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, SAMPLE_MS);
const begin = performance.now();
await publish(bytes);
clearInterval(timer);
const report: MemoryReport = { milliseconds: performance.now() - begin, rise: peak - before };
process.send?.(report);
process.disconnect?.();
