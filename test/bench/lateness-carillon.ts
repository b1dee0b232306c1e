/** Our side of the lateness bench: the whole engine as the program joins it (alarms, dispatcher, journal, roll-ups, notices). */
import { setTimeout as sleep } from 'node:timers/promises';
import { createBenchEngine } from './engine.ts';
import { batches, type LatenessReport, type LatenessTask, REST_MS, storePosts } from './lateness-load.ts';

const LOOK_MS = 20;
const FAR_MS = 3_600_000;

export async function runCarillon(task: LatenessTask): Promise<LatenessReport> {
  const begun: number[] = [];
  const bench = await createBenchEngine({
    watch: (wall) => ({
      ...wall,
      add(entry) {
        begun.push(Date.now());
        return wall.add(entry);
      },
    }),
  });
  const { database, stores, engine, problems } = bench;
  try {
    // Stored for a far instant, and moved to the real one when all is there: how long storing takes is not known before.
    const far = new Date(Date.now() + FAR_MS);
    const posts = await storePosts(database, stores, task, far);
    const alarms = await bench.start();
    for (const batch of batches(posts, 50))
      await Promise.all(batch.map((post) => alarms.set(post.id, post.dueAt, 1)));
    const due = new Date(Date.now() + REST_MS);
    const { connection } = database;
    await connection.collection('posts').updateMany({}, { $set: { dueAt: due } });
    await connection.collection('deliveries').updateMany({}, { $set: { dueAt: due, nextAttemptAt: due } });
    await connection
      .collection('agendaJobs')
      .updateMany({ name: 'publish-post' }, { $set: { nextRunAt: due, 'data.at': due } });
    // The dispatcher's timer was armed for the far instant; a program that had been running would have the right one.
    engine.onDue();
    await sleep(due.getTime() - Date.now() - LOOK_MS);
    const cpu = process.cpuUsage();
    while (begun.length < task.deliveries) await sleep(LOOK_MS);
    await untilSettled(bench, task.deliveries, posts.length);
    const settledAfter = Date.now() - due.getTime();
    const { user, system } = process.cpuUsage(cpu);
    if (begun.length !== task.deliveries)
      problems.push(`${begun.length} creating calls for ${task.deliveries} deliveries`);
    return {
      lateness: begun.map((at) => at - due.getTime()),
      settledAfter,
      cpuMs: (user + system) / 1000,
      problems,
    };
  } finally {
    await bench.stop();
  }
}

/** Every delivery published, every post rolled up, every outcome told. */
async function untilSettled(
  { stores, engine, told, database }: Awaited<ReturnType<typeof createBenchEngine>>,
  deliveries: number,
  posts: number,
): Promise<void> {
  const done = () =>
    database.connection
      .collection('deliveries')
      .countDocuments({ state: 'published', lease: { $exists: false } });
  for (;;) {
    await engine.idle();
    const untold = await stores.notices.nextDue(['terminal']);
    if (!untold && told.sent >= posts && (await done()) === deliveries) return;
    await sleep(LOOK_MS);
  }
}
