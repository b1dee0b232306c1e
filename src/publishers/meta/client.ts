/**
 * Calls to the Graph API and to the hosts that take bytes: another address, time-outs, an abort signal, the token in a header
 * (never in an address, which proxies log), and the allowance of calls watched.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { after, type Clock, HOUR, MINUTE, SECOND } from '../../core/clock.ts';
import { type Exchange, type Exchanged, exchange, type StreamedBody } from './exchange.ts';
import { MetaFailure } from './failure.ts';
import type { MultipartBody } from './multipart.ts';
import { parsed, readProblem } from './problem.ts';
import { holdUntil, readUsage } from './usage.ts';

/** https://developers.facebook.com/docs/graph-api/changelog: a version is served for two years at least. */
const VERSION = 'v25.0';

export interface GraphCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the version, such as `me` or `12345/feed`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
  readonly multipart?: MultipartBody;
  /** True for a call that may create something: it gets a connection of its own and is never repeated. */
  readonly once?: boolean;
}

export interface ByteCall {
  readonly url: URL;
  /** `file_offset`, or `offset` and `file_size`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: StreamedBody;
}

export interface MetaClient {
  /** The parsed body of a success. Throws MetaFailure. */
  call(call: GraphCall, signal: AbortSignal): Promise<unknown>;
  /** Sends bytes; each address must come from `graphUrl` or `uploadUrl`. Throws MetaFailure. */
  send(call: ByteCall, signal: AbortSignal): Promise<unknown>;
  graphUrl(path: string): URL;
  /** The address for bytes that Meta named, on a host that is known; `path` when it named none. */
  uploadUrl(named: string | undefined, path: string): URL;
  /** Until when calls are held back, because the allowance is nearly used up. */
  heldUntil(): Date | undefined;
}

export interface MetaClientSettings {
  readonly token: string;
  /** Scheme, host and port of the Graph API. */
  readonly apiUrl: string;
  /** Scheme, host and port of what takes bytes. */
  readonly uploadUrl: string;
}

/** Silence on a connection for so long counts as no answer. */
const SILENCE_MS = 30 * SECOND;
/** After the last byte of a video Meta takes its time before it answers. */
const UPLOAD_SILENCE_MS = 3 * MINUTE;
/** No call takes longer, however slowly bytes drip. */
const CALL_MS = 5 * MINUTE;
const UPLOAD_MS = 3 * HOUR;

