/** Answers of the web pages, with the headers that keep a browser from guessing and from calling anybody else. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

export const SAFE_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
} as const;

export function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  response
    .writeHead(status, { ...SAFE_HEADERS, 'content-type': 'text/plain; charset=utf-8', ...headers })
    .end(`${text}\n`);
}

/** JSON; with a request, a reader that has this version already gets 304. */
export function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  request?: IncomingMessage,
): void {
  const body = JSON.stringify(value);
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  if (request?.headers['if-none-match'] === etag) {
    response.writeHead(304, { ...SAFE_HEADERS, etag }).end();
    return;
  }
  response
    .writeHead(status, { ...SAFE_HEADERS, etag, 'content-type': 'application/json; charset=utf-8' })
    .end(body);
}
