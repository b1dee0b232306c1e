/** Agenda's poll over 100,000 jobs: nothing due, and everything due. */
import { type Collection, type Document, MongoClient } from 'mongodb';
import { ensureAlarmIndexes } from '../../../src/jobs/job-documents.ts';
import { median } from '../figures.ts';

const JOBS = 100_000;
const ROUNDS = 200;
/** Until the server's code is compiled, which a bot that polls for days has long behind it. */
const WARM_UP = 2_000;
const LOCK_LIFETIME_MS = 30_000;

export interface Polls {
  readonly idleMs: number;
  readonly claimMs: number;
}

export async function measurePolls(uri: string): Promise<Polls> {
  const client = await new MongoClient(uri).connect();
  try {
    const jobs: Collection<Document> = client.db('polls').collection('agendaJobs');
    await ensureAlarmIndexes(jobs as never);
    // As Agenda makes it: @agendajs/mongo-backend 4.0.3, MongoJobRepository.
    const key = { name: 1, nextRunAt: 1, priority: -1, lockedAt: 1, disabled: 1 } as const;
    await jobs.createIndex(key, { name: 'findAndLockNextJobIndex' });
    const now = Date.now();
    for (let start = 0; start < JOBS; start += 5_000) {
      await jobs.insertMany(
        Array.from({ length: 5_000 }, (_, index) => {
          const at = new Date(now + 3_600_000 + start + index);
          const data = { postId: `P${start + index}`, at };
          return { name: 'publish-post', data, priority: 0, type: 'normal', nextRunAt: at, lockedAt: null };
        }),
      );
    }
    for (let round = 0; round < WARM_UP; round += 1) await poll(jobs, new Date());
    const idleMs = await medianOf(() => poll(jobs, new Date()));
    const claimMs = await medianOf(() => poll(jobs, new Date(now + 7_200_000)));
    return { idleMs, claimMs };
  } finally {
    await client.close();
  }
}

async function medianOf(action: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const begin = performance.now();
    await action();
    times.push(performance.now() - begin);
  }
  return median(times);
}

function poll(jobs: Collection<Document>, until: Date): Promise<unknown> {
  const dead = new Date(Date.now() - LOCK_LIFETIME_MS);
  const filter = {
    name: 'publish-post',
    disabled: { $ne: true },
    $or: [{ lockedAt: { $eq: null }, nextRunAt: { $lte: until } }, { lockedAt: { $lte: dead } }],
  };
  const update = { $set: { lockedAt: new Date(), lastModifiedBy: 'bench' } };
  return jobs.findOneAndUpdate(filter, update, {
    sort: { nextRunAt: 1, priority: -1 },
    returnDocument: 'after',
  });
}
