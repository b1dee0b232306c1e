/**
 * One GET over HTTP, as a stream. On Node's own client and not on undici: undici 7 throws where nobody can catch it when a
 * server ends the connection while the reader is slow (nodejs/undici#5360, mended in 8, which Node 20 cannot run), so any
 * server could end the process. Redirects are not followed; no connection is kept.
 */
import { get as getPlain, type IncomingMessage } from 'node:http';
import { get as getSecure } from 'node:https';
import type { LookupFunction } from 'node:net';

export interface DownloadOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** How the host's name is looked up. Sockets do not ask it about a host that is an address already. */
  readonly lookup?: LookupFunction;
  /** Longest time until the head of the answer is there, in milliseconds. */
  readonly answerMs: number;
  /** Longest silence in the middle of the body, in milliseconds. */
  readonly idleMs: number;
  readonly signal: AbortSignal;
}

/** Codes of the errors that are made here; the others are the system's. */
export type DownloadErrorCode = 'ANSWER_TIMEOUT' | 'IDLE_TIMEOUT' | 'NO_ANSWER';

/**
 * Answers when the head of the answer is there; the body must be read or destroyed. An abort rejects with an AbortError,
 * or fails the body.
 */
export function download(url: URL, options: DownloadOptions): Promise<IncomingMessage> {
  const { headers, lookup, answerMs, idleMs, signal } = options;
  return new Promise((resolve, reject) => {
    const get = url.protocol === 'https:' ? getSecure : getPlain;
    const request = get(url, {
      agent: false,
      headers: { ...headers },
      signal,
      ...(lookup ? { lookup } : {}),
    });
    const timer = setTimeout(() => request.destroy(problem('ANSWER_TIMEOUT')), answerMs);
    request.once('response', (response) => {
      clearTimeout(timer);
      request.setTimeout(idleMs, () => response.destroy(problem('IDLE_TIMEOUT')));
      resolve(response);
    });
    request.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    // Covers an answer that is no answer, such as a switch to another protocol.
    request.once('close', () => {
      clearTimeout(timer);
      reject(problem('NO_ANSWER'));
    });
  });
}

function problem(code: DownloadErrorCode): Error & { code: DownloadErrorCode } {
  return Object.assign(new Error(`download: ${code}`), { code });
}
