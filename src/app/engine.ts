/** Joins the parts of core that work by themselves: dispatcher, roll-ups, notifier, sweep; and the desk that people use. */

import type { AlarmClock } from '../core/alarm-clock.ts';
import type { ChatDesk, ChatGateway } from '../core/chat.ts';
import type { Clock, Random } from '../core/clock.ts';
import type { CommandDefinition } from '../core/command.ts';
import { Dispatcher } from '../core/delivery/dispatcher.ts';
import { Notifier } from '../core/delivery/notifier.ts';
import { Retention } from '../core/delivery/retention.ts';
import { RollUps } from '../core/delivery/roll-up.ts';
import { Rush } from '../core/delivery/rush.ts';
import { sweep } from '../core/delivery/sweep.ts';
import type { DeliverPorts } from '../core/delivery/work.ts';
import { createCardDesk } from '../core/desk/card-desk.ts';
import { createDesk } from '../core/desk/desk.ts';
import { usageError } from '../core/errors.ts';
import type { Logger } from '../core/log.ts';
import type { BlobStore } from '../core/media.ts';
import type { Publisher } from '../core/publisher.ts';
import { createAccountService } from '../core/services/accounts.ts';
import { createBoardService } from '../core/services/boards.ts';
import { type ConversionPorts, createConversionService } from '../core/services/conversions.ts';
import { finishMove } from '../core/services/finish-move.ts';
import type { ChangePorts } from '../core/services/hold.ts';
import { createInsightsService } from '../core/services/insights.ts';
import { createPeopleService } from '../core/services/people.ts';
import { plan } from '../core/services/plan.ts';
import { createPostService } from '../core/services/posts.ts';
import type { MediaIntake, Services } from '../core/services/services.ts';
import type { SchedulerSettings } from '../core/settings.ts';
import type { Stores } from '../core/stores.ts';
import type { Wall } from '../core/wall.ts';
import type { Account } from '../core/words.ts';
import type { Publishers } from '../publishers/index.ts';
import { explainError } from './explain-error.ts';

/** Front-ends whose user owns the machine. */
const LOCAL_FRONTENDS = ['terminal'];
/** For networks that no publisher knows any more. */
const UNKNOWN_NETWORK_CONCURRENCY = 1;

