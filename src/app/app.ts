/** The whole program: starts its parts in order (database, stores, jobs, web, front-ends) and stops them in reverse. */
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { after, type Clock, newId, type Random, SECOND, sleep } from '../core/clock.ts';
import type { Logger } from '../core/log.ts';
import { type RunningAlarmClock, startAlarmClock } from '../jobs/alarm-clock.ts';
import { createPublishers } from '../publishers/index.ts';
import { startWeb, type Web } from '../web/server.ts';
import { createAccountSetup } from './accounts.ts';
import { type BudgetKeeper, createBudgetKeeper } from './budget-keeper.ts';
import { type Database, openStores } from './database.ts';
import { createEngine, type Engine } from './engine.ts';
import { firstWorkspace } from './first-workspace.ts';
import {
  createFrontEnds,
  FRONTENDS,
  type FrontEnds,
  TELEGRAM_WEBHOOK_PATH,
  type Terminal,
} from './front-ends.ts';
import { createHealth } from './health.ts';
import { loadCommands } from './load-commands.ts';
import { createMedia } from './media.ts';
import { openMediaLinks } from './media-links.ts';
import { publisherSettings } from './publisher-settings.ts';
import { createSecretKeys } from './secret-keys.ts';
import { createTokenFile } from './token-file.ts';

/** Agenda looks for alarms this often. The dispatcher has its own timer, so with one process this is a second net only. */
const POLL_ALONE_MS = 5 * SECOND;
const POLL_SHARED_MS = 250;
/** Steps in hand get this long at a stop; then their network calls are aborted. The process has ten seconds in all. */
const STOP_PATIENCE_MS = 7 * SECOND;
/** How often the end of all due work is looked for when input has ended. */
const SETTLED_LOOK_MS = 25;

export interface AppOptions {
  readonly config: Config;
  readonly terminal: Terminal;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Something that the person who runs the program must see, such as the claim code. */
  announce(words: string): void;
}

