/** Follows a link that a person typed to its bytes: checked at every hop, bounded in size, time and number of hops. */
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { limitBytes, tooLarge } from '../core/byte-limit.ts';
import { after, type Clock } from '../core/clock.ts';
import type { OpenedMedia } from '../core/media.ts';
import { relay } from '../core/relay.ts';
import type { FetchLimits } from './limits.ts';
import * as problem from './link-problems.ts';
import { parseLink, responseName } from './link-text.ts';
import type { WebClient } from './web-client.ts';

export interface LinkSetting {
  readonly web: WebClient;
  readonly limits: FetchLimits;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Errors: MEDIA_LINK_REFUSED, MEDIA_UNREACHABLE, MEDIA_UNREADABLE (a web page), MEDIA_TOO_LARGE. */
export async function openLink(text: string, setting: LinkSetting): Promise<OpenedMedia> {
  setting.signal.throwIfAborted();
  const { clock, limits } = setting;
  const start = parseLink(text);
  const deadline = new AbortController();
  const stopDeadline = clock.at(after(clock.now(), limits.totalMs), () => {
    deadline.abort(problem.tooSlow(start, limits.totalMs));
  });
  const signal = AbortSignal.any([setting.signal, deadline.signal]);
  try {
    const { url, response } = await follow(start, { ...setting, signal });
    const declaredBytes = checkHead(url, response, limits.maxBytes);
    return {
      name: responseName(url, response.headers['content-disposition']),
      ...(declaredBytes === undefined ? {} : { declaredBytes }),
      stream: bodyOf(url, response, { maxBytes: limits.maxBytes, signal, onEnd: stopDeadline }),
    };
  } catch (error) {
    stopDeadline();
    throw error;
  }
}

async function follow(
  start: URL,
  { web, limits, signal }: LinkSetting,
): Promise<{ url: URL; response: IncomingMessage }> {
  const seen = new Set<string>();
  let url = start;
  // Trust ends at the first hop outside: a foreign page must not lead to an address that only the operator may name.
  let trusted = true;
  for (;;) {
    seen.add(url.href);
    trusted &&= web.trusts(url);
    const response = await web.get(url, { trusted, signal }).catch((error: unknown) => {
      throw problem.translate(error, url, signal);
    });
    const { statusCode = 0 } = response;
    if (statusCode < 300 || statusCode > 399) return { url, response };
    const location = response.headers.location;
    abandon(response);
    if (typeof location !== 'string' || !URL.canParse(location, url.href)) throw problem.lostRedirect(url);
    const next = parseLink(new URL(location, url).href, url);
    if (seen.has(next.href)) throw problem.redirectLoop(next);
    if (seen.size > limits.redirects) throw problem.tooManyRedirects(start, limits.redirects);
    url = next;
  }
}

/** What the head of an answer says already; answers the announced size. */
function checkHead(url: URL, response: IncomingMessage, maxBytes: number): number | undefined {
  const found = headProblem(url, response, maxBytes);
  if (found) {
    abandon(response);
    throw found;
  }
  const length = response.headers['content-length'];
  return typeof length === 'string' && /^\d+$/.test(length) ? Number(length) : undefined;
}

function headProblem(
  url: URL,
  { statusCode = 0, headers }: IncomingMessage,
  maxBytes: number,
): Error | undefined {
  if (statusCode < 200 || statusCode > 299) return problem.refusedStatus(url, statusCode);
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') return problem.compressed(url, String(encoding));
  if (/^\s*(text\/html|application\/xhtml\+xml)\b/i.test(String(headers['content-type'])))
    return problem.webPage(url);
  const length = Number(headers['content-length']);
  if (length > maxBytes) return tooLarge(maxBytes, length);
  return undefined;
}

/** The body as a stream that fails in our words, stops at the bound and tells when it is over, however it ends. */
function bodyOf(
  url: URL,
  body: IncomingMessage,
  { maxBytes, signal, onEnd }: { maxBytes: number; signal: AbortSignal; onEnd: () => void },
): Readable {
  const limited = relay(body, limitBytes(maxBytes), (error) => problem.translate(error, url, signal));
  limited.once('close', onEnd);
  return limited;
}

/** Closes the connection of an answer that is not wanted; the error that this causes is of our own making. */
function abandon(response: IncomingMessage): void {
  response.on('error', () => undefined);
  response.destroy();
}
