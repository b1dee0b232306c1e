// The alarm clock with the real Agenda over the embedded database, in real time: short intervals, and no waiting but for what happens.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda } from 'agenda';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedDatabase, startEmbedded } from '../../src/embedded/index.ts';
import {
  type AlarmClockOptions,
  type RunningAlarmClock,
  startAlarmClock,
} from '../../src/jobs/alarm-clock.ts';
import { systemClock } from '../../src/lib/system-clock.ts';
import { type OpenedDatabase, openDatabase } from '../../src/stores/index.ts';
import { type LogLine, recordingLog } from '../helpers/publishing.ts';

/** How often Agenda looks here; an alarm may ring this much late, and as much more as a busy machine takes. */
const EVERY_MS = 20;
const LATE_MAX_MS = 2_000;
const NEVER_MS = 3_600_000;

let directory = '';
let database: EmbeddedDatabase;
let opened: OpenedDatabase;
let made = 0;
let running: RunningAlarmClock[] = [];
let log: LogLine[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'carillon-alarms-'));
  database = await startEmbedded({ directory, listen: { socket: true }, thread: 'inline' });
});
beforeEach(async () => {
  const address = new URL(database.uri);
  address.pathname = `/alarms${++made}`;
  opened = await openDatabase(address.href, { timeoutMs: 5_000 });
  log = [];
});
afterEach(async () => {
  for (const clock of running.splice(0)) await clock.stop();
  running = [];
  await opened.close();
});
afterAll(async () => {
  await database.stop();
  await rm(directory, { recursive: true, force: true });
});

/** Something that happens again and again; `times(n)` resolves when it has happened n times. */
function happening() {
  const at: number[] = [];
  let waiting: { count: number; resolve: () => void }[] = [];
  return {
    at,
    now() {
      at.push(Date.now());
      for (const each of waiting) if (at.length >= each.count) each.resolve();
      waiting = waiting.filter((each) => at.length < each.count);
    },
    times: (count: number) =>
      new Promise<void>((resolve) => {
        if (at.length >= count) resolve();
        else waiting.push({ count, resolve });
      }),
  };
}

async function start(options: Partial<AlarmClockOptions> = {}): Promise<RunningAlarmClock> {
  const clock = await startAlarmClock({
    connection: opened.connection,
    name: `process-${running.length + 1}`,
    processEveryMs: EVERY_MS,
    sweepEveryMs: NEVER_MS,
    rings: true,
    onDue: () => undefined,
    calm: async () => undefined,
    onSweep: async () => undefined,
    clock: systemClock,
    log: recordingLog(log),
    ...options,
  });
  running.push(clock);
  return clock;
}

const jobs = () => opened.connection.db!.collection('agendaJobs');
const alarms = () => jobs().find({ name: 'publish-post' }).sort({ nextRunAt: 1 }).toArray();
const inFuture = (milliseconds: number) => new Date(Date.now() + milliseconds);

