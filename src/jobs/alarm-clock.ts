/**
 * Agenda as the alarm clock. Its jobs carry ids only and their handlers only say "look": the truth is in the documents,
 * so an alarm that rings twice, early or never costs nothing but a moment (the sweep finds what was missed).
 */
import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda, type Job } from 'agenda';
import type { Connection } from 'mongoose';
import type { AlarmClock } from '../core/alarm-clock.ts';
import { type Clock, SECOND } from '../core/clock.ts';
import { failure } from '../core/errors.ts';
import type { Logger } from '../core/log.ts';
import { BulkWriter } from '../lib/bulk-writer.ts';
import { isDuplicateKey } from '../lib/duplicate-key.ts';
import {
  type AlarmData,
  ensureAlarmIndexes,
  JOBS,
  jobDocument,
  PUBLISH_POST,
  SWEEP,
} from './job-documents.ts';

/** Agenda's `ready` never settles when its indexes cannot be made, and start() would hang for ever. */
const READY_MAX_MS = 10 * SECOND;
/** How long a dead process keeps an alarm locked; handlers end within milliseconds. */
const LOCK_LIFETIME_MS = 30 * SECOND;
/** Alarms locked at once: a process that locked everything due would keep it from the others, and from itself after a crash. */
const LOCK_LIMIT = 10;

