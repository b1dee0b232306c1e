/**
 * Everything of core at work on a virtual clock, over the real stores and the real embedded database: only the network
 * and the chat are played by the test.
 */
import { afterAll, afterEach, beforeAll } from 'vitest';
import { createEngine, type Engine, type EngineParts } from '../../src/app/engine.ts';
import { loadCommands } from '../../src/app/load-commands.ts';
import type { Caller } from '../../src/core/chat.ts';
import type { Clock, Random } from '../../src/core/clock.ts';
import { failure } from '../../src/core/errors.ts';
import type { Insights, InsightsContext } from '../../src/core/insights.ts';
import type { Issue } from '../../src/core/issue.ts';
import type {
  PublishContext,
  Publisher,
  PublishOutcome,
  ReconcileContext,
  ReconcileOutcome,
} from '../../src/core/publisher.ts';
import type { Reply } from '../../src/core/reply.ts';
import type { Recipient } from '../../src/core/services/media-intake.ts';
import type { SchedulerSettings } from '../../src/core/settings.ts';
import type { Stores } from '../../src/core/stores.ts';
import type { Account, Conversation, MediaItem, MessageReference } from '../../src/core/words.ts';
import { NETWORK_RULES } from '../../src/publishers/index.ts';
import { type NetworkRules, validateBy } from '../../src/publishers/network-rules.ts';
import { tumblr as tumblrRules } from '../../src/publishers/tumblr/rules.ts';
import { x as xRules } from '../../src/publishers/x/rules.ts';
import { createSeededRandom } from './manual-clock.ts';
import { createMemoryBlobs, createMemoryWall } from './memory-wall.ts';
import { type LogLine, mediaItem, prepared, recordingLog } from './publishing.ts';
import { type Namespace, type StageDatabase, startStageDatabase } from './stage-database.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

/** What the played network does with the next creating calls, in order; when the list is empty it accepts. */
export type Behaviour = (context: PublishContext, create: () => string) => Promise<PublishOutcome>;

export interface PlayedNetwork extends Publisher {
  /** What stands on the network: the texts, with doubles if there are any. */
  readonly wall: {
    readonly delivery: string;
    readonly text: string;
    readonly at: Date;
    readonly account: string;
  }[];
  /** Behaviours of the next calls of publish. */
  readonly script: Behaviour[];
  /** What the next looks answer; when the list is empty the truth. */
  readonly looks: (ReconcileOutcome | Error)[];
  readonly reconciled: ReconcileContext[];
  /** What was asked to be counted, in order, and the next answers; when the list is empty one like. */
  readonly measured: InsightsContext[];
  readonly insightScript: ((context: InsightsContext) => Promise<Insights>)[];
  /** What was asked to be removed, in order, and what happens in the next such calls. */
  readonly removals: string[];
  readonly removalFaults: ((id: string) => Promise<void>)[];
  /** Broken rules beside the network's own. */
  issues: Issue[];
}

export function playedNetwork(rules: NetworkRules, clock: Pick<Clock, 'now'>): PlayedNetwork {
  const { network } = rules;
  const wall: { delivery: string; text: string; at: Date; account: string }[] = [];
  const script: Behaviour[] = [];
  const looks: (ReconcileOutcome | Error)[] = [];
  const reconciled: ReconcileContext[] = [];
  const measured: InsightsContext[] = [];
  const insightScript: ((context: InsightsContext) => Promise<Insights>)[] = [];
  const removals: string[] = [];
  const removalFaults: ((id: string) => Promise<void>)[] = [];
  const played: PlayedNetwork = {
    network,
    label: rules.label,
    capabilities: rules.capabilities,
    wall,
    script,
    looks,
    reconciled,
    measured,
    insightScript,
    removals,
    removalFaults,
    issues: [],
    validate: (content) => [...validateBy(rules, content), ...played.issues],
    async publish(context) {
      const create = (): string => {
        wall.push({
          delivery: context.deliveryId,
          text: context.content.text,
          at: clock.now(),
          account: context.account.id,
        });
        return `${network}-${wall.length}`;
      };
      const behave = script.shift() ?? accept;
      return behave(context, create);
    },
    async reconcile(context) {
      reconciled.push(context);
      const answer = looks.shift();
      if (answer instanceof Error) throw answer;
      if (answer) return answer;
      const index = wall.findIndex((each) => each.delivery === context.deliveryId);
      return index >= 0
        ? { state: 'published', id: `${network}-${index + 1}`, url: `https://${network}.test/${index + 1}` }
        : { state: 'absent' };
    },
    async insights(context) {
      measured.push(context);
      const behave = insightScript.shift();
      return behave ? behave(context) : { numbers: { likes: 1 }, at: clock.now(), notes: [] };
    },
    locate: async ({ url }) => ({ id: url.pathname.split('/').at(-1) ?? '' }),
    async remove({ id }) {
      removals.push(id);
      await removalFaults.shift()?.(id);
    },
    identify: async () => ({ remoteId: '1', handle: '@acme', name: 'Acme' }),
  };
  return played;
}

