/**
 * Asks Telegram for updates (long polling) and hands them to the intake. The loop is the runner's; the asking is ours,
 * because the runner's own fetcher acknowledges updates before they are kept, prints to the console, and after a long
 * outage waits as long again (its delay doubles without a bound).
 */
import { createConcurrentSink, createRunner, createSource } from '@grammyjs/runner';
import type { Api } from 'grammy';
import type { Update } from 'grammy/types';
import { type Clock, type Random, SECOND, sleep } from '../../core/clock.ts';
import type { Logger } from '../../core/log.ts';
import { isConflict, isTokenRefusal, tokenRefused, translate } from './faults.ts';
import type { Intake } from './intake.ts';
import { ALLOWED_UPDATES } from './limits.ts';
import type { Standing } from './standing.ts';

/** Telegram holds the answer back until there is something, or this long. */
const LONG_POLL_SECONDS = 30;
const RETRY_FIRST_MS = SECOND;
const RETRY_MAX_MS = 30 * SECOND;
/** The other program gets its updates cut off whenever we ask, so we do not ask often. */
const CONFLICT_WAIT_MS = 10 * SECOND;
const CONFLICT_DETAIL =
  'Another program asks Telegram for the updates of this bot (409). Stop it; this one goes on by itself.';
/** Updates worked on at the same time, over all chats. */
const CONCURRENCY = 100;

export interface Polling {
  /** Ends when no further update can come. */
  stop(): Promise<void>;
}

interface PollingParts {
  readonly api: Api;
  readonly intake: Intake;
  readonly standing: Standing;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

export function startPolling(parts: PollingParts): Polling {
  const { api, intake, standing, clock, random, log } = parts;
  const closing = new AbortController();
  let offset = 0;
  let webhookRemoved = false;
  // The first call after a failure is answered at once, so that the standing is true at once.
  let timeout = 0;
  let failures = 0;

  const fetchBatch = async (limit: number, signal: RunnerSignal): Promise<Update[]> => {
    if (!webhookRemoved) {
      // Telegram refuses getUpdates while a webhook is set. What it has not delivered yet stays.
      await api.deleteWebhook();
      webhookRemoved = true;
    }
    const updates = await api.getUpdates(
      {
        offset,
        limit: Math.max(1, Math.min(limit, 100)),
        timeout,
        allowed_updates: ALLOWED_UPDATES,
      },
      signal,
    );
    // Kept before the next call acknowledges them: a failure here makes Telegram deliver them again.
    const fresh = await intake.keep(updates);
    const last = updates.at(-1);
    if (last !== undefined) offset = last.update_id + 1;
    return fresh;
  };

  const waitAfter = (error: unknown): number => {
    const before = standing.get().state;
    if (isConflict(error)) {
      // A short call would succeed between two of the other program's; only a long one that survives says that it is gone.
      timeout = LONG_POLL_SECONDS;
      standing.set('down', CONFLICT_DETAIL);
      if (before !== 'down') log.warn({}, CONFLICT_DETAIL);
      return CONFLICT_WAIT_MS;
    }
    timeout = 0;
    const { message } = translate(error, clock.now());
    standing.set('connecting', message);
    if (failures === 0) log.warn({ reason: message }, 'no updates from Telegram; trying until there are');
    const delay = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(failures, 10));
    failures += 1;
    return delay * (0.75 + random.fraction() / 2);
  };

  const supply = async (limit: number, signal: RunnerSignal): Promise<Update[]> => {
    for (;;) {
      try {
        const updates = await fetchBatch(limit, signal);
        failures = 0;
        timeout = LONG_POLL_SECONDS;
        standing.set('ready');
        return updates;
      } catch (error) {
        if (signal.aborted || isTokenRefusal(error)) throw error;
        await sleep(clock, waitAfter(error), closing.signal);
      }
    }
  };

  const source = createSource({ supply });
  const sink = createConcurrentSink(
    { consume: (update: Update) => intake.take(update) },
    async () => undefined,
    {
      concurrency: CONCURRENCY,
    },
  );
  const runner = createRunner(source, sink);
  runner.start();
  // Only a refused token ends the loop by itself: it was good at the start and has been revoked since.
  const ended = (runner.task() ?? Promise.resolve()).catch((error: unknown) => {
    standing.set(
      'down',
      isTokenRefusal(error) ? tokenRefused().message : translate(error, clock.now()).message,
    );
    log.error({ error: translate(error, clock.now()) }, 'Telegram polling has ended');
  });

  return {
    async stop() {
      closing.abort(new Error('stopping'));
      if (runner.isRunning()) await runner.stop();
      await ended;
    },
  };
}

/** The runner and grammY use the type of the package `abort-controller`. */
type RunnerSignal = NonNullable<Parameters<Api['getUpdates']>[1]>;