export interface AlarmClockOptions {
  readonly connection: Connection;
  /** Unique per process: Agenda takes messages of its own name for its own. */
  readonly name: string;
  readonly processEveryMs: number;
  readonly sweepEveryMs: number;
  /** False for a process that only sets alarms and leaves ringing to the workers. */
  readonly rings: boolean;
  /** Some post falls due at this instant. Must not throw. */
  onDue(at: Date): void;
  /** Resolves when what has just fallen due has gone out, or after some seconds; rejects when the signal is aborted. */
  calm(signal: AbortSignal): Promise<void>;
  onSweep(): Promise<void>;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface RunningAlarmClock extends AlarmClock {
  stop(): Promise<void>;
}

/** Errors: DATABASE_UNREACHABLE when Agenda does not become ready. */
export async function startAlarmClock(options: AlarmClockOptions): Promise<RunningAlarmClock> {
  const { connection, log, clock } = options;
  const { db } = connection;
  if (!db) throw notReady('the connection is not open');
  const jobs = db.collection(JOBS);
  // Before Agenda connects: it makes only its own index, without which idle polls read every job.
  await ensureAlarmIndexes(jobs);
  const alarms = new BulkWriter({ collection: jobs });
  const agenda = new Agenda({
    backend: new MongoBackend({ mongo: db, collection: JOBS }),
    name: options.name,
    processEvery: options.processEveryMs,
    defaultLockLimit: LOCK_LIMIT,
    defaultLockLifetime: LOCK_LIFETIME_MS,
    maxConcurrency: 2 * LOCK_LIMIT,
    removeOnComplete: true,
  });
  // The only listener: a throwing 'success' listener would turn a success into a failure that runs again without bound.
  agenda.on('error', (error) => log.error({ err: error }, 'Agenda reports an error'));
  await withTimeout(agenda.ready, clock);

  const stopping = new AbortController();
  let inHandlers = 0;
  const handler =
    <Data>(work: (data: Data) => Promise<void>) =>
    async ({ attrs }: Job<Data>): Promise<void> => {
      inHandlers += 1;
      try {
        await work(attrs.data);
      } catch (error) {
        // A stop cuts waiting short; what that leaves tells the next process nothing new.
        if (error === stopping.signal.reason) return;
        // Never thrown on: without a backoff a failed job would stay in the collection and never run again.
        log.error({ err: error }, 'an alarm could not be handled; the next sweep makes up for it');
      } finally {
        inHandlers -= 1;
      }
    };

  /** Removes alarms that fell due until the one that rings, when what is due has gone out. */
  const tidy = async (until: Date): Promise<void> => {
    await options.calm(stopping.signal);
    await jobs.deleteMany({ name: PUBLISH_POST, lockedAt: null, nextRunAt: { $lte: until } });
  };
  let tidied = { until: new Date(0), done: Promise.resolve() };

  if (options.rings) {
    agenda.define<AlarmData>(
      PUBLISH_POST,
      handler<AlarmData>(async ({ at }) => {
        const ringing = clock.now();
        options.onDue(at);
        // One look takes up everything that is due; the other alarms of this moment have nothing left to say. Those that
        // Agenda has locked already it removes itself, each with three commands: they wait for calmer times, too.
        if (at > tidied.until) tidied = { until: ringing, done: tidy(ringing) };
        await tidied.done;
      }),
      // All that are locked: one that waits to be removed must not keep the next moment's from ringing.
      { concurrency: LOCK_LIMIT, lockLimit: LOCK_LIMIT },
    );
    agenda.define(
      SWEEP,
      handler(() => options.onSweep()),
      { concurrency: 1, lockLimit: 1 },
    );
    await agenda.start();
    await ensureSweep(agenda, jobs, options.sweepEveryMs);
  }

  return {
    async set(postId, at, priority) {
      // Agenda takes an invalid date for "now" and null for 1970.
      if (Number.isNaN(at.getTime()))
        throw failure('Bug', {
          code: 'BUG',
          message: `The alarm of #${postId} has no valid time.`,
          hint: 'Please report it.',
        });
      const job = agenda.create<AlarmData>(PUBLISH_POST, { postId, at }).priority(priority).schedule(at);
      const document = jobDocument(job.toJson(true), options.name);
      try {
        // Not by Agenda's own save: that is a command for each alarm, and saving over an existing job would clear the lock
        // of one that is running.
        await alarms.write({ insertOne: { document } });
      } catch (error) {
        // The unique index refuses a second one: the alarm is set.
        if (!isDuplicateKey(error)) throw error;
      }
    },

    async clear(postId) {
      await jobs.deleteMany({ name: PUBLISH_POST, 'data.postId': postId, lockedAt: null });
    },

    async stop() {
      // stop() rather than drain(): drain leaves alarms locked that have not begun, until their lock ages out.
      await agenda.stop();
      stopping.abort();
      while (inHandlers > 0)
        await new Promise<void>((resolve) => clock.at(new Date(clock.now().getTime() + 5), resolve));
      // A fill that was under way when stop() came may have locked a few more.
      await jobs.updateMany(
        // Named, since the index on locks begins with the name.
        { name: { $in: [PUBLISH_POST, SWEEP] }, lockedAt: { $ne: null }, lastModifiedBy: options.name },
        { $set: { lockedAt: null } },
      );
    },
  };
}

/** Made only when it is missing or its interval changed: every() on each start would clear the lock of another process' running sweep. */
async function ensureSweep(
  agenda: Agenda,
  jobs: ReturnType<NonNullable<Connection['db']>['collection']>,
  everyMs: number,
): Promise<void> {
  const known = await jobs.findOne({ name: SWEEP, type: 'single' });
  if (known?.repeatInterval === everyMs && known.nextRunAt !== null) return;
  // Numbers, never words: "300 milliseconds" is read as 300 seconds.
  await agenda.every(everyMs, SWEEP);
}

async function withTimeout(ready: Promise<unknown>, clock: Clock): Promise<void> {
  let cancel: () => void = () => undefined;
  const late = new Promise<never>((_, reject) => {
    cancel = clock.at(new Date(clock.now().getTime() + READY_MAX_MS), () =>
      reject(notReady('Agenda did not become ready')),
    );
  });
  try {
    await Promise.race([ready, late]);
  } finally {
    cancel();
  }
}

function notReady(why: string) {
  return failure('ConfigError', {
    code: 'DATABASE_UNREACHABLE',
    message: `The alarm clock cannot use the database: ${why}.`,
    hint: 'Check that the database runs and that its user may create indexes.',
  });
}
