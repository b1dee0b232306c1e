/** A running front-end on a simulator, with everything that a test looks at; ends itself after each test. */
import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { createDiscordFrontEnd } from '../../../src/chat/discord/index.ts';
import type { DiscordTimeouts } from '../../../src/chat/discord/timeouts.ts';
import type { FrontEnd } from '../../../src/core/chat.ts';
import type { Clock, Random } from '../../../src/core/clock.ts';
import type { Logger } from '../../../src/core/log.ts';
import {
  type DiscordSimulator,
  type DiscordSimulatorOptions,
  startDiscordSimulator,
} from '../../simulators/discord/index.ts';
import { ScriptedDesk } from './scripted-desk.ts';

/** Where commands are read and written. */
export const COMMANDS_REGISTERED_PATH = /^\/applications\/\d+\/commands$/;

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly facts: Record<string, unknown>;
  readonly message: string;
}

export interface Bench {
  readonly discord: DiscordSimulator;
  readonly desk: ScriptedDesk;
  readonly frontEnd: FrontEnd;
  readonly logged: LogLine[];
  /** Whether a line of this level or above, with these words, was logged. */
  hasLogged(level: LogLine['level'], words: RegExp): boolean;
  /** Lines that nobody expected are shown when this is called. */
  problems(): string[];
}

const systemClock: Clock = {
  now: () => new Date(),
  at(instant, callback) {
    const timer = setTimeout(callback, Math.max(0, instant.getTime() - Date.now()));
    return () => clearTimeout(timer);
  },
};

const systemRandom: Random = {
  fraction: () => Math.random(),
  bytes: (count) => randomBytes(count),
};

function recordingLogger(lines: LogLine[], bound: Record<string, unknown> = {}): Logger {
  const write =
    (level: LogLine['level']) =>
    (facts: object, message: string): void => {
      lines.push({ level, facts: { ...bound, ...facts }, message });
    };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (facts) => recordingLogger(lines, { ...bound, ...facts }),
  };
}

export interface BenchOptions extends DiscordSimulatorOptions {
  readonly timeouts?: Partial<DiscordTimeouts>;
  /** The token that the bot uses, when it is another than the simulator's. */
  readonly botToken?: string;
  /** Called with the simulator before the bot starts. */
  prepare?(discord: DiscordSimulator): void;
}

/** A front-end that is connected and has its commands registered. */
export async function startBench(options: BenchOptions = {}): Promise<Bench> {
  const bench = await prepareBench(options);
  await bench.frontEnd.start(bench.desk);
  await bench.discord.ready();
  return bench;
}

/** The same, not started yet. */
export async function prepareBench({
  timeouts = {},
  botToken,
  prepare,
  ...simulated
}: BenchOptions = {}): Promise<Bench> {
  const discord = await startDiscordSimulator(simulated);
  prepare?.(discord);
  const logged: LogLine[] = [];
  const frontEnd = createDiscordFrontEnd({
    token: botToken ?? discord.token,
    apiUrl: discord.url,
    clock: systemClock,
    random: systemRandom,
    log: recordingLogger(logged),
    timeouts,
  });
  onTestFinished(async () => {
    await frontEnd.stop();
    await discord.stop();
  });
  const ranks = ['debug', 'info', 'warn', 'error'];
  return {
    discord,
    desk: new ScriptedDesk(),
    frontEnd,
    logged,
    hasLogged: (level, words) =>
      logged.some((line) => ranks.indexOf(line.level) >= ranks.indexOf(level) && words.test(line.message)),
    problems: () =>
      logged.filter(({ level }) => level === 'warn' || level === 'error').map((line) => JSON.stringify(line)),
  };
}