export interface EngineParts {
  readonly stores: Stores;
  readonly publishers: Publishers;
  readonly media: MediaIntake & {
    prepare: DeliverPorts['prepareMedia'];
  };
  readonly conversions: Pick<ConversionPorts, 'blobs' | 'probe' | 'index' | 'findConverter'>;
  /** What is over is removed, after so many days. */
  readonly retention: {
    readonly days: number;
    readonly wall: Wall;
    readonly blobs: Pick<BlobStore, 'remove'>;
  };
  readonly commands: readonly CommandDefinition[];
  readonly gateways: readonly ChatGateway[];
  readonly settings: SchedulerSettings;
  /** False for a process that leaves publishing to others. */
  readonly publishes: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

export interface Engine {
  readonly desk: ChatDesk;
  readonly dispatcher: Dispatcher;
  readonly notifier: Notifier;
  /** Set once the alarm clock runs; alarms that are asked for before are left to the sweep. */
  useAlarms(alarms: AlarmClock): void;
  /** Something falls due at this instant, or may do so now. */
  onDue(at?: Date): void;
  /** Resolves when what has just fallen due has gone out, as far as everything else should wait for it. */
  calm(signal: AbortSignal): Promise<void>;
  onSweep(): Promise<void>;
  /** Resolves when nothing is in hand: nothing being published, rolled up or told. */
  idle(): Promise<void>;
  stop(hardStop: AbortSignal): Promise<void>;
}

const SILENT: AlarmClock = { set: async () => undefined, clear: async () => undefined };

export function createEngine(parts: EngineParts): Engine {
  const { stores, publishers, clock, random, log, settings } = parts;
  let alarms = SILENT;
  const alarmClock: AlarmClock = {
    async set(postId, at, priority) {
      await alarms.set(postId, at, priority);
      // Agenda looks every few seconds; in the process in which it was set, an alarm is in time whatever happens to be due first.
      if (parts.publishes) dispatcher.wakeAt(at);
    },
    clear: (postId) => alarms.clear(postId),
  };
  const publisherFor = (account: Account): Publisher | undefined =>
    (account.mode === 'live' ? publishers.live : publishers.rehearsal).get(account.network);
  const networkLabel = (network: string): string => publishers.rules.get(network)?.label ?? network;

  const rush = new Rush(clock);
  const rollUps = new RollUps({ ...stores, rush, clock, log, noticesWaiting: () => notifier.kick() });
  const changed = (post: { workspaceId: string; postId: string }): void => rollUps.changed(post);
  const dispatcher = new Dispatcher({
    ...stores,
    publisherFor,
    prepareMedia: (item, network, signal) => parts.media.prepare(item, network, signal),
    concurrencyOf: (account) =>
      publisherFor(account)?.capabilities.concurrency ?? UNKNOWN_NETWORK_CONCURRENCY,
    changed,
    rush,
    settings,
    clock,
    random,
    log,
  });
  const onDue = (at?: Date): void => {
    if (parts.publishes) dispatcher.kick(at);
  };
  const wakeDispatcher = (): void => onDue();

  const accounts = createAccountService({
    accounts: stores.accounts,
    networkLabel,
    capabilitiesOf: (network) => publishers.rules.get(network)?.capabilities,
  });
  const stopping = new AbortController();
  const boards = createBoardService({ publisherFor, clock, log, signal: stopping.signal });
  const conversions = createConversionService({
    ...parts.conversions,
    posts: stores.posts,
    publisherFor,
    async redraw(post) {
      const { id: postId, workspaceId, origin } = post;
      const { frontend } = origin.conversation;
      const card = { id: `${postId}.card`, workspaceId, postId, kind: 'card', frontend } as const;
      await stores.notices.request(card, clock.now());
      notifier.kick();
    },
    clock,
    log,
  });
  const changePorts: ChangePorts = {
    ...stores,
    alarms: alarmClock,
    publisherFor,
    boards,
    wakeDispatcher,
    changed,
    clock,
    random,
  };
  const posts = createPostService(changePorts, conversions);
  const services: Services = {
    posts,
    accounts,
    boards,
    insights: createInsightsService({ publisherFor, networkLabel, clock, log, signal: stopping.signal }),
    people: createPeopleService({
      people: stores.people,
      workspaces: stores.workspaces,
      localFrontends: LOCAL_FRONTENDS,
      frontends: parts.gateways.map((gateway) => gateway.frontend),
      clock,
    }),
    settings: {
      async change(workspaceId, patch) {
        const workspace = await stores.workspaces.change(workspaceId, patch);
        if (!workspace) throw usageError('NOT_A_MEMBER', 'This team is gone.', 'Use /start.');
        return workspace;
      },
    },
    media: parts.media,
    conversions,
    clock,
  };
  const cards = createCardDesk({
    ...stores,
    accountService: accounts,
    postService: posts,
    wakeNotifier: () => notifier.kick(),
    clock,
  });
  const notifier = new Notifier({
    ...stores,
    gateways: parts.gateways,
    draw: cards.draw,
    rush,
    clock,
    random,
    log,
  });
  const desk = createDesk({
    commands: parts.commands,
    services,
    cards,
    localFrontends: LOCAL_FRONTENDS,
    explainError,
    random,
    log,
  });

  const retention = new Retention({
    ...stores,
    ...parts.retention,
    changed,
    signal: stopping.signal,
    clock,
    log,
  });

  return {
    desk,
    dispatcher,
    notifier,
    useAlarms: (running) => {
      alarms = running;
    },
    onDue,
    calm: (signal) => rush.calm(signal),
    async onSweep() {
      // Beside the sweep, which must not wait for it.
      if (parts.publishes) retention.kick();
      await sweep({
        posts: stores.posts,
        alarms: alarmClock,
        completePlan: async (post) => {
          const accounts = await stores.accounts.findMany(post.targets);
          await plan(changePorts, post, accounts);
        },
        finishMove: (post) => finishMove(changePorts, post),
        changed,
        wakeDispatcher,
        wakeNotifier: () => notifier.kick(),
        intervalMs: settings.intervalMs,
        clock,
        log,
      });
    },
    async idle() {
      await conversions.idle();
      await retention.idle();
      await dispatcher.idle();
      await rollUps.idle();
      await notifier.idle();
    },
    async stop(hardStop) {
      await conversions.close();
      stopping.abort(new Error('the program is stopping'));
      await dispatcher.stop(hardStop);
      await retention.idle();
      await rollUps.idle();
      await notifier.stop();
    },
  };
}
