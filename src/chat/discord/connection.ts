/**
 * The life of the gateway connection. discord.js resumes and reconnects by itself; what it does not survive (an
 * unreachable Discord at start, a connection that it gives up) is started again here.
 */
import {
  type APIInteraction,
  Client,
  type ClientOptions,
  DiscordjsError,
  DiscordjsErrorCodes,
  Events,
  GatewayCloseCodes,
  GatewayDispatchEvents,
  SimpleShardingStrategy,
} from 'discord.js';
import type { FrontEnd } from '../../core/chat.ts';
import { type Clock, MINUTE, type Random, SECOND, sleep } from '../../core/clock.ts';
import { type CarillonError, failure, CarillonError as OurError } from '../../core/errors.ts';
import type { Logger } from '../../core/log.ts';
import { facts } from './errors.ts';
import { apiBase } from './rest.ts';

const FIRST_PAUSE = 5 * SECOND;
const LONGEST_PAUSE = 5 * MINUTE;

type Status = ReturnType<FrontEnd['status']>;
/** The manager inside the client, which shares its name with the client's own. */
type GatewayManager = Parameters<NonNullable<NonNullable<ClientOptions['ws']>['buildStrategy']>>[0];

interface ConnectionOptions {
  token: string;
  apiUrl: string | undefined;
  clock: Clock;
  random: Random;
  log: Logger;
  /** Milliseconds of one request. */
  request: number;
  /** Milliseconds after which start() no longer waits for a Discord that does not answer. */
  ready: number;
  onInteraction(interaction: APIInteraction): void;
  /** Called each time a new session is ready. */
  onReady(applicationId: string): void;
}

interface Connection {
  status(): Status;
  /** Settles when the bot is ready, or goes on in the background after `ready`. Rejects: TOKEN_REFUSED. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function createConnection(options: ConnectionOptions): Connection {
  const { clock, log } = options;
  const ended = new AbortController();
  let status: Status = { state: 'down', detail: 'not started' };
  let close: (() => Promise<void>) | undefined;

  /** One client, from its login until it is given up; rejects with the reason. */
  function live(whenReady: () => void): Promise<never> {
    return new Promise((_resolve, reject) => {
      const session = createSession(options);
      const { client } = session;
      close = session.close;
      client.once(Events.ClientReady, (ready) => {
        status = { state: 'ready' };
        log.info({ bot: ready.user.username }, 'Discord connected');
        whenReady();
        options.onReady(ready.application.id);
      });
      // The payload as Discord sends it, and not the library's objects: acknowledging has its own rules (acknowledge.ts),
      // and without guild intents those objects would know no more than this.
      client.ws.on(GatewayDispatchEvents.InteractionCreate, options.onInteraction);
      client.on(Events.ShardReconnecting, () => {
        if (!ended.signal.aborted) log.warn({}, 'Discord connection lost; reconnecting');
        status = { state: 'connecting', detail: 'reconnecting' };
      });
      client.on(Events.ShardResume, (_shard, replayed) => {
        log.info({ replayed }, 'Discord connection resumed');
        status = { state: 'ready' };
      });
      client.on(Events.ShardReady, () => {
        status = { state: 'ready' };
      });
      client.on(Events.ShardError, (error) => log.warn(facts(error), 'Discord connection error'));
      client.on(Events.Warn, (message) => log.warn({}, message));
      client.on(Events.Error, (error) => log.error({ err: error }, 'Discord client error'));
      client.on(Events.ShardDisconnect, ({ code }) => reject(givenUp(code)));
      client.login(options.token).catch((error: unknown) => reject(loginError(error)));
    });
  }

  async function keepAlive(whenReady: () => void): Promise<void> {
    let pause = FIRST_PAUSE;
    while (!ended.signal.aborted) {
      status = { state: 'connecting' };
      const reason = await live(() => {
        pause = FIRST_PAUSE;
        whenReady();
      }).catch((error: unknown) => error);
      await close?.();
      if (ended.signal.aborted) return;
      if (reason instanceof OurError) {
        status = { state: 'down', detail: reason.message };
        throw reason;
      }
      status = { state: 'down', detail: `Discord is not reachable: ${String(facts(reason).said)}` };
      // Spread, so that many bots of one outage do not come back in the same second.
      const wait = pause * (0.5 + options.random.fraction() / 2);
      log.warn({ ...facts(reason), waitMs: Math.round(wait) }, 'Discord is not reachable; trying again');
      await sleep(clock, wait, ended.signal).catch(() => undefined); // Rejects only when stop() ends the loop.
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
  }

  return {
    status: () => status,

    start() {
      return new Promise((resolve, reject) => {
        const patience = new AbortController();
        const settle = (): void => {
          patience.abort();
          resolve();
        };
        keepAlive(settle).catch((error: unknown) => {
          patience.abort();
          log.error(
            error instanceof OurError ? { code: error.code, hint: error.hint } : { err: error },
            'Discord is given up',
          );
          reject(error);
        });
        sleep(clock, options.ready, AbortSignal.any([patience.signal, ended.signal]))
          .then(() => log.warn({}, 'Discord is not ready yet; the start goes on without it'))
          .catch(() => undefined) // Aborted: it is ready, refused or stopped.
          .finally(resolve);
      });
    },

    async stop() {
      ended.abort();
      await close?.();
      status = { state: 'down', detail: 'stopped' };
    },
  };
}

/** A client, and a way to end it that leaves nothing running. */
function createSession(options: ConnectionOptions): { client: Client; close: () => Promise<void> } {
  let manager: GatewayManager | undefined;
  const clientOptions: ClientOptions = {
    // Interactions need no intent; none is privileged (https://docs.discord.com/developers/events/gateway#gateway-intents).
    intents: [],
    shards: 'auto',
    rest: { api: apiBase(options.apiUrl), timeout: options.request },
    ws: {
      buildStrategy: (created) => {
        manager = created;
        return new SimpleShardingStrategy(created);
      },
    },
  };
  const client = new Client(clientOptions);
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    // A shard that pauses before it reconnects counts as idle, is passed over by destroy(), and would connect
    // again afterwards. Its way leads through this question, which then stays without an answer.
    if (manager) manager.options.retrieveSessionInfo = () => new Promise(() => undefined);
    await client.destroy();
    client.removeAllListeners();
    client.ws.removeAllListeners();
    // Late errors of a connection that is being closed must not end the process.
    client.on(Events.Error, () => undefined);
  };
  return {
    client,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

function loginError(error: unknown): unknown {
  const refused = error instanceof DiscordjsError && error.code === DiscordjsErrorCodes.TokenInvalid;
  return refused ? tokenRefused(error) : error;
}

function givenUp(code: number): Error {
  if (code === GatewayCloseCodes.AuthenticationFailed) return tokenRefused(undefined);
  return new Error(`Discord ended the connection with code ${code}`);
}

function tokenRefused(cause: unknown): CarillonError {
  return failure('ConfigError', {
    code: 'TOKEN_REFUSED',
    message: 'Discord refuses the token in DISCORD_TOKEN.',
    hint: 'Open https://discord.com/developers/applications, choose the application, "Bot", "Reset Token", and set DISCORD_TOKEN to the new one.',
    cause,
  });
}
