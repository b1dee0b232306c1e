/** The process that rise.ts measures: one publisher that sends media from the store for files. */
import type { PublishContext } from '../../../src/core/publisher.ts';
import type { MediaItem } from '../../../src/core/words.ts';
import { systemClock, systemRandom } from '../../../src/lib/system-clock.ts';
import { createPublishers } from '../../../src/publishers/index.ts';
import { createFileBlobStore } from '../../../src/stores/blob-files.ts';
import { createMemoryWall } from '../../helpers/memory-wall.ts';
import { account, content, recordingLog } from '../../helpers/publishing.ts';
import { type Network, settingsAt } from './network.ts';

export interface RiseTask {
  readonly network: Network;
  readonly url: string;
  /** Of the store. */
  readonly directory: string;
  readonly media: readonly MediaItem[];
}

export interface RiseReport {
  readonly milliseconds: number;
  /** By how much the process grew at its peak, in bytes. */
  readonly rise: number;
}

/** What is loaded once and for all does not count: the beginning of everything goes first. */
const FIRST_BYTES = 8_000_000;
const SAMPLE_MS = 2;

const { network, url, directory, media } = JSON.parse(process.argv[2] ?? '{}') as RiseTask;
const vault = { load: async () => undefined, save: async () => undefined };
const blobs = await createFileBlobStore(directory);
const { live } = await createPublishers(settingsAt({ [network]: url }), {
  wall: createMemoryWall(),
  blobs,
  clock: systemClock,
  random: systemRandom,
  tokenVault: () => vault,
});

/** Steps until it is published; pauses are left out, since the other side is always ready. */
async function publish(items: readonly MediaItem[]): Promise<void> {
  const publisher = live.get(network);
  if (!publisher) throw new Error(`${network} is not configured`);
  const prepared = items.map((item) => ({
    ...item,
    open: (range = { start: 0, end: item.bytes }) => blobs.pieces(item.sha256, range),
  }));
  let checkpoint: PublishContext['checkpoint'];
  for (;;) {
    const outcome = await publisher.publish({
      account: account(network),
      deliveryId: 'P.A',
      postId: 'P',
      content: { ...content({ text: 'Ding' }), media: prepared },
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

await publish(media.map((item) => ({ ...item, bytes: Math.min(FIRST_BYTES, item.bytes) })));
const before = process.memoryUsage.rss();
let peak = before;
const timer = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, SAMPLE_MS);
const begin = performance.now();
await publish(media);
clearInterval(timer);
const report: RiseReport = { milliseconds: performance.now() - begin, rise: peak - before };
process.send?.(report);
process.disconnect?.();