describe('an alarm', () => {
  it('rings at its instant, never before, and leaves nothing behind', async () => {
    const due = happening();
    const clock = await start({ onDue: due.now });
    const at = inFuture(120);
    await clock.set('K7QPD', at, 1);
    await due.times(1);
    expect(due.at[0]).toBeGreaterThanOrEqual(at.getTime());
    expect(due.at[0]! - at.getTime()).toBeLessThan(LATE_MAX_MS);
    await expect.poll(() => alarms()).toEqual([]);
  });

  it('set twice is one; cleared and set for another instant it has moved; cleared it is gone', async () => {
    const clock = await start();
    const first = inFuture(NEVER_MS);
    await clock.set('K7QPD', first, 1);
    await clock.set('K7QPD', first, 1);
    await clock.set('OTHER', first, 1);
    expect(await alarms()).toHaveLength(2);
    const later = inFuture(2 * NEVER_MS);
    await clock.clear('K7QPD');
    await clock.set('K7QPD', later, 2);
    expect(
      (await alarms()).map(({ data, nextRunAt, priority }) => [data.postId, nextRunAt, priority]),
    ).toEqual([
      ['OTHER', first, 1],
      ['K7QPD', later, 2],
    ]);
    await clock.clear('K7QPD');
    await clock.clear('K7QPD');
    expect((await alarms()).map(({ data }) => data.postId)).toEqual(['OTHER']);
  });

  it('moved to an earlier instant rings then, and not again at the old one', async () => {
    const due = happening();
    const clock = await start({ onDue: due.now });
    const old = inFuture(400);
    await clock.set('K7QPD', old, 1);
    await clock.clear('K7QPD');
    await clock.set('K7QPD', inFuture(20), 1);
    await due.times(1);
    expect(due.at[0]).toBeLessThan(old.getTime() + LATE_MAX_MS);
    // The old instant passes: another alarm right after it proves that nothing rang in between.
    await clock.set('PROOF', new Date(old.getTime() + 40), 1);
    await due.times(2);
    expect(due.at[1]).toBeGreaterThanOrEqual(old.getTime() + 40);
    expect(due.at).toHaveLength(2);
  });

  it('set by many at once for the same instant is one', async () => {
    const clocks = [await start({ rings: false }), await start({ rings: false })];
    const at = inFuture(NEVER_MS);
    await Promise.all(Array.from({ length: 12 }, (_, index) => clocks[index % 2]!.set('K7QPD', at, 1)));
    expect(await alarms()).toHaveLength(1);
    expect(log).toEqual([]);
  });

  it('is stored as Agenda itself stores a job', async () => {
    const name = 'process-1';
    const clock = await start({ rings: false, name });
    const [at, data] = [inFuture(NEVER_MS), { postId: 'OURS', at: inFuture(NEVER_MS) }];
    await clock.set('OURS', data.at, 2);
    const agenda = new Agenda({
      backend: new MongoBackend({ mongo: opened.connection.db!, collection: 'agendaJobs' }),
      name,
    });
    await agenda.ready;
    await agenda.create('publish-post', { postId: 'THEIRS', at }).priority(2).schedule(at).save();
    const [ours, theirs] = await jobs().find({}).sort({ 'data.postId': 1 }).toArray();
    const values = { _id: 0, nextRunAt: 0, data: 0 };
    expect({ ...ours, ...values }).toEqual({ ...theirs, ...values });
    expect(ours).toMatchObject({ nextRunAt: data.at, data });
    await agenda.stop();
  });

  it('of a past instant rings at once: after a restart, whatever came due meanwhile', async () => {
    const before = await start({ rings: false, name: 'before' });
    await before.set('LATE1', inFuture(-NEVER_MS), 0);
    await before.set('LATE2', inFuture(-1000), 2);
    await before.set('LATER', inFuture(NEVER_MS), 1);
    await before.stop();
    const due = happening();
    await start({ onDue: due.now });
    await due.times(1);
    await expect.poll(async () => (await alarms()).map(({ data }) => data.postId)).toEqual(['LATER']);
  });

  it('that a dead process had locked rings when the lock is too old, and not before', async () => {
    const setter = await start({ rings: false });
    await setter.set('OLD', inFuture(-1000), 1);
    await jobs().updateOne(
      { 'data.postId': 'OLD' },
      { $set: { lockedAt: inFuture(-31_000), lastModifiedBy: 'dead' } },
    );
    await setter.set('HELD', inFuture(-1000), 1);
    await jobs().updateOne(
      { 'data.postId': 'HELD' },
      { $set: { lockedAt: inFuture(0), lastModifiedBy: 'alive' } },
    );
    const due = happening();
    await start({ onDue: due.now });
    await due.times(1);
    await expect.poll(async () => (await alarms()).map(({ data }) => data.postId)).toEqual(['HELD']);
  });

  it('a hundred at one instant ring once or a few times, since one look takes up everything', async () => {
    const due = happening();
    const clock = await start({ onDue: due.now });
    const at = inFuture(300);
    await Promise.all(Array.from({ length: 100 }, (_, index) => clock.set(`POST${index}`, at, 1)));
    await due.times(1);
    await expect.poll(() => alarms(), { timeout: 10_000 }).toEqual([]);
    expect(due.at.length).toBeLessThanOrEqual(40);
  });

  it('those of one instant are removed when the rest has calmed down, and a stop does not wait for that', async () => {
    const due = happening();
    let calmDown: () => void = () => undefined;
    const calm = (signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        calmDown = resolve;
        if (signal.aborted) reject(signal.reason);
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    const clock = await start({ onDue: due.now, calm });
    const set = (count: number) => {
      const at = inFuture(100);
      return Promise.all(Array.from({ length: count }, (_, index) => clock.set(`POST${index}`, at, 1)));
    };
    await set(30);
    await due.times(1);
    expect(await alarms()).toHaveLength(30);
    calmDown();
    await expect.poll(() => alarms(), { timeout: 10_000 }).toEqual([]);
    const rung = due.at.length;
    await set(30);
    await due.times(rung + 1);
    await clock.stop();
    expect((await alarms()).length).toBeGreaterThan(0);
    expect(log).toEqual([]);
  });

  it('without a valid time is refused', async () => {
    const at = new Date(Number.NaN);
    const clock = await start({ rings: false });
    await expect(clock.set('K7QPD', at, 1)).rejects.toMatchObject({
      code: 'BUG',
      message: 'The alarm of #K7QPD has no valid time.',
    });
    expect(await alarms()).toEqual([]);
  });
});

describe('the sweep', () => {
  it('runs again and again at its interval', async () => {
    const sweeps = happening();
    await start({ sweepEveryMs: 60, onSweep: async () => sweeps.now() });
    await sweeps.times(4);
    const gaps = sweeps.at.slice(1).map((at, index) => at - sweeps.at[index]!);
    for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(30);
  });

  it('is one job however many processes start, and a running one keeps its lock', async () => {
    await start();
    // It runs once at the first start.
    await expect
      .poll(async () => (await jobs().findOne({ name: 'sweep' }))?.lastFinishedAt)
      .toBeInstanceOf(Date);
    const [first] = await jobs().find({ name: 'sweep' }).toArray();
    expect(first).toMatchObject({ type: 'single', repeatInterval: NEVER_MS });
    const lockedAt = inFuture(0);
    await jobs().updateOne({ _id: first!._id }, { $set: { lockedAt, lastModifiedBy: 'somebody' } });
    await start();
    const found = await jobs().find({ name: 'sweep' }).toArray();
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ _id: first!._id, lockedAt });
  });

  it('takes on another interval when that is configured', async () => {
    const before = await start();
    await before.stop();
    await start({ sweepEveryMs: NEVER_MS / 2 });
    expect(await jobs().find({ name: 'sweep' }).toArray()).toMatchObject([{ repeatInterval: NEVER_MS / 2 }]);
  });

  it('never runs twice at a time', async () => {
    let atOnce = 0;
    let most = 0;
    const sweeps = happening();
    const onSweep = async () => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await new Promise((resolve) => setImmediate(resolve));
      atOnce -= 1;
      sweeps.now();
    };
    // One after the other: two that both find no sweep in the database both make it, and the later one takes the lock of the
    // first run away.
    for (const name of ['a', 'b']) await start({ sweepEveryMs: 30, onSweep, name });
    await sweeps.times(6);
    expect(most).toBe(1);
  });
});

