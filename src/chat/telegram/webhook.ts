/**
 * Takes updates that Telegram sends to us (https://core.telegram.org/bots/api#setwebhook). An update is kept, then the
 * request is answered, then it is worked on: Telegram repeats what is not answered soon, and grammY's own webhook
 * adapter would answer only after the work.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Update } from 'grammy/types';
import type { Logger } from '../../core/log.ts';
import type { Intake } from './intake.ts';

/** Telegram sends what was given to setWebhook as `secret_token` in this header. */
const SECRET_HEADER = 'x-telegram-bot-api-secret-token';

/** An update holds texts and ids, never the bytes of a file; the largest are some tens of kilobytes. */
const BODY_MAX = 1024 * 1024;

interface Webhook {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** `intake` answers undefined while the front-end is not running; Telegram then tries again later. */
export function createWebhook(options: {
  secret: string;
  intake: () => Intake | undefined;
  log: Logger;
}): Webhook {
  const { secret, log } = options;
  return {
    async handle(request, response) {
      if (request.method !== 'POST') return answer(response, 405, { allow: 'POST' });
      if (!isSecret(request.headers[SECRET_HEADER], secret)) {
        log.warn({}, 'a request to the Telegram webhook had the wrong secret');
        return answer(response, 401);
      }
      const intake = options.intake();
      if (intake === undefined) return answer(response, 503);
      let body: string | undefined;
      try {
        body = await read(request);
      } catch (error) {
        log.debug({ error }, 'a request to the Telegram webhook broke off');
        return answer(response, 400);
      }
      if (body === undefined) return answer(response, 413);
      const update = parse(body);
      if (update === undefined) return answer(response, 400);
      let fresh: readonly Update[];
      try {
        fresh = await intake.keep([update]);
      } catch (error) {
        log.error({ error }, 'an update could not be kept; Telegram will send it again');
        return answer(response, 503);
      }
      answer(response, 200);
      for (const one of fresh) void intake.take(one);
    },
  };
}

/** Compared by digest, in the same time whatever the difference is. */
function isSecret(given: string | string[] | undefined, secret: string): boolean {
  if (typeof given !== 'string') return false;
  const digest = (value: string): Buffer => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(given), digest(secret));
}

/** The body, or undefined when it is longer than any update. */
async function read(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_MAX) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(body: string): Update | undefined {
  try {
    const value: unknown = JSON.parse(body);
    const isUpdate =
      typeof value === 'object' &&
      value !== null &&
      'update_id' in value &&
      Number.isInteger(value.update_id);
    return isUpdate ? (value as Update) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function answer(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-length': '0', ...headers }).end();
}
