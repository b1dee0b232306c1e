/**
 * Calls to the Graph API and to the hosts that take bytes: another address, time-outs, an abort signal, the token in a header
 * (never in an address, which proxies log), and the allowance of calls watched.
 */
import { type Clock, HOUR, MINUTE } from '../../core/clock.ts';
import { createHttp, type HttpAnswer, type HttpBody, HttpFailure, type HttpRequest } from '../http.ts';
import { fieldsOf, secretsRemover } from '../problem-text.ts';
import { type BudgetMemory, RateBudget } from '../rate-budget.ts';
import { MetaFailure } from './failure.ts';
import { boundsOf, windowsOf } from './limits.ts';
import { readProblem } from './problem.ts';
import { regainOf } from './usage.ts';

/** https://developers.facebook.com/docs/graph-api/changelog: a version is served for two years at least. */
const VERSION = 'v25.0';

export interface GraphCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the version, such as `me` or `12345/feed`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
  /** A body of another kind. */
  readonly body?: HttpBody;
  /** True for a call that may create something: it gets a connection of its own and is never repeated. */
  readonly once?: boolean;
}

export interface ByteCall {
  readonly url: URL;
  /** `file_offset`, or `offset` and `file_size`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: HttpBody;
}

export interface MetaClient {
  /** The parsed body of a success. Throws MetaFailure, or RateLimited while such calls are held back. */
  call(call: GraphCall, signal: AbortSignal): Promise<unknown>;
  /** Sends bytes; each address must come from `graphUrl` or `uploadUrl`. Throws MetaFailure. */
  send(call: ByteCall, signal: AbortSignal): Promise<unknown>;
  graphUrl(path: string): URL;
  /** The address for bytes that Meta named, on a host that is known; `path` when it named none. */
  uploadUrl(named: string | undefined, path: string): URL;
  /** Rejects with RateLimited while such calls are held back: asked before an attempt is written down, so that none is in vain. */
  refuseWhenSpent(call: Pick<GraphCall, 'method'>): Promise<void>;
  /** What is left of the allowances. */
  readonly budget: RateBudget;
}

export interface MetaClientSettings {
  readonly token: string;
  /** Scheme, host and port of the Graph API. */
  readonly apiUrl: string;
  /** Scheme, host and port of what takes bytes. */
  readonly uploadUrl: string;
  /** The network's name for people. */
  readonly label: string;
  /** What is left of the allowances of calls; absent: forgotten at the end of the process. */
  readonly budget?: BudgetMemory | undefined;
}

/** After the last byte of a video Meta takes its time before it answers. */
const UPLOAD_SILENCE_MS = 3 * MINUTE;
/** At a megabit a second this is a gigabyte, the most that is taken. */
const UPLOAD_MS = 3 * HOUR;
/** A token as it could come back in an answer that echoes the request. */
const TOKEN_PARAMETER = /access_token(?:=|%3D)[^",&\s]+/gi;

export function createMetaClient(settings: MetaClientSettings, clock: Clock): MetaClient {
  const { token, apiUrl, uploadUrl } = settings;
  const http = createHttp(clock);
  const clean = secretsRemover([token], TOKEN_PARAMETER);
  const budget = new RateBudget(settings.label, clock, settings.budget);

  async function exchange(request: HttpRequest, signal: AbortSignal): Promise<unknown> {
    const answer = await http.send(request, signal).catch((error: unknown) => {
      if (!(error instanceof HttpFailure)) throw error;
      const { sent, reason, aborted } = error;
      throw new MetaFailure({ sent, reason: clean(reason), aborted });
    });
    return understood(answer);
  }

  function understood({ status, headers, body, flaw, aborted = false }: HttpAnswer): unknown {
    budget.note(windowsOf(headers, clock.now()));
    const regainMs = regainOf(headers);
    const facts = { sent: true, status, aborted, ...(regainMs === undefined ? {} : { regainMs }) };
    if (flaw !== undefined) throw new MetaFailure({ ...facts, reason: flaw });
    if (status >= 300 && status < 400)
      throw new MetaFailure({ ...facts, reason: 'a redirect, which is not followed' });
    const fields = fieldsOf(body);
    // An error may come with any status, 200 included.
    if (status >= 400 || fields?.error !== undefined)
      throw new MetaFailure({ ...facts, problem: readProblem(body, clean) });
    if (fields === undefined) throw new MetaFailure({ ...facts, reason: 'an answer that cannot be read' });
    return body;
  }

  return {
    async call(call, signal) {
      await budget.refuseWhenSpent(boundsOf(call));
      return exchange(requestOf(call, apiUrl, token), signal);
    },
    send: ({ url, headers, body }, signal) =>
      exchange(
        {
          method: 'POST',
          url,
          headers: { authorization: `OAuth ${token}`, ...headers },
          body,
          // A connection that was kept could turn out to be closed after a gigabyte.
          once: true,
          silenceMs: UPLOAD_SILENCE_MS,
          deadlineMs: UPLOAD_MS,
        },
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
    budget,
    refuseWhenSpent: (call) => budget.refuseWhenSpent(boundsOf(call)),
  };
}

function requestOf(
  { method, path, query, form, body, once }: GraphCall,
  apiUrl: string,
  token: string,
): HttpRequest {
  const url = new URL(`/${VERSION}/${path}`, apiUrl);
  for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
  // Upload sessions are documented with this scheme, everything else with the other.
  const scheme = path.startsWith('upload:') ? 'OAuth' : 'Bearer';
  const sent = body ?? (form ? Buffer.from(new URLSearchParams(form).toString()) : undefined);
  return {
    method,
    url,
    headers: {
      authorization: `${scheme} ${token}`,
      accept: 'application/json',
      ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
    },
    ...(sent ? { body: sent } : {}),
    ...(once ? { once } : {}),
  };
}
