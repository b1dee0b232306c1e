/**
 * Everything of core at work on a virtual clock, over the real stores and the real embedded database: only the network
 * and the chat are played by the test.
 */
import { afterAll, afterEach, beforeAll } from 'vitest';
import { createEngine, type Engine, type EngineParts } from '../../src/app/engine.ts';
import { loadCommands } from '../../src/app/load-commands.ts';
import type { Clock, Random } from '../../src/core/clock.ts';
import type { Publisher } from '../../src/core/publisher.ts';
import type { SchedulerSettings } from '../../src/core/settings.ts';
import type { Stores } from '../../src/core/stores.ts';
import type { MediaItem } from '../../src/core/words.ts';
import { NETWORK_RULES } from '../../src/publishers/index.ts';
import { tumblr as tumblrRules } from '../../src/publishers/tumblr/rules.ts';
import { x as xRules } from '../../src/publishers/x/rules.ts';
import { createKeyboard, type Keyboard } from './keyboard.ts';
import { createSeededRandom } from './manual-clock.ts';
import { createMemoryBlobs, createMemoryWall } from './memory-wall.ts';
import { clockWhile, storesWhile } from './mortal.ts';
import { playedChats, type Told } from './played-chats.ts';
import { type Prepared, playedMedia, withoutConverter } from './played-media.ts';
import { type PlayedNetwork, playedNetwork } from './played-network.ts';
import { type LogLine, recordingLog } from './publishing.ts';
import { type Namespace, type StageDatabase, startStageDatabase } from './stage-database.ts';
import { seedTeam } from './stage-team.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

export interface Stage extends Keyboard {
  readonly clock: VirtualClock;
  readonly engine: Engine;
  readonly stores: Stores;
  readonly x: PlayedNetwork;
  readonly tumblr: PlayedNetwork;
  readonly told: Told[];
  readonly log: LogLine[];
  readonly workspaceId: string;
  /** The next calls of the chat fail with these. */
  readonly chatFaults: Error[];
  /** For whom media were prepared, one for each medium. */
  readonly recipients: readonly Prepared[];
  /** Lets time pass; everything that comes due on the way happens at its instant. */
  pass(milliseconds: number): Promise<void>;
  /** A new process over the same database; the old one is left where it stands, as by SIGKILL. */
  restart(): Promise<void>;
  /** Another process over the same database, beside this one, with publishers of its own. */
  beside(): Promise<Keyboard>;
  stop(): Promise<void>;
}

const SETTINGS: SchedulerSettings = {
  intervalMs: 60_000,
  maxRetries: 3,
  retryDelayMs: 300_000,
  lateLimitMs: 7_200_000,
};

interface StageOptions {
  readonly seed?: number;
  readonly settings?: Partial<SchedulerSettings>;
  /** Chats that are connected beside the local one. */
  readonly chats?: readonly string[];
  /** How long a command waits for the database. */
  readonly databaseMs?: number;
  /** Takes the place of the played X; `remoteId` is whose account it publishes for. */
  readonly x?: { readonly remoteId: string; readonly publisher: (clock: Clock) => Publisher };
  /** Publishers beside the played networks, or in the place of one, each with the accounts that it identifies. */
  readonly live?: (clock: Clock, random: Random, stores: Stores) => Promise<readonly Publisher[]>;
  /** The machine's converter of videos and what it works on; absent: it has none. */
  readonly conversions?: EngineParts['conversions'];
  /** Takes the place of the played media. */
  readonly media?: (clock: Clock, stores: Stores) => EngineParts['media'];
  /** Where the wall and the bytes are that retention looks after, and for how long; left out: 90 days, and nothing there. */
  readonly retention?: EngineParts['retention'];
  /** What the files are that people hand over, by their name; others are videos where their name says so, or pictures. */
  readonly files?: Readonly<Record<string, MediaItem>>;
}

type CreateStage = ((options?: StageOptions) => Promise<Stage>) & {
  /** The database goes away under the stages that are open. */
  stopDatabase(): Promise<void>;
};

