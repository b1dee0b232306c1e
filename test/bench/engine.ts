/** The program's engine over an empty embedded database, joined as src/app joins it, with doors for the benches. */
import type { AlarmClock } from '../../src/core/alarm-clock.ts';
import type { ChatGateway } from '../../src/core/chat.ts';
import type { Logger } from '../../src/core/log.ts';
import type { Stores } from '../../src/core/stores.ts';
import type { Wall } from '../../src/core/wall.ts';
import type { PublisherSettings } from '../../src/publishers/index.ts';
import { prepared } from '../helpers/publishing.ts';
import { type Built, builtModules, type Database, openEmpty } from './built.ts';

/** As in src/app/app.ts for a process that is alone with its database. */
const POLL_MS = 5_000;
const SETTINGS = { intervalMs: 60_000, maxRetries: 3, retryDelayMs: 300_000, lateLimitMs: 7_200_000 };

export interface BenchEngine {
  readonly modules: Built;
  readonly database: Database;
  readonly stores: Stores;
  readonly engine: ReturnType<Built['createEngine']>;
  /** Messages that the chat was given. */
  readonly told: { sent: number; edited: number };
  /** Starts ringing and publishing. */
  start(): Promise<AlarmClock>;
  /** Errors and warnings of the log. */
  readonly problems: string[];
  stop(): Promise<void>;
}

interface BenchEngineOptions {
  /** May put something between the rehearsal accounts and their wall. */
  readonly watch?: (wall: Wall) => Wall;
  /** Networks that are real. */
  readonly publishers?: PublisherSettings;
}

export async function createBenchEngine(options: BenchEngineOptions = {}): Promise<BenchEngine> {
  const modules = await builtModules();
  const { systemClock: clock, systemRandom: random } = modules;
  const database = await openEmpty(modules);
  const { connection, directory } = database;
  const stores = modules.createStoresAlone(connection);
  const { watch = (wall) => wall } = options;
  const wall = watch(modules.wallStore(connection));
  await modules.createIndexes(connection);
  const blobs = await modules.createFileBlobStore(directory);
  const publishers = await modules.createPublishers(options.publishers ?? {}, {
    wall,
    blobs,
    clock,
    random,
    tokenVault: () => ({ load: async () => undefined, save: async () => undefined }),
  });
  const told = { sent: 0, edited: 0 };
  const problems: string[] = [];
  const log = problemLog(problems);
  const engine = modules.createEngine({
    stores,
    publishers,
    media: {
      take: async () => [],
      prepare: async (item) => prepared(item),
    },
    conversions: {
      blobs,
      probe: { probe: () => Promise.reject(new Error('The benches have no media.')) },
      index: stores.media,
      findConverter: async () => undefined,
    },
    retention: { days: 90, wall, blobs },
    commands: await modules.loadCommands(),
    gateways: [countingChat(told)],
    settings: SETTINGS,
    publishes: true,
    clock,
    random,
    log,
  });
  let alarms: Awaited<ReturnType<Built['startAlarmClock']>> | undefined;
  return {
    modules,
    database,
    stores,
    engine,
    told,
    problems,
    async start() {
      alarms = await modules.startAlarmClock({
        connection,
        name: `bench-${process.pid}`,
        processEveryMs: POLL_MS,
        sweepEveryMs: SETTINGS.intervalMs,
        rings: true,
        onDue: (at) => engine.onDue(at),
        calm: (signal) => engine.calm(signal),
        onSweep: () => engine.onSweep(),
        clock,
        log,
      });
      engine.useAlarms(alarms);
      engine.dispatcher.start();
      await engine.onSweep();
      return alarms;
    },
    async stop() {
      await alarms?.stop();
      await engine.stop(AbortSignal.abort());
      await database.close();
    },
  };
}

function countingChat(told: { sent: number; edited: number }): ChatGateway {
  return {
    frontend: 'terminal',
    async send({ conversation }) {
      told.sent += 1;
      return { conversation, messageId: String(told.sent) };
    },
    async edit() {
      told.edited += 1;
    },
  };
}

function problemLog(problems: string[]): Logger {
  const note = (facts: object, message: string): void => {
    const { err } = facts as { err?: unknown };
    problems.push(err instanceof Error ? `${message}: ${err.stack}` : message);
  };
  const log: Logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: note,
    error: note,
    child: () => log,
  };
  return log;
}
