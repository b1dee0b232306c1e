/** The three ways to Discord's HTTP interface; they differ in token, retries and the limit that they keep. */
import { REST } from 'discord.js';
import { MINUTE, SECOND } from '../../core/clock.ts';

const DISCORD_ADDRESS = 'https://discord.com';

/** A rate limit longer than this is handed to the caller (who has an outbox) instead of being waited for in memory. */
const PATIENCE = 20 * SECOND;

/** What belongs to one finished interaction is forgotten that often. */
const SWEEP_EVERY = 20 * MINUTE;

export interface DiscordRest {
  /** With the bot token: everything that lasts. */
  bot(): REST;
  /**
   * To an interaction's own webhook, whose address holds its authority. Requests go with `auth: false`: the library
   * forgets the bot token after a 401, which is how Discord answers when an interaction's token has died.
   */
  webhook: REST;
  /** For first answers: tried once only, so that the caller knows what may have happened already. */
  once: REST;
  /** Ends the timers of all. */
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
  const common = { api, timeout: options.request, rejectOnRateLimit: longerThan(PATIENCE) };
  const bot = new REST(common);
  const webhook = new REST({
    ...common,
    // "Interaction endpoints are not bound to the bot's Global Rate Limit"
    // (https://docs.discord.com/developers/topics/rate-limits#global-rate-limit); kept to it, answers would queue.
    globalRequestsPerSecond: Number.POSITIVE_INFINITY,
    handlerSweepInterval: SWEEP_EVERY,
  });
  const once = new REST({
    api,
    timeout: options.acknowledge,
    retries: 0,
    rejectOnRateLimit: longerThan(options.acknowledge),
  });
  return {
    bot() {
      // A token that has been put right at Discord's side after a 401 would otherwise stay forgotten until a restart.
      return bot.setToken(options.token);
    },
    webhook,
    once,
    close() {
      for (const rest of [bot, webhook, once]) {
        rest.clearHashSweeper();
        rest.clearHandlerSweeper();
      }
    },
  };
}

function longerThan(milliseconds: number) {
  return ({ timeToReset, retryAfter }: { timeToReset: number; retryAfter: number }): boolean =>
    Math.max(timeToReset, retryAfter) > milliseconds;
}
