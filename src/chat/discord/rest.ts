/**
 * The two ways to Discord's HTTP interface: one with the bot token for everything that lasts, one without retries for the
 * first answer to an interaction.
 */
import { REST } from 'discord.js';
import { MINUTE, SECOND } from '../../core/clock.ts';

const DISCORD_ADDRESS = 'https://discord.com';

/** A rate limit longer than this is handed to the caller (who has an outbox) instead of being waited for in memory. */
const PATIENCE = 20 * SECOND;

export interface DiscordRest {
  /** Requests with the bot token, and to an interaction's own webhook (those with `auth: false`). */
  bot(): REST;
  /** Requests that are tried once only, so that their caller knows what may have happened already. */
  once: REST;
  /** Ends the timers of both. */
  close(): void;
}

/** The base of the HTTP interface, without the version; `apiUrl` is scheme, host and port. */
export function apiBase(apiUrl: string | undefined): string {
  return `${(apiUrl ?? DISCORD_ADDRESS).replace(/\/+$/, '')}/api`;
}

/** `request` and `acknowledge` are the milliseconds that one try may take. */
export function createDiscordRest(options: {
  token: string;
  apiUrl: string | undefined;
  request: number;
  acknowledge: number;
}): DiscordRest {
  const api = apiBase(options.apiUrl);
  const bot = new REST({
    api,
    timeout: options.request,
    rejectOnRateLimit: ({ timeToReset, retryAfter }) => Math.max(timeToReset, retryAfter) > PATIENCE,
    // The sweeps' intervals are timers of the library; they are cleared in close().
    handlerSweepInterval: 60 * MINUTE,
  });
  const once = new REST({ api, timeout: options.acknowledge, retries: 0 });
  return {
    bot() {
      // The library forgets the token after any 401 to a request that carried it; a token that has been put right
      // at Discord's side would otherwise stay unused until a restart.
      return bot.setToken(options.token);
    },
    once,
    close() {
      for (const rest of [bot, once]) {
        rest.clearHashSweeper();
        rest.clearHandlerSweeper();
      }
    },
  };
}