export const accept: Behaviour = async (context, create) => {
  await context.creating({ text: context.content.text, mediaCount: 0 });
  const id = create();
  return { state: 'published', id, url: `https://network.test/${id}` };
};

/** The answer is lost after the effect. */
export const loseAnswer: Behaviour = async (context, create) => {
  await context.creating({ text: context.content.text, mediaCount: 0 });
  create();
  throw failure('OutcomeUnknown', {
    code: 'OUTCOME_UNKNOWN',
    message: 'The connection broke.',
    hint: 'It is looked for.',
  });
};

/** The connection breaks before the effect. */
export const loseRequest: Behaviour = async (context) => {
  await context.creating({ text: context.content.text, mediaCount: 0 });
  throw failure('OutcomeUnknown', {
    code: 'OUTCOME_UNKNOWN',
    message: 'The connection broke.',
    hint: 'It is looked for.',
  });
};

export const failBefore =
  (error: Error): Behaviour =>
  async () => {
    throw error;
  };

export const refuse =
  (error: Error): Behaviour =>
  async (context) => {
    await context.creating({ text: context.content.text, mediaCount: 0 });
    throw error;
  };

export interface Told {
  readonly kind: 'send' | 'edit';
  readonly reply: Reply;
  readonly nonce?: string;
}

export interface Stage {
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
  readonly recipients: readonly (Recipient & { readonly item: MediaItem })[];
  /** Types a command as the owner in the local chat. */
  type(line: string, caller?: Partial<Caller>): Promise<Reply>;
  press(action: string, answer?: string, caller?: Partial<Caller>): Promise<Reply>;
  /** Lets time pass; everything that comes due on the way happens at its instant. */
  pass(milliseconds: number): Promise<void>;
  /** A new process over the same database; the old one is left where it stands, as by SIGKILL. */
  restart(): Promise<void>;
  /** Another process over the same database, beside this one, with publishers of its own. */
  beside(): Promise<Pick<Stage, 'type' | 'press'>>;
  stop(): Promise<void>;
}

export const LOCAL: Conversation = { frontend: 'terminal', id: 'local', kind: 'direct' };

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
  const lines: LogLine[] = [];
  const log = recordingLog(lines);
  const settings = { ...SETTINGS, ...options.settings };
  const x = playedNetwork(xRules, clock);
  const tumblr = playedNetwork(tumblrRules, clock);
  const told: Told[] = [];
  const chatFaults: Error[] = [];
  const recipients: (Recipient & { readonly item: MediaItem })[] = [];
  const commands = await loadCommands();
  const workspace = await stores.workspaces.ensureFirst(() => ({
    id: 'W1',
    name: 'Team',
    timeZone: 'Europe/Rome',
    locale: 'en-GB',
    defaultTargets: [],
    conversations: [],
    claimCode: 'ABCD-EFGH',
    createdAt: clock.now(),
  }));
  const account = (network: string, remoteId = '1'): Account => ({
    id: `${network}1`,
    workspaceId: workspace.id,
    network,
    mode: 'live',
    handle: '@acme',
    name: 'Acme',
    remoteId,
    source: 'environment',
    active: true,
    health: 'ok',
    createdAt: clock.now(),
  });
  await stores.accounts.upsert(account('x', options.x?.remoteId));
  const live = (await options.live?.(clock, random, stores)) ?? [];
  if (live.every(({ network }) => network !== 'tumblr')) await stores.accounts.upsert(account('tumblr'));
  for (const publisher of live) {
    for (const [index, profile] of (publisher.profiles ?? [undefined]).entries()) {
      const identified = await publisher.identify(new AbortController().signal, profile);
      const id = `${publisher.network}${index + 1}`;
      await stores.accounts.upsert({ ...account(publisher.network), ...identified, id });
    }
  }
  const alarms = new Map<string, () => void>();
  const retention = options.retention ?? { days: 90, wall: createMemoryWall(), blobs: createMemoryBlobs() };

  // An engine that was left by a restart does nothing any more, as a dead process: its timers are silent, and what it asks
  // of the database is never answered.
  const unanswered = new Set<Promise<unknown>>();
  let isOver = false;
  const build = (live: readonly Publisher[], isAlive: () => boolean): Engine => {
    const ownClock: Clock = {
      now: () => clock.now(),
      at: (instant, callback) => clock.at(instant, () => isAlive() && callback()),
    };
    const ownStores = whileAlive(stores, isAlive, unanswered);
    let messages = 0;
    const fault = (): void => {
      const error = chatFaults.shift();
      if (error) throw error;
    };
    const made = createEngine({
      stores: ownStores,
      publishers: {
        live: new Map<string, Publisher>([
          ['x', options.x?.publisher(ownClock) ?? x],
          ['tumblr', tumblr],
          ...live.map((publisher) => [publisher.network, publisher] as const),
        ]),
        rehearsal: new Map(),
        rules: new Map([
          ['x', xRules],
          ['tumblr', tumblrRules],
          ...NETWORK_RULES.filter(({ network }) =>
            live.some((publisher) => publisher.network === network),
          ).map((rules) => [rules.network, rules] as const),
        ]),
      },
      retention,
      media: options.media?.(ownClock, ownStores) ?? {
        // Each file is taken for a picture of its own, or for a video where its name says so.
        take: async (incoming) =>
          incoming.map((each, index) => {
            const name =
              each.kind === 'link' ? each.url : each.kind === 'file' ? each.path : `${each.name}-${index}`;
            const alt = each.alt === undefined ? {} : { alt: each.alt };
            const known = options.files?.[name];
            if (known) return { ...known, ...alt };
            return mediaItem(name.endsWith('.mp4') ? 'video' : 'image', { name, ...alt });
          }),
        async prepare(item, recipient) {
          recipients.push({ ...recipient, item });
          return prepared(item);
        },
      },
      conversions: options.conversions ?? withoutConverter(stores),
      commands,
      gateways: ['terminal', ...(options.chats ?? [])].map((frontend) => ({
        frontend,
        async send({ conversation }, reply, nonce): Promise<MessageReference> {
          fault();
          told.push({ kind: 'send', reply, nonce });
          return { conversation, messageId: `m${++messages}` };
        },
        async edit(_message, reply): Promise<void> {
          fault();
          told.push({ kind: 'edit', reply });
        },
      })),
      settings,
      publishes: true,
      clock: ownClock,
      random,
      log,
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
  let asked = 0;
  const caller = (more: Partial<Caller> = {}): Caller => ({
    identity: 'terminal:local',
    name: 'you',
    conversation: LOCAL,
    messageId: `typed-${++asked}`,
    signal: new AbortController().signal,
    ...more,
  });
  const placed = async ({ desk }: Engine, reply: Reply): Promise<Reply> => {
    if (reply.card)
      await desk.cardPlaced(reply.card, { conversation: LOCAL, messageId: `card-${reply.card}` });
    return reply;
  };
  const keyboardOf = (current: () => Engine): Pick<Stage, 'type' | 'press'> => ({
    async type(line, more) {
      const [, command = '', text = ''] = /^\/(\S+)\s*([\s\S]*)$/.exec(line) ?? [];
      const input = { kind: 'text', text } as const;
      return placed(current(), await current().desk.run({ ...caller(more), command, input, media: [] }));
    },
    async press(action, answer, more) {
      const pressed = { ...caller(more), action, ...(answer === undefined ? {} : { answer }) };
      return placed(current(), await current().desk.press(pressed));
    },
  });

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
    workspaceId: workspace.id,
    chatFaults,
    recipients,
    ...keyboardOf(() => engine),
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
      const other = build((await options.live?.(clock, random, stores)) ?? [], () => !isOver);
      others.push(other);
      return keyboardOf(() => other);
    },
    async stop() {
      for (const each of [engine, ...others]) await each.stop(AbortSignal.abort());
      isOver = true;
      await Promise.allSettled(unanswered);
      await leave();
    },
  };
}

