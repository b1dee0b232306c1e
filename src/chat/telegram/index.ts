/**
 * The Telegram front-end: starts, watches and stops its parts. main imports it only when there is a token, since grammY
 * is a part of the memory that a terminal does not need.
 *
 * One process at a time speaks for a bot: with polling, Telegram itself sees to it. Where two overlap for a moment, the
 * newcomer may do again what the other has in hand, which the desk makes harmless; the chat then sees two answers.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { UserFromGetMe } from 'grammy/types';
import type { ChatDesk, FrontEnd } from '../../core/chat.ts';
import type { ChatInbox } from '../../core/chat-inbox.ts';
import { type Clock, type Random, SECOND, sleep } from '../../core/clock.ts';
import type { Logger } from '../../core/log.ts';
import { ALBUM_WAIT_MS } from './albums.ts';
import { type Connection, createConnection } from './connection.ts';
import type { Context } from './context.ts';
import { isBadRequest, isTokenRefusal, tokenRefused, translate, webhookRefused } from './faults.ts';
import { createFiles, type Files } from './files.ts';
import { createGateway } from './gateway.ts';
import type { Intake } from './intake.ts';
import { ALLOWED_UPDATES, FRONTEND } from './limits.ts';
import { syncMenu } from './menu.ts';
import { createMessenger, type Messenger } from './messenger.ts';
import { type Polling, startPolling } from './polling.ts';
import { createSession } from './session.ts';
import { createStanding } from './standing.ts';
import { createWebhook } from './webhook.ts';

/** Where updates are kept between arrival and work, and questions until they are answered. */
export type TelegramInbox = ChatInbox;

export interface TelegramOptions {
  readonly token: string;
  /** Scheme, host and port in place of https://api.telegram.org. */
  readonly apiUrl?: string;
  /** Telegram sends updates to `url` (https, reachable for it) instead of being asked; `secret`: 1-256 of A-Z a-z 0-9 _ -. */
  readonly webhook?: { readonly url: string; readonly secret: string };
  readonly inbox: TelegramInbox;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** How long after the last part an album is taken as complete, in milliseconds. */
  readonly albumWaitMs?: number;
}

