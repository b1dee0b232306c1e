/** The grammY bot with what every call to the Bot API has in common: address, time limits, waiting when asked to. */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { autoRetry } from '@grammyjs/auto-retry';
import { Bot, HttpError } from 'grammy';
import { CLOUD_API_URL } from './limits.ts';

/** Longer than a long poll; grammY's own 500 s would leave a broken connection unnoticed for minutes. */
const CALL_TIMEOUT_SECONDS = 60;

/** A wait that Telegram asks for (429) is sat out up to this long; a longer one is told to the caller with its end. */
const PATIENCE_SECONDS = 30;
const PATIENCE_TRIES = 3;

export interface Connection {
  readonly bot: Bot;
  /** Scheme, host and port of the Bot API, without a slash at the end. */
  readonly root: string;
  /** Ends every call that is under way and every wait between tries. */
  end(): void;
}

export function createConnection(options: { token: string; apiUrl?: string }): Connection {
  const root = (options.apiUrl ?? CLOUD_API_URL).replace(/\/+$/, '');
  // Of our own instead of grammY's, which are shared by the whole process and could not be closed.
  const agent = root.startsWith('https:')
    ? new HttpsAgent({ keepAlive: true })
    : new HttpAgent({ keepAlive: true });
  const ended = new AbortController();
  // grammY names the type of the package `abort-controller`, which lacks what Node's has besides; it uses neither.
  const endedSignal = ended.signal as unknown as CallSignal;
  const bot = new Bot(options.token, {
    client: {
      apiRoot: root,
      timeoutSeconds: CALL_TIMEOUT_SECONDS,
      baseFetchConfig: { agent, compress: true },
    },
  });
  bot.api.config.use(
    // Without `rethrowHttpErrors` the plugin repeats a call whose connection broke for ever, and each repetition may be a
    // second message. 5xx are not repeated here either: it waits on real time, three seconds and more, past any clock of
    // ours; who calls decides.
    autoRetry({
      maxDelaySeconds: PATIENCE_SECONDS,
      maxRetryAttempts: PATIENCE_TRIES,
      rethrowHttpErrors: true,
      rethrowInternalServerErrors: true,
    }),
    // Added last, so it stands outside: the waits of auto-retry end with it too.
    async (previous, method, payload, signal) => {
      try {
        return await previous(method, payload, signal ?? endedSignal);
      } catch (error) {
        // A wait that ends so fails with an error of no kind; to callers it is one more call that did not get through.
        if (ended.signal.aborted && !(error instanceof HttpError))
          throw new HttpError('The connection was ended.', error);
        throw error;
      }
    },
  );
  return {
    bot,
    root,
    end() {
      ended.abort();
      agent.destroy();
    },
  };
}

type CallSignal = NonNullable<Parameters<Bot['api']['getMe']>[0]>;
