/**
 * The other side of the lateness bench: plain Agenda, one job for each delivery, with the best settings that were found
 * for it: 16 names, a lock limit of four times the concurrency, a refill when half of it is done, removal when done, and
 * the index that its poll lacks. The handler makes the same creating call on the same kind of wall; it keeps no journal,
 * orders no account, and rolls up and tells nothing.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda, InMemoryNotificationChannel } from 'agenda';
import { builtModules, openEmpty } from './built.ts';
import {
  ACCOUNTS,
  batches,
  type LatenessReport,
  type LatenessTask,
  NETWORKS,
  REST_MS,
  textOf,
} from './lateness-load.ts';

const NAMES = Array.from({ length: 16 }, (_, index) => `publish-${index}`);
const CONCURRENCY = 100;
const LOCK_LIMIT = 4 * CONCURRENCY;
const POLL_MS = 250;
const LOCK_LIFETIME_MS = 30_000;
const LOOK_MS = 20;
const FAR_MS = 3_600_000;
const JOBS = 'agendaJobs';

type JobData = {
  readonly delivery: string;
  readonly post: string;
  readonly workspace: string;
  readonly account: string;
  readonly network: string;
  readonly text: string;
};

export async function runAgenda(task: LatenessTask): Promise<LatenessReport> {
  const modules = await builtModules();
  const database = await openEmpty(modules);
  const { connection } = database;
  const wall = modules.wallStore(connection);
  await modules.createIndexes(connection);
  const { db } = connection;
  if (!db) throw new Error('There is no database.');
  const jobs = db.collection(JOBS);
  await jobs.createIndex({ name: 1, lockedAt: 1 });
  const channel = new InMemoryNotificationChannel();
  const problems: string[] = [];
  const agenda = new Agenda({
    backend: new MongoBackend({ mongo: db, collection: JOBS }),
    name: `bench-${process.pid}`,
    processEvery: POLL_MS,
    maxConcurrency: CONCURRENCY,
    defaultConcurrency: Math.ceil(CONCURRENCY / NAMES.length),
    defaultLockLimit: LOCK_LIMIT / NAMES.length,
    defaultLockLifetime: LOCK_LIFETIME_MS,
    removeOnComplete: true,
    notificationChannel: channel,
  });
  agenda.on('error', (error) => problems.push(String(error)));
  await agenda.ready;

  const begun: number[] = [];
  for (const name of NAMES) {
    agenda.define<JobData>(name, async ({ attrs: { data } }) => {
      begun.push(Date.now());
      await wall.add({
        id: `E.${data.delivery}`,
        workspaceId: data.workspace,
        network: data.network,
        account: data.account,
        handle: '@rehearsal',
        post: data.post,
        delivery: data.delivery,
        text: data.text,
        media: [],
        at: new Date(),
      });
    });
  }
  const ended = refillBeforePolls(agenda, channel);
  try {
    // Stored for a far instant, and moved to the real one when all is there, as on our side.
    const far = new Date(Date.now() + FAR_MS);
    const all = Array.from({ length: task.deliveries }, (_, index) => index);
    for (const batch of batches(all, 50)) {
      await Promise.all(
        batch.map((index) => agenda.schedule(far, NAMES[index % NAMES.length]!, dataOf(index, task))),
      );
    }
    await agenda.start();
    const due = new Date(Date.now() + REST_MS);
    await jobs.updateMany({}, { $set: { nextRunAt: due } });
    await sleep(due.getTime() - Date.now() - LOOK_MS);
    const cpu = process.cpuUsage();
    while (ended() < task.deliveries) await sleep(LOOK_MS);
    const settledAfter = Date.now() - due.getTime();
    const { user, system } = process.cpuUsage(cpu);
    return {
      lateness: begun.map((at) => at - due.getTime()),
      settledAfter,
      cpuMs: (user + system) / 1000,
      problems,
    };
  } finally {
    await agenda.stop();
    await database.close();
  }
}

/**
 * Agenda looks for more jobs at its next poll only. A message on its own channel makes it look when half of what a name
 * may lock is done. Answers how many jobs have ended.
 */
function refillBeforePolls(agenda: Agenda, channel: InMemoryNotificationChannel): () => number {
  const half = LOCK_LIMIT / NAMES.length / 2;
  const endedOf = new Map<string, number>();
  let ended = 0;
  agenda.on('complete', ({ attrs: { name, _id } }) => {
    ended += 1;
    const count = (endedOf.get(name) ?? 0) + 1;
    endedOf.set(name, count);
    if (count % Math.floor(half) !== 0) return;
    const now = new Date();
    void channel.publish({
      jobName: name,
      jobId: String(_id) as never,
      nextRunAt: now,
      priority: 0,
      timestamp: now,
    });
  });
  return () => ended;
}

function dataOf(index: number, { targets }: LatenessTask): JobData {
  const post = `P${String(Math.floor(index / targets)).padStart(6, '0')}`;
  const network = NETWORKS[index % NETWORKS.length]!;
  const workspace = Math.floor(index / NETWORKS.length) % (ACCOUNTS / NETWORKS.length);
  return {
    delivery: `${post}.A${workspace}${network}`,
    post,
    workspace: `W${workspace}`,
    account: `A${workspace}${network}`,
    network,
    text: textOf(index),
  };
}
