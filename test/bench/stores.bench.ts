/**
 * How fast the delivery store claims and journals: 10,000 deliveries due at once over 100 accounts.
 * Against MONGODB_URI when set, else against the embedded database.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbedded } from '../../src/embedded/index.ts';
import { createIndexes, createStores, openDatabase } from '../../src/stores/index.ts';
import { claimDue, delivery, NOW, seconds } from '../contract/stores/fixtures.ts';

const DELIVERIES = 10_000;
const ACCOUNTS = 100;
const CLAIM = 200;
const STEPS = 3;

export interface StoreRow {
  readonly what: string;
  readonly count: number;
  readonly milliseconds: number;
  /** Processor time of all threads, which a busy machine does not stretch. */
  readonly cpuMilliseconds: number;
}

async function timed(what: string, count: number, action: () => Promise<unknown>): Promise<StoreRow> {
  const begin = performance.now();
  const cpu = process.cpuUsage();
  await action();
  const { user, system } = process.cpuUsage(cpu);
  return { what, count, milliseconds: performance.now() - begin, cpuMilliseconds: (user + system) / 1000 };
}

async function measure(): Promise<readonly StoreRow[]> {
  const directory = await mkdtemp(join(tmpdir(), 'carillon-bench-'));
  const given = process.env.MONGODB_URI;
  const server = given ? undefined : await startEmbedded({ directory, listen: { socket: true } });
  const opened = await openDatabase(given ?? server?.uri ?? '', { timeoutMs: 5_000 });
  const connection = opened.connection.useDb(`carillon_bench_${process.pid}`);
  try {
    const { deliveries } = createStores(connection);
    await createIndexes(connection);
    const rows: StoreRow[] = [];
    const all = Array.from({ length: DELIVERIES }, (_, index) =>
      delivery({
        postId: `P${String(index).padStart(5, '0')}`,
        accountId: `A${index % ACCOUNTS}`,
        priority: index % 3,
      }),
    );
    rows.push(await timed('inserted', DELIVERIES, () => deliveries.insert(all)));

    const claimed: { id: string; token: string }[] = [];
    const claims = Math.ceil(DELIVERIES / CLAIM);
    rows.push(
      await timed(`claimed, ${CLAIM} at a time`, DELIVERIES, async () => {
        for (let round = 0; round <= claims; round += 1) {
          const token = `t${round}`;
          const batch = await claimDue(deliveries, NOW, {
            limit: CLAIM,
            token,
            until: seconds(30),
            exceptAccounts: [],
          });
          claimed.push(...batch.map(({ id }) => ({ id, token })));
        }
      }),
    );
    if (claimed.length !== DELIVERIES) throw new Error(`Claimed ${claimed.length} of ${DELIVERIES}.`);

    rows.push(
      await timed(`journal writes, ${ACCOUNTS} workers`, DELIVERIES * STEPS, async () => {
        const line = [...claimed];
        const work = async (): Promise<void> => {
          for (let job = line.pop(); job; job = line.pop()) {
            const { id, token } = job;
            await deliveries.write(
              id,
              token,
              { state: 'publishing', attempts: [{ id: 'T', startedAt: NOW, outcome: 'sending' }] },
              NOW,
            );
            await deliveries.write(
              id,
              token,
              { attempts: [{ id: 'T', startedAt: NOW, endedAt: NOW, outcome: 'accepted', remoteId: 'R' }] },
              NOW,
            );
            await deliveries.write(
              id,
              token,
              { state: 'published', remoteId: 'R', nextAttemptAt: null, settledAt: NOW, release: true },
              NOW,
            );
          }
        };
        await Promise.all(Array.from({ length: ACCOUNTS }, work));
      }),
    );
    rows.push(
      await timed('claims with nothing due', 200, async () => {
        for (let round = 0; round < 200; round += 1) {
          await claimDue(deliveries, NOW, {
            limit: CLAIM,
            token: `e${round}`,
            until: seconds(30),
            exceptAccounts: [],
          });
        }
      }),
    );
    return rows;
  } finally {
    await connection.dropDatabase();
    await opened.close();
    await server?.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

/** Measures and prints. */
export async function run(): Promise<readonly StoreRow[]> {
  const rows = await measure();
  for (const { what, count, milliseconds, cpuMilliseconds } of rows) {
    const rate = (time: number): string => String(Math.round((count / time) * 1000)).padStart(7);
    console.log(
      `${what.padEnd(30)} ${String(count).padStart(6)} in ${milliseconds.toFixed(0).padStart(6)} ms: ${rate(milliseconds)}/s, ${rate(cpuMilliseconds)} per second of processor time`,
    );
  }
  return rows;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run();