/** A machine without ffmpeg: nothing of the rest is ever asked. */
function withoutConverter({ media }: Stores): EngineParts['conversions'] {
  const never = (): never => {
    throw new Error('nothing is converted here');
  };
  return {
    blobs: { stage: never, write: never, read: never, pieces: never, has: never, remove: never },
    probe: { probe: never },
    index: media,
    findConverter: async () => undefined,
  };
}

/** The stores of one engine: from its end on, calls wait for ever. Those that were made before are `unanswered` until they are. */
function whileAlive(stores: Stores, isAlive: () => boolean, unanswered: Set<Promise<unknown>>): Stores {
  const guarded = Object.entries(stores).map(([name, store]) => [
    name,
    new Proxy(store, {
      get: (target, method) => {
        const call = Reflect.get(target, method) as (...given: unknown[]) => Promise<unknown>;
        return (...given: unknown[]) => {
          if (!isAlive()) return new Promise(() => undefined);
          const answer = call.apply(target, given);
          const over = () => void unanswered.delete(answer);
          unanswered.add(answer);
          answer.then(over, over);
          return answer;
        };
      },
    }),
  ]);
  return Object.fromEntries(guarded) as Stores;
}

/** All the words of a reply, for looking into it. */
export function wordsOf(reply: Reply): string {
  const line = (parts: readonly unknown[]): string =>
    parts.map((part) => (typeof part === 'string' ? part : (part as { text: string }).text)).join('');
  const blocks = reply.blocks.map((block) => {
    if (block.kind === 'text') return line(block.line);
    if (block.kind === 'quote') return block.text;
    if (block.kind === 'list') return block.items.map(line).join('\n');
    return block.rows
      .map((row) => `[${row.mark}] ${line(row.label)}${row.detail ? `: ${line(row.detail)}` : ''}`)
      .join('\n');
  });
  return [line(reply.title ?? []), ...blocks].join('\n');
}

export const buttonsOf = (reply: Reply): string[] =>
  (reply.buttons ?? []).flat().map((button) => button.action);
export const idIn = (reply: Reply): string => /#([A-Z0-9]{5,6})/.exec(wordsOf(reply))?.[1] ?? '';