export interface TelegramFrontEnd extends FrontEnd {
  /** Present when `webhook` was given: answers the requests to its address. Never rejects. */
  handleWebhook?(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** Work in hand gets this long at a stop; the whole process has ten seconds. */
const STOP_PATIENCE_MS = 7 * SECOND;
const END_PATIENCE_MS = SECOND;
const CONNECT_RETRY_FIRST_MS = SECOND;
const CONNECT_RETRY_MAX_MS = 30 * SECOND;

/** Everything that exists between start and stop. */
interface Running {
  readonly connection: Connection;
  readonly files: Files;
  readonly messenger: Messenger;
  readonly stopping: AbortController;
  readonly ended: AbortController;
  readonly background: Set<Promise<void>>;
  intake?: Intake;
  polling?: Polling;
}

/** Start fails with TOKEN_REFUSED, or CONFIG_INVALID for a webhook that Telegram does not take; without a network it succeeds and goes on trying, see `status`. */
export function createTelegramFrontEnd(options: TelegramOptions): TelegramFrontEnd {
  const { clock, random, log, inbox, webhook } = options;
  const standing = createStanding();
  let running: Running | undefined;

  const prepare = (desk: ChatDesk): Running => {
    const connection = createConnection(options);
    const { api } = connection.bot;
    return {
      connection,
      files: createFiles({ api, root: connection.root, token: options.token, clock }),
      messenger: createMessenger({
        api,
        clock,
        renamed: (oldId, newId) => desk.conversationRenamed(FRONTEND, oldId, newId),
      }),
      stopping: new AbortController(),
      ended: new AbortController(),
      background: new Set(),
    };
  };

  const connect = async ({ connection }: Running): Promise<UserFromGetMe> => {
    const { api } = connection.bot;
    const me = await api.getMe();
    if (webhook !== undefined) {
      const settings = { secret_token: webhook.secret, allowed_updates: ALLOWED_UPDATES };
      await api.setWebhook(webhook.url, settings).catch((error: unknown) => {
        throw isBadRequest(error) ? webhookRefused(webhook.url, error.description) : error;
      });
    }
    return me;
  };

  const open = async (run: Running, desk: ChatDesk, me: UserFromGetMe): Promise<void> => {
    const { connection, files, messenger } = run;
    const { api } = connection.bot;
    connection.bot.botInfo = me;
    const context: Context = {
      api,
      me,
      desk,
      inbox,
      messenger,
      files,
      clock,
      random,
      log,
      reports: new Set(),
      signal: run.ended.signal,
    };
    const intake = createSession(connection, context, options.albumWaitMs ?? ALBUM_WAIT_MS);
    await intake.recover();
    run.intake = intake;
    if (webhook === undefined) run.polling = startPolling({ api, intake, standing, clock, random, log });
    else standing.set('ready');
    inBackground(run, async () => {
      const changed = await syncMenu(api, desk.commands);
      log.info({ bot: me.username, menusChanged: changed }, 'Telegram is connected');
    });
  };

  /** The first connection, tried until it stands. */
  const keepConnecting = async (run: Running, desk: ChatDesk): Promise<void> => {
    for (let delay = CONNECT_RETRY_FIRST_MS; ; delay = Math.min(delay * 2, CONNECT_RETRY_MAX_MS)) {
      await sleep(clock, delay * (0.75 + random.fraction() / 2), run.stopping.signal);
      try {
        const me = await connect(run);
        return await open(run, desk, me);
      } catch (error) {
        if (run.stopping.signal.aborted) return;
        const { message } = isTokenRefusal(error) ? tokenRefused() : translate(error, clock.now());
        standing.set(isTokenRefusal(error) ? 'down' : 'connecting', message);
        if (isTokenRefusal(error)) throw tokenRefused();
      }
    }
  };

  const inBackground = (run: Running, work: () => Promise<void>): void => {
    const settled = work()
      .catch((error: unknown) => {
        if (!run.stopping.signal.aborted)
          log.warn({ error: translate(error, clock.now()) }, 'a task of Telegram failed');
      })
      .finally(() => run.background.delete(settled));
    run.background.add(settled);
  };

  const settled = async (run: Running, patienceMs: number): Promise<void> => {
    const enough = new AbortController();
    const patience = sleep(clock, patienceMs, enough.signal).catch(() => undefined);
    await Promise.race([Promise.all([run.intake?.idle(), ...run.background]), patience]);
    enough.abort();
  };

  const end = async (run: Running): Promise<void> => {
    run.ended.abort(new Error('The Telegram front-end has stopped.'));
    run.connection.end();
  };

  return {
    gateway: createGateway(() => running?.messenger),

    status: () => standing.get(),

    async start(desk) {
      const run = prepare(desk);
      running = run;
      standing.set('connecting');
      try {
        await open(run, desk, await connect(run));
      } catch (raw) {
        const error = isTokenRefusal(raw) ? tokenRefused() : translate(raw, clock.now());
        const { code, message } = error;
        if (code !== 'CHAT_UNAVAILABLE') {
          running = undefined;
          standing.set('down', message);
          await end(run);
          throw error;
        }
        standing.set('connecting', message);
        log.warn({ reason: message }, 'Telegram is not reachable yet, trying again');
        inBackground(run, () => keepConnecting(run, desk));
      }
    },

    async stop() {
      const run = running;
      if (run === undefined) return;
      running = undefined;
      run.stopping.abort(new Error('stopping'));
      // With a webhook, Telegram keeps what comes meanwhile by itself; the webhook stays set for the next start.
      await run.polling?.stop();
      run.intake?.stop();
      await settled(run, STOP_PATIENCE_MS);
      await end(run);
      // What heeds the signal is over at once; what does not must not hold up the end of the process.
      await settled(run, END_PATIENCE_MS);
      standing.set('down', 'stopped');
    },

    ...(webhook === undefined
      ? {}
      : {
          handleWebhook: createWebhook({ secret: webhook.secret, intake: () => running?.intake, log }).handle,
        }),
  };
}