export function createMetaClient(settings: MetaClientSettings, clock: Clock): MetaClient {
  const { token, apiUrl, uploadUrl } = settings;
  const agents = new Map<string, ReturnType<typeof agentsFor>>();
  let held: Date | undefined;

  const clean = (text: string): string =>
    text.replaceAll(token, '***').replaceAll(encodeURIComponent(token), '***');

  async function attempt(
    request: Omit<Exchange, 'agent' | 'signal'>,
    { isFresh, deadlineMs }: { isFresh: boolean; deadlineMs: number },
    signal: AbortSignal,
  ): Promise<unknown> {
    if (signal.aborted) throw new MetaFailure({ sent: false, reason: 'stopped', aborted: true });
    const pair = agents.get(request.url.protocol) ?? agentsFor(request.url.protocol);
    agents.set(request.url.protocol, pair);
    const deadline = new AbortController();
    const cancel = clock.at(after(clock.now(), deadlineMs), () => deadline.abort());
    try {
      const answer = await exchange({
        ...request,
        agent: isFresh ? pair.fresh : pair.kept,
        signal: AbortSignal.any([signal, deadline.signal]),
      });
      return understood(answer, {
        isLate: deadline.signal.aborted,
        isAborted: signal.aborted,
      });
    } finally {
      cancel();
    }
  }

  function understood(
    answer: Exchanged,
    { isLate, isAborted }: { isLate: boolean; isAborted: boolean },
  ): unknown {
    const usage = answer.headers && readUsage(answer.headers);
    if (usage) held = holdUntil(usage, clock.now());
    const { sent, status, text } = answer;
    if (status === undefined || text === undefined) {
      const isStale = answer.reused && status === undefined && !isLate && !isAborted;
      const reason = isLate ? 'no answer in time' : isStale ? STALE : (answer.reason ?? 'no answer');
      throw new MetaFailure({
        sent,
        ...(status === undefined ? {} : { status }),
        ...(usage ? { usage } : {}),
        reason: clean(reason),
        aborted: isAborted,
      });
    }
    const facts = { sent: true, status, ...(usage ? { usage } : {}) };
    if (status >= 300 && status < 400)
      throw new MetaFailure({ ...facts, reason: 'a redirect, which is not followed' });
    const body = parsed(text);
    // An error may come with any status, 200 included.
    const isError = typeof body === 'object' && body !== null && 'error' in body;
    if (status >= 400 || isError) throw new MetaFailure({ ...facts, problem: readProblem(text, clean) });
    if (body === undefined) throw new MetaFailure({ ...facts, reason: 'an answer that cannot be read' });
    return body;
  }

  return {
    async call(call, signal) {
      if (held && held > clock.now()) throw new MetaFailure({ sent: false, heldUntil: held });
      const request = { ...requestOf(call, apiUrl, token), silenceMs: SILENCE_MS };
      const options = { isFresh: call.once ?? false, deadlineMs: CALL_MS };
      try {
        return await attempt(request, options, signal);
      } catch (error) {
        // A kept connection that the other side had closed: nothing is wrong with the network, so not a minute is lost.
        const isStale = error instanceof MetaFailure && error.facts.reason === STALE && !call.once;
        if (!isStale || signal.aborted) throw error;
        return attempt(request, { ...options, isFresh: true }, signal);
      }
    },
    send: ({ url, headers, body }, signal) =>
      attempt(
        {
          method: 'POST',
          url,
          headers: {
            authorization: `OAuth ${token}`,
            'content-type': 'application/octet-stream',
            ...headers,
          },
          body,
          silenceMs: UPLOAD_SILENCE_MS,
        },
        { isFresh: true, deadlineMs: UPLOAD_MS },
        signal,
      ),
    graphUrl: (path) => new URL(`/${VERSION}/${path}`, apiUrl),
    uploadUrl(named, path) {
      const address = named !== undefined && URL.canParse(named) ? new URL(named) : undefined;
      const known = [uploadUrl, apiUrl].map((each) => new URL(each).origin);
      if (address && known.includes(address.origin)) return address;
      // The token goes to no host that only an answer names.
      return new URL(address ? address.pathname + address.search : `/${path}`, uploadUrl);
    },
    heldUntil: () => (held && held > clock.now() ? held : undefined),
  };
}

const STALE = 'a kept connection was closed';

function agentsFor(protocol: string) {
  const Agent = protocol === 'http:' ? HttpAgent : HttpsAgent;
  return {
    kept: new Agent({ keepAlive: true }),
    // A kept connection may be closed by the other side in the very moment of use, which cannot be told from a lost answer.
    // The creating call is not worth that doubt.
    fresh: new Agent({ keepAlive: false }),
  };
}

function requestOf({ method, path, query, form, multipart }: GraphCall, apiUrl: string, token: string) {
  const url = new URL(`/${VERSION}/${path}`, apiUrl);
  for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
  const contentType = multipart?.contentType ?? (form ? 'application/x-www-form-urlencoded' : undefined);
  const body = multipart?.bytes ?? (form ? Buffer.from(new URLSearchParams(form).toString()) : undefined);
  return {
    method,
    url,
    headers: {
      // Upload sessions are documented with this scheme, everything else with the other.
      authorization: `${path.startsWith('upload:') ? 'OAuth' : 'Bearer'} ${token}`,
      accept: 'application/json',
      ...(contentType ? { 'content-type': contentType } : {}),
    },
    ...(body ? { body } : {}),
  };
}
