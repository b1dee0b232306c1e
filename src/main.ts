/** The entry: reads the configuration, starts the program, and ends it on a signal or at the end of the terminal chat. */
import { join, resolve } from 'node:path';
import type { App } from './app/app.ts';
import { type Config, loadEnvironment, readConfig, secretsOf } from './config.ts';
import { SECOND } from './core/clock.ts';
import { asCarillonError } from './core/errors.ts';
import { createLogger } from './lib/logger.ts';
import { systemClock, systemRandom } from './lib/system-clock.ts';

/** Whatever happens, the process is gone this long after a signal. */
const EXIT_MAX_MS = 9.5 * SECOND;

function logTo(config: Config): Parameters<typeof createLogger>[0] {
  const chat = config.discord.token || config.telegram.token;
  const base = { level: config.logLevel, secrets: secretsOf(config) };
  if (chat) return { ...base, to: { stream: 'stdout' }, pretty: process.stdout.isTTY === true };
  // The terminal chat has the screen (or the pipe) to itself.
  if (process.stdin.isTTY)
    return { ...base, to: { file: join(resolve(config.dataDirectory), 'carillon.log') }, pretty: false };
  return {
    ...base,
    to: { stream: 'stderr' },
    pretty: false,
    level: config.logLevel === 'info' ? 'warn' : config.logLevel,
  };
}

function say(words: string): void {
  process.stdout.write(`${words}\n`);
}

function fail(error: unknown): never {
  const problem = asCarillonError(error);
  const cause = problem.kind === 'Bug' && problem.cause instanceof Error ? `\n${problem.cause.stack}` : '';
  process.stderr.write(`Carillon cannot start. ${problem.message}\n${problem.hint}${cause}\n`);
  process.exit(1);
}

async function main(): Promise<void> {
  const config = readConfig(loadEnvironment());
  const log = createLogger(logTo(config));
  for (const remark of config.remarks) log.warn({}, remark);
  let app: App | undefined;
  let ending = false;

  const end = async (code: number, why: string): Promise<void> => {
    if (ending) return;
    ending = true;
    log.info({ why }, 'stopping');
    setTimeout(() => process.exit(code || 1), EXIT_MAX_MS).unref();
    await app?.stop().catch((error) => log.error({ err: error }, 'the stop was not clean'));
    log.flush();
    // Agenda leaves timers for half a lock's lifetime behind; nothing of ours is pending any more.
    process.exit(code);
  };
  process.on('SIGTERM', () => void end(0, 'SIGTERM'));
  process.on('SIGINT', () => void end(0, 'SIGINT'));
  const onFault = (error: unknown): void => {
    log.error({ err: error }, 'an unforeseen fault; the program stops, a supervisor starts it anew');
    void end(1, 'fault');
  };
  process.on('uncaughtException', onFault);
  process.on('unhandledRejection', onFault);

  // Only now: what is wrong with the configuration is told without loading half a thousand modules first.
  const { startApp } = await import('./app/app.ts');
  app = await startApp({
    config,
    terminal: { input: process.stdin, output: process.stdout, workingDirectory: process.cwd() },
    clock: systemClock,
    random: systemRandom,
    log,
    announce: say,
  });
  const { terminal } = app.frontEnds;
  log.info(
    { web: app.webAddress, frontends: app.frontEnds.all.map((each) => each.gateway.frontend) },
    'ready',
  );
  if (!terminal) say(`Carillon is ready.${app.webAddress ? ` Wall: ${app.webAddress}/wall` : ''}`);
  if (terminal) {
    await terminal.ended;
    try {
      // A script's posts are seen through to their end; a person who leaves comes back to them.
      if (!ending && !process.stdin.isTTY) await app.settled();
    } catch (error) {
      // A signal ends the chat too, and takes the database from under whoever still looks.
      if (!ending) throw error;
    }
    await end(0, 'the chat ended');
  }
}

main().catch(fail);
