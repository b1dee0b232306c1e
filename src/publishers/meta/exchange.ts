/**
 * One HTTP request and its answer on Node's own client, which can stream a body, tells whether anything can have left, and is
 * free of undici's fault with servers that hang up on a slow reader (src/lib/download.ts). Redirects are not followed.
 */
import {
  type ClientRequest,
  type Agent as HttpAgent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as requestPlain,
} from 'node:http';
import { type Agent as HttpsAgent, request as requestSecure } from 'node:https';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';

/** A hundred posts with all their fields are some 300 kB; more than this is no answer of Meta. */
const ANSWER_BYTES_MAX = 8 * 1024 * 1024;

export interface StreamedBody {
  readonly bytes: number;
  open(): Readable;
  /** Called with the number of bytes that were handed to the connection so far. */
  onSent(bytes: number): void;
}

export interface Exchange {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | StreamedBody;
  readonly agent: HttpAgent | HttpsAgent;
  /** Silence on the connection for so long counts as no answer, in milliseconds. */
  readonly silenceMs: number;
  readonly signal: AbortSignal;
}

export interface Exchanged {
  /** False while it is certain that nothing left. */
  readonly sent: boolean;
  /** True when the connection had served before. */
  readonly reused: boolean;
  readonly status?: number;
  readonly headers?: IncomingHttpHeaders;
  /** The whole body; absent when it did not arrive whole. */
  readonly text?: string;
  /** Why there is no usable answer: the system's code or a few words. */
  readonly reason?: string;
}

/** Never rejects for what the network does; rejects when the body that is to be sent cannot be read. */
export function exchange({
  method,
  url,
  headers,
  body,
  agent,
  silenceMs,
  signal,
}: Exchange): Promise<Exchanged> {
  return new Promise((resolve, reject) => {
    const state: { -readonly [K in keyof Exchanged]: Exchanged[K] } = { sent: false, reused: false };
    const send = url.protocol === 'https:' ? requestSecure : requestPlain;
    const length = body === undefined ? 0 : 'open' in body ? body.bytes : body.length;
    const request = send(url, {
      method,
      agent,
      signal,
      timeout: silenceMs,
      headers: { ...headers, ...(method === 'POST' ? { 'content-length': String(length) } : {}) },
    });
    const finish = (outcome: Pick<Exchanged, 'text' | 'reason'>): void => resolve({ ...state, ...outcome });
    request.once('timeout', () => request.destroy(new Error('no answer in time')));
    watchSending(request, state);
    request.once('response', (response) => {
      state.status = response.statusCode ?? 0;
      state.headers = response.headers;
      readWhole(response, finish);
    });
    request.on('error', (error: NodeJS.ErrnoException) => finish({ reason: error.code ?? error.message }));
    // Covers an answer that is no answer, such as a switch to another protocol.
    request.once('close', () => finish({ reason: 'the connection was closed without an answer' }));
    if (body === undefined || !('open' in body)) request.end(body);
    else
      stream(request, body, (error) => {
        reject(error);
        request.destroy();
      });
  });
}

function watchSending(request: ClientRequest, state: { sent: boolean; reused: boolean }): void {
  request.once('socket', (socket: Socket & { encrypted?: boolean }) => {
    state.reused = request.reusedSocket;
    state.sent = request.reusedSocket;
    const connected = (): void => {
      state.sent = true;
    };
    // Over TLS nothing of the request leaves before the other side has proven who it is.
    if (!request.reusedSocket) socket.once(socket.encrypted ? 'secureConnect' : 'connect', connected);
  });
}

/** Read at once and to a bound, whatever it is. */
function readWhole(
  response: IncomingMessage,
  finish: (outcome: Pick<Exchanged, 'text' | 'reason'>) => void,
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    chunks.push(chunk);
    if (bytes <= ANSWER_BYTES_MAX) return;
    finish({ reason: 'an answer that is too large' });
    response.destroy();
  });
  response.once('end', () => {
    if (response.complete) finish({ text: Buffer.concat(chunks).toString('utf8') });
  });
  response.on('error', () => finish({ reason: 'an answer that breaks off' }));
  response.once('close', () => finish({ reason: 'an answer that breaks off' }));
}

/** Sends what is read as fast as the connection takes it; an answer that comes early ends it. */
function stream(request: ClientRequest, body: StreamedBody, fail: (error: Error) => void): void {
  const source = body.open();
  let sent = 0;
  source.on('data', (chunk: Buffer) => {
    sent += chunk.length;
    body.onSent(sent);
    if (!request.write(chunk)) source.pause();
  });
  request.on('drain', () => source.resume());
  source.once('end', () => request.end());
  source.once('error', fail);
  request.once('response', (response) => {
    if (request.writableEnded) return;
    source.destroy();
    // The rest of the body is not owed any more; the connection cannot be used for anything else.
    response.once('close', () => request.destroy());
  });
  request.once('close', () => source.destroy());
}
