/**
 * Fifty accounts publish at once through the whole engine while one network answers after half a minute, beside the same without that
 * network: the others must not feel it. In real time, and both at the same time in this process, so that whatever else the machine
 * does meets both alike.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { newDelivery } from '../../../src/core/services/plan.ts';
import type { Account, MediaItem } from '../../../src/core/words.ts';
import { mediaItem } from '../../helpers/publishing.ts';
import { type BenchEngine, createBenchEngine } from '../engine.ts';
import { type Figure, milliseconds, percentile, printTable } from '../figures.ts';
import { batches, newPost } from '../lateness-load.ts';
import { NETWORKS, type Network, settingsAt } from './network.ts';
import { type Sink, startSink } from './sink.ts';

const SLOW: Network = 'tumblr';
/** Half of the time that the publishers wait for an answer, so that each call succeeds in the end. */
const SLOW_MS = 30_000;
const ACCOUNTS_EACH = 10;
const POSTS_EACH = 12;
const ROUNDS = 2;
/** The slowest posts of the others may be slower by this factor, which is within what two equal runs differ by. */
const FACTOR_MAX = 1.1;
const LOOK_MS = 50;

/** Where words alone make no post, something small is with them. */
const MEDIA: Readonly<Partial<Record<Network, readonly MediaItem[]>>> = {
  instagram: [mediaItem('video', { bytes: 20_000, fastStart: true })],
  pinterest: [mediaItem('image', { bytes: 20_000 })],
};

/** All posts of some networks, stored and due. */
interface Rush {
  /** Sends them; ends when those of the networks that answer at once are out. Answers the milliseconds that each took. */
  run(): Promise<readonly number[]>;
  stop(): Promise<void>;
}

export async function measureIsolation(): Promise<readonly Figure[]> {
  const others = NETWORKS.filter((network) => network !== SLOW);
  const without: number[] = [];
  const beside: number[] = [];
  // The first round, which loads what is loaded on first use, is for nothing.
  for (let round = 0; round <= ROUNDS; round += 1) {
    const rushes = [await prepareRush(others), await prepareRush(NETWORKS)] as const;
    try {
      const [one, other] = await Promise.all([rushes[0].run(), rushes[1].run()]);
      if (round === 0) continue;
      without.push(...one);
      beside.push(...other);
    } finally {
      await Promise.all(rushes.map((rush) => rush.stop()));
    }
  }
  const count = others.length * ACCOUNTS_EACH * POSTS_EACH;
  const row = (name: string, latencies: readonly number[]): string[] => [
    name,
    ((count * 1000) / Math.max(...latencies)).toFixed(0),
    milliseconds(percentile(latencies, 0.5)),
    milliseconds(percentile(latencies, 0.99)),
  ];
  printTable(
    [`twice ${count} posts of ${others.length * ACCOUNTS_EACH} accounts`, 'posts/s', 'median', 'p99'],
    [row(`${SLOW} has nothing to do`, without), row(`${SLOW} answers after ${SLOW_MS / 1000} s`, beside)],
  );
  const factor = percentile(beside, 0.99) / percentile(without, 0.99);
  console.log(`  p99 beside the slow network: ${factor.toFixed(2)} × (at most ${FACTOR_MAX})`);
  return [
    { what: 'one slow network: p99 of the others', value: factor.toFixed(2), isMet: factor <= FACTOR_MAX },
  ];
}

async function prepareRush(networks: readonly Network[]): Promise<Rush> {
  const sinks = new Map<Network, Sink>();
  for (const network of networks)
    sinks.set(network, await startSink(network, network === SLOW ? SLOW_MS : 0));
  const urls = Object.fromEntries([...sinks].map(([network, { url }]) => [network, url]));
  const bench = await createBenchEngine({ publishers: settingsAt(urls) });
  await storePosts(bench, networks);
  const deliveries = bench.database.connection.collection('deliveries');
  const out = { state: 'published', network: { $ne: SLOW } };
  const wanted = await deliveries.countDocuments({ network: { $ne: SLOW } });
  return {
    async run() {
      const begin = Date.now();
      await bench.start();
      while ((await deliveries.countDocuments(out)) < wanted) {
        const failed = await deliveries.findOne({
          state: { $in: ['failed', 'uncertain'] },
          network: { $ne: SLOW },
        });
        if (failed) throw new Error(`A delivery is ${failed.state}: ${bench.problems.join('\n')}`);
        await sleep(LOOK_MS);
      }
      const published = await deliveries.find(out).toArray();
      return published.map(({ attempts }) => (attempts.at(-1).endedAt as Date).getTime() - begin);
    },
    async stop() {
      await bench.stop();
      await Promise.all([...sinks.values()].map((sink) => sink.stop()));
    },
  };
}

/** In turn for all accounts, as posts of many teams lie in the database. */
async function storePosts({ stores }: BenchEngine, networks: readonly Network[]): Promise<void> {
  const now = new Date();
  const accounts = networks.flatMap((network) =>
    Array.from({ length: ACCOUNTS_EACH }, (_, index) => accountOf(network, index, now)),
  );
  for (const account of accounts) await stores.accounts.upsert(account);
  const posts = Array.from({ length: POSTS_EACH }, () => accounts)
    .flat()
    .map((account, index) => {
      const media = MEDIA[account.network as Network] ?? [];
      return { account, post: { ...newPost(index, [account], now, now), media } };
    });
  for (const batch of batches(posts, 100))
    await Promise.all(batch.map(({ post }) => stores.posts.insert(post)));
  await stores.deliveries.insert(posts.map(({ account, post }) => newDelivery(post, account, now)));
}

function accountOf(network: Network, index: number, createdAt: Date): Account {
  return {
    id: `${network}${index}`,
    workspaceId: 'W0',
    network,
    mode: 'live',
    remoteId: String(index),
    source: 'environment',
    handle: `@acme${index}`,
    name: 'Acme',
    active: true,
    health: 'ok',
    createdAt,
  };
}
