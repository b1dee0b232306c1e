/** The process that rise.ts measures: publishers that send media from the store for files, one after the other. */
import type { PublishContext } from '../../../src/core/publisher.ts';
import type { MediaItem } from '../../../src/core/words.ts';
import { systemClock, systemRandom } from '../../../src/lib/system-clock.ts';
import { createPublishers } from '../../../src/publishers/index.ts';
import { createFileBlobStore } from '../../../src/stores/blob-files.ts';
import { createMemoryWall } from '../../helpers/memory-wall.ts';
import { account, content, recordingLog } from '../../helpers/publishing.ts';
import { type Network, settingsAt } from './network.ts';

export interface RiseTask {
  /** Of the store. */
  readonly directory: string;
  readonly urls: Partial<Record<Network, string>>;
  readonly sendings: readonly { readonly network: Network; readonly media: readonly MediaItem[] }[];
}

export interface RiseReport {
  readonly network: Network;
  readonly milliseconds: number;
  /** By how much the process was larger at the peak of this sending than before the first, in bytes. */
  readonly rise: number;
}

/** What is loaded once and for all does not count: the beginning of everything goes first. */
const FIRST_BYTES = 8_000_000;
const SAMPLE_MS = 2;

const { directory, urls, sendings } = JSON.parse(process.argv[2] ?? '{}') as RiseTask;
const vault = { load: async () => undefined, save: async () => undefined };
const blobs = await createFileBlobStore(directory);
const { live } = await createPublishers(settingsAt(urls), {
  wall: createMemoryWall(),
  blobs,
  clock: systemClock,
  random: systemRandom,
  tokenVault: () => vault,
});

/** Steps until it is published; pauses are left out, since the other side is always ready. */
async function publish(network: Network, items: readonly MediaItem[]): Promise<void> {
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

for (const { network, media } of sendings)
  await publish(
    network,
    media.map((item) => ({ ...item, bytes: Math.min(FIRST_BYTES, item.bytes) })),
  );
const before = process.memoryUsage.rss();
const reports: RiseReport[] = [];
for (const { network, media } of sendings) {
  let peak = process.memoryUsage.rss();
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, SAMPLE_MS);
  const begin = performance.now();
  await publish(network, media);
  clearInterval(timer);
  reports.push({ network, milliseconds: performance.now() - begin, rise: peak - before });
}
process.send?.(reports);
process.disconnect?.();
