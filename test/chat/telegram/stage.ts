/** A simulated Telegram, a scripted desk and the real front-end between them; everything ends with the test. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import {
  createTelegramFrontEnd,
  type TelegramFrontEnd,
  type TelegramOptions,
} from '../../../src/chat/telegram/index.ts';
import type { Clock } from '../../../src/core/clock.ts';
import type { Logger } from '../../../src/core/log.ts';
import { createSeededRandom } from '../../helpers/manual-clock.ts';
import { createMemoryInbox, type MemoryInbox } from '../../helpers/memory-inbox.ts';
import {
  type SimulatorOptions,
  startTelegramSimulator,
  type TelegramSimulator,
} from '../../simulators/telegram/index.ts';
import { createScriptedDesk, type ScriptedDesk } from './scripted-desk.ts';

/** A clock that runs this many times faster, so that back-off waits cost milliseconds. */
const HURRY = 50;

export function createHurriedClock(factor = HURRY): Clock {
  const start = Date.now();
  const now = (): number => start + (Date.now() - start) * factor;
  return {
    now: () => new Date(now()),
    at(instant, callback) {
      const timer = setTimeout(callback, Math.max(0, instant.getTime() - now()) / factor);
      return () => clearTimeout(timer);
    },
  };
}

/** The album wait of the tests in milliseconds of the hurried clock: 60 ms of real time. */
const ALBUM_WAIT_MS = 60 * HURRY;

interface LogLine {
  level: string;
  facts: object;
  message: string;
}

interface Stage {
  telegram: TelegramSimulator;
  desk: ScriptedDesk;
  inbox: MemoryInbox;
  log: LogLine[];
  logger: Logger;
  frontEnd: TelegramFrontEnd;
  /** Where the webhook of the front-end is served. */
  webhookUrl: string;
  /** Stops the front-end and starts another one on the same inbox. */
  restart(): Promise<void>;
  /** Changes options of the front-ends that are started from now on. */
  setOptions(options: Partial<TelegramOptions>): void;
}

interface StageOptions {
  start?: boolean;
  webhook?: boolean;
  simulator?: SimulatorOptions;
  options?: Partial<TelegramOptions>;
}

const WEBHOOK_SECRET = 'simulated-secret_1';

export async function setStage({
  start = true,
  webhook = false,
  simulator,
  options = {},
}: StageOptions = {}): Promise<Stage> {
  const telegram = await startTelegramSimulator(simulator);
  onTestFinished(() => telegram.stop());
  const log: LogLine[] = [];
  let current = options;
  const inbox = createMemoryInbox();
  const desk = createScriptedDesk();
  const web = webhook ? await serveWebhook(() => stage.frontEnd) : undefined;
  const webhookUrl =
    web === undefined ? '' : `http://127.0.0.1:${(web.address() as AddressInfo).port}/telegram`;
  const make = (): TelegramFrontEnd =>
    createTelegramFrontEnd({
      token: telegram.token,
      apiUrl: telegram.url,
      inbox,
      clock: createHurriedClock(),
      random: createSeededRandom(),
      log: recorder(log),
      albumWaitMs: ALBUM_WAIT_MS,
      ...(webhook ? { webhook: { url: webhookUrl, secret: WEBHOOK_SECRET } } : {}),
      ...current,
    });
  const stage: Stage = {
    telegram,
    desk,
    inbox,
    log,
    logger: recorder(log),
    frontEnd: make(),
    webhookUrl,
    async restart() {
      await stage.frontEnd.stop();
      stage.frontEnd = make();
      await stage.frontEnd.start(desk);
    },
    setOptions(changed) {
      current = { ...current, ...changed };
    },
  };
  onTestFinished(() => stage.frontEnd.stop());
  if (start) await stage.frontEnd.start(desk);
  return stage;
}

async function serveWebhook(frontEnd: () => TelegramFrontEnd): Promise<Server> {
  const server = createServer((request, response) => void frontEnd().handleWebhook?.(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return server;
}

function recorder(lines: LogLine[]): Logger {
  const at = (level: string) => (facts: object, message: string) =>
    void lines.push({ level, facts, message });
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => recorder(lines),
  };
}

/** Waits until `condition` holds, looking at it every few milliseconds. */
export async function eventually<T>(
  condition: () => T | undefined | false,
  what = 'the condition',
): Promise<T> {
  const end = Date.now() + 8_000;
  for (;;) {
    const value = condition();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > end) throw new Error(`${what} did not come true`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