/** One embedded database for the stages of a test file; each stage has a namespace of its own in it as long as it stands. */
export function useStages(): CreateStage {
  let database: StageDatabase;
  const open: Stage[] = [];
  beforeAll(async () => {
    database = await startStageDatabase();
  });
  afterEach(async () => {
    for (const stage of open.splice(0)) await stage.stop();
  });
  afterAll(() => database.stop());
  const create = async (options: StageOptions = {}): Promise<Stage> => {
    const stage = await createStage(await database.namespace(options.databaseMs), options);
    open.push(stage);
    return stage;
  };
  return Object.assign(create, { stopDatabase: () => database.goAway() });
}

async function createStage({ stores, leave }: Namespace, options: StageOptions): Promise<Stage> {
  const clock = createVirtualClock();
  const random = createSeededRandom(options.seed ?? 1);
  const x = playedNetwork(xRules, clock);
  const tumblr = playedNetwork(tumblrRules, clock);
  const told: Told[] = [];
  const chatFaults: Error[] = [];
  const recipients: Prepared[] = [];
  const lines: LogLine[] = [];
  const shared = {
    retention: options.retention ?? { days: 90, wall: createMemoryWall(), blobs: createMemoryBlobs() },
    conversions: options.conversions ?? withoutConverter(stores),
    commands: await loadCommands(),
    settings: { ...SETTINGS, ...options.settings },
    publishes: true,
    random,
    log: recordingLog(lines),
  };
  const makeLive = async (): Promise<readonly Publisher[]> =>
    (await options.live?.(clock, random, stores)) ?? [];
  const live = await makeLive();
  const workspaceId = await seedTeam(stores, clock.now(), live, options.x?.remoteId);
  const alarms = new Map<string, () => void>();

  const unanswered = new Set<Promise<unknown>>();
  let isOver = false;
  const build = (publishers: readonly Publisher[], isAlive: () => boolean): Engine => {
    const ownClock = clockWhile(isAlive, clock);
    const ownStores = storesWhile(isAlive, stores, unanswered);
    const made = createEngine({
      ...shared,
      stores: ownStores,
      clock: ownClock,
      publishers: publishersOf([options.x?.publisher(ownClock) ?? x, tumblr, ...publishers]),
      media: options.media?.(ownClock, ownStores) ?? playedMedia(options.files ?? {}, recipients),
      gateways: playedChats(['terminal', ...(options.chats ?? [])], told, chatFaults),
    });
    made.useAlarms({
      async set(postId, at) {
        alarms.get(postId)?.();
        alarms.set(
          postId,
          clock.at(at, () => made.onDue()),
        );
      },
      async clear(postId) {
        alarms.get(postId)?.();
      },
    });
    made.dispatcher.start();
    return made;
  };

  let starts = 0;
  const begin = (): Engine => {
    const own = ++starts;
    return build(live, () => own === starts && !isOver);
  };
  let engine = begin();
  const others: Engine[] = [];
  const idle = async (): Promise<void> => {
    for (const each of [engine, ...others]) await each.idle();
  };

  return {
    clock,
    get engine() {
      return engine;
    },
    stores,
    x,
    tumblr,
    told,
    log: lines,
    workspaceId,
    chatFaults,
    recipients,
    ...createKeyboard(() => engine.desk),
    async pass(milliseconds) {
      const end = new Date(clock.now().getTime() + milliseconds);
      await idle();
      for (let next = clock.next(); next && next <= end; next = clock.next()) {
        clock.moveTo(next);
        await idle();
      }
      clock.moveTo(end);
      await idle();
    },
    async restart() {
      await stores.deliveries.breakLeases(clock.now());
      await stores.accounts.breakLeases();
      engine = begin();
      await engine.onSweep();
      await engine.idle();
    },
    async beside() {
      const other = build(await makeLive(), () => !isOver);
      others.push(other);
      return createKeyboard(() => other.desk);
    },
    async stop() {
      for (const each of [engine, ...others]) await each.stop(AbortSignal.abort());
      isOver = true;
      await Promise.allSettled(unanswered);
      await leave();
    },
  };
}

/** The real rules beside each publisher, as the program joins them; a later one takes the place of an earlier one. */
function publishersOf(live: readonly Publisher[]): EngineParts['publishers'] {
  const present = new Map(live.map((publisher) => [publisher.network, publisher]));
  return {
    live: present,
    rehearsal: new Map(),
    rules: new Map(
      NETWORK_RULES.filter(({ network }) => present.has(network)).map((rules) => [rules.network, rules]),
    ),
  };
}