describe('several processes', () => {
  it('ring an alarm once between them', async () => {
    const due = happening();
    await start({ onDue: due.now });
    const second = await start({ onDue: due.now });
    const at = inFuture(80);
    await second.set('K7QPD', at, 1);
    await due.times(1);
    await expect.poll(() => alarms()).toEqual([]);
    await second.set('PROOF', inFuture(60), 1);
    await due.times(2);
    expect(due.at).toHaveLength(2);
  });

  it('one that does not ring only sets', async () => {
    const due = happening();
    const silent = happening();
    const setter = await start({ rings: false, onDue: silent.now, onSweep: async () => silent.now() });
    await setter.set('K7QPD', inFuture(0), 1);
    await start({ onDue: due.now });
    await due.times(1);
    expect(silent.at).toEqual([]);
  });
});

describe('faults and the end', () => {
  it('a handler that throws is survived and logged, and its alarm does not come back', async () => {
    const due = happening();
    const sweeps = happening();
    const clock = await start({
      sweepEveryMs: 50,
      onDue: () => {
        due.now();
        throw new Error('the dispatcher is broken');
      },
      onSweep: () => {
        sweeps.now();
        return Promise.reject(new Error('the sweep is broken'));
      },
    });
    await clock.set('FIRST', inFuture(0), 1);
    await due.times(1);
    await sweeps.times(3);
    await clock.set('SECOND', inFuture(0), 1);
    await due.times(2);
    await expect.poll(() => alarms()).toEqual([]);
    const messages = log.filter(({ level }) => level === 'error').map(({ message }) => message);
    expect(messages.length).toBeGreaterThanOrEqual(4);
    expect(new Set(messages)).toEqual(
      new Set(['an alarm could not be handled; the next sweep makes up for it']),
    );
  });

  it('stop waits for the work in hand and leaves nothing locked; what was not begun rings elsewhere', async () => {
    let letGo: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const begun = happening();
    const ended = happening();
    const clock = await start({
      sweepEveryMs: 30,
      async onSweep() {
        begun.now();
        await gate;
        ended.now();
      },
    });
    await begun.times(1);
    await clock.set('K7QPD', inFuture(NEVER_MS), 1);
    let stopped = false;
    const stopping = clock.stop().then(() => {
      stopped = true;
    });
    await expect.poll(() => jobs().countDocuments({})).toBe(2);
    expect(stopped).toBe(false);
    letGo();
    await stopping;
    expect(ended.at).toHaveLength(1);
    expect(
      await jobs()
        .find({ lockedAt: { $ne: null } })
        .toArray(),
    ).toEqual([]);
    await jobs().updateOne({ 'data.postId': 'K7QPD' }, { $set: { nextRunAt: inFuture(-1) } });
    const due = happening();
    await start({ onDue: due.now });
    await due.times(1);
  });

  it('does not start on a connection that is closed', async () => {
    await opened.close();
    await expect(start()).rejects.toBeInstanceOf(Error);
    opened = await openDatabase(database.uri, { timeoutMs: 5_000 });
  });
});