export interface App {
  /** Where the web pages are; absent when this process serves none. */
  readonly webAddress: string | undefined;
  readonly frontEnds: FrontEnds;
  /** Resolves when every post that is due now is settled and told. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** Errors: those of each part, as CarillonErrors that say what to do. What was started is stopped again. */
export async function startApp(options: AppOptions): Promise<App> {
  const { config, clock, random, log } = options;
  const undo: (() => Promise<void>)[] = [];
  try {
    const database = await openStores(config, log);
    undo.push(() => database.close());
    if (database.alone) await breakLeases(database, clock.now());
    const workspace = await firstWorkspace(database.stores, options);
    let web: Web | undefined;
    const budgets = createBudgetKeeper({
      budgets: database.stores.budgets,
      alone: database.alone,
      clock,
      log,
    });
    const keys = createSecretKeys(config, random);
    const mediaLinks = await openMediaLinks(config, database.blobs, { clock, keys });
    const publishers = await createPublishers(publisherSettings(config), {
      wall: database.wall,
      blobs: database.blobs,
      wallAddress: () => web && `${web.address}/wall`,
      openBudget: (id) => budgets.open(id),
      ...(mediaLinks ? { mediaLinks: mediaLinks.link } : {}),
      tokenVault: (network) =>
        createTokenFile(join(config.dataDirectory, `${network}-tokens`), {
          keys: () => keys.of(`tokens of ${network}`),
          random,
          log,
        }),
      clock,
      random,
    });
    const frontEnds = await createFrontEnds(config, options.terminal, {
      inbox: database.inbox,
      clock,
      random,
      log,
    });
    const publishes = config.roles.has('worker');
    const engine = createEngine({
      stores: database.stores,
      publishers,
      ...createMedia(config, database, options),
      retention: { days: config.retentionDays, wall: database.wall, blobs: database.blobs },
      commands: await loadCommands(),
      gateways: frontEnds.all.map((each) => each.gateway),
      settings: config.scheduler,
      publishes,
      clock,
      random,
      log,
    });
    const setup = createAccountSetup({
      accounts: database.stores.accounts,
      deliveries: database.stores.deliveries,
      publishers,
      workspace,
      clock,
      random,
      log,
    });
    const starting = new AbortController();
    let connected = await setup.connect(starting.signal);
    const alarms = await startAlarmClock({
      connection: database.connection,
      name: `${hostname()}-${process.pid}-${newId(random, 4)}`,
      processEveryMs: database.alone ? POLL_ALONE_MS : POLL_SHARED_MS,
      sweepEveryMs: config.scheduler.intervalMs,
      rings: publishes,
      onDue: (at) => engine.onDue(at),
      calm: (signal) => engine.calm(signal),
      async onSweep() {
        if (!connected) connected = await setup.connect(starting.signal);
        await engine.onSweep();
      },
      clock,
      log,
    });
    undo.push(() => alarms.stop());
    engine.useAlarms(alarms);
    undo.push(() => engine.stop(AbortSignal.abort()));
    if (config.roles.has('web')) {
      web = await startWeb({
        host: config.web.host,
        port: config.web.port,
        health: createHealth({
          database,
          engine,
          frontEnds,
          publishes,
          intervalMs: config.scheduler.intervalMs,
          clock,
        }),
        wall: database.wall,
        blobs: database.blobs,
        ...(mediaLinks ? { media: mediaLinks.handle } : {}),
        routes: frontEnds.telegram?.handleWebhook
          ? { [TELEGRAM_WEBHOOK_PATH]: frontEnds.telegram.handleWebhook }
          : {},
        log,
      });
      const serving = web;
      undo.push(() => serving.stop());
    }
    for (const frontEnd of frontEnds.all) {
      undo.push(() => frontEnd.stop());
      await frontEnd.start(engine.desk);
    }
    if (publishes) engine.dispatcher.start();
    await engine.onSweep();
    return {
      webAddress: web?.address,
      frontEnds,
      settled: () => settled(database, engine, frontEnds, clock),
      stop: () => stop({ engine, alarms, budgets, frontEnds, web, database, clock }),
    };
  } catch (error) {
    for (const step of undo.reverse())
      await step().catch((problem) => log.error({ err: problem }, 'a part could not be stopped'));
    throw error;
  }
}

/** Nobody else can have this database open, so whatever is leased belongs to a process that is gone. */
async function breakLeases({ stores }: Database, now: Date): Promise<void> {
  await Promise.all([
    stores.deliveries.breakLeases(now),
    stores.accounts.breakLeases(),
    stores.notices.breakLeases(now, FRONTENDS),
  ]);
}

/** Every post due by now is settled, rolled up and told. */
async function settled(
  database: Database,
  engine: Engine,
  frontEnds: FrontEnds,
  clock: Clock,
): Promise<void> {
  const { posts, notices } = database.stores;
  const names = frontEnds.all.map((each) => each.gateway.frontend);
  for (;;) {
    await engine.idle();
    const now = clock.now();
    const [open] = await posts.openDueBefore(now, 1);
    const untold = await notices.nextDue(names);
    if (!(open && open.dueAt <= now) && !untold) return;
    if (open && open.dueAt <= now && open.rollUps === 0) engine.onDue();
    await sleep(clock, SETTLED_LOOK_MS);
  }
}

interface Parts {
  readonly engine: Engine;
  readonly alarms: RunningAlarmClock;
  readonly budgets: BudgetKeeper;
  readonly frontEnds: FrontEnds;
  readonly web: Web | undefined;
  readonly database: Database;
  readonly clock: Clock;
}

/** Takes nothing new, ends the step in hand, tells what was settled, and only then lets go of chats and database. */
async function stop({ engine, alarms, budgets, frontEnds, web, database, clock }: Parts): Promise<void> {
  const hardStop = new AbortController();
  const cancel = clock.at(after(clock.now(), STOP_PATIENCE_MS), () =>
    hardStop.abort(new Error('the program is stopping')),
  );
  try {
    await alarms.stop();
    await engine.stop(hardStop.signal);
    await budgets.flush();
    await Promise.all(frontEnds.all.map((each) => each.stop()));
    await web?.stop();
  } finally {
    cancel();
    await database.close();
  }
}
