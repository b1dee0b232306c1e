/**
 * Calls to the X API through twitter-api-v2, which signs (OAuth 1.0a) and parses. Added here: another address, time-outs, an
 * abort signal, a bound for answers, and the knowledge of whether a request can have left at all.
 */
import { Agent as HttpAgent, type IncomingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { ITwitterApiClientPlugin, TwitterApi } from 'twitter-api-v2';
import { after, type Clock, MINUTE } from '../../core/clock.ts';
import { SILENCE_MS } from '../http.ts';
import { RateBudget } from '../rate-budget.ts';
import { XFailure } from './failure.ts';
import { boundsOf, windowsOf } from './limits.ts';
import { readProblem } from './problem.ts';
import { type WatchedFacts, watchedAgent } from './request-watch.ts';
import type { XSettings } from './settings.ts';

export interface XCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/2/`, such as `users/me`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly json?: Readonly<Record<string, unknown>>;
  /** A body of another kind. */
  readonly body?: { readonly contentType: string; readonly bytes: Buffer };
  /** True for a call that may create something: it gets a connection of its own and is never repeated. */
  readonly once?: boolean;
}

export interface XClient {
  /** The parsed body of a success. Throws XFailure, or RateLimited while such calls are held back. */
  call(call: XCall, signal: AbortSignal): Promise<unknown>;
  /** Rejects with RateLimited while such calls are held back: asked before an attempt is written down, so that none is in vain. */
  refuseWhenSpent(call: Pick<XCall, 'method' | 'path'>): Promise<void>;
}

/** No call takes longer, however slowly bytes drip. */
const CALL_MS = 5 * MINUTE;
const LIMIT_HEADER = /^x-(rate-limit|app-limit-24hour|user-limit-24hour)-(limit|remaining|reset)$/;

export function createXClient(settings: XSettings, clock: Clock): XClient {
  const address = settings.apiUrl === undefined ? undefined : new URL(settings.apiUrl);
  const Agent = address?.protocol === 'http:' ? HttpAgent : HttpsAgent;
  const reused = new Agent({ keepAlive: true });
  // A kept connection may be closed by the other side in the very moment of use, which cannot be told from a lost answer.
  // The creating call is not worth that doubt.
  const fresh = new Agent({ keepAlive: false });
  const clean = secretsRemover(settings);
  const budget = new RateBudget('X', clock, settings.budget);

  const attempt = async (
    call: XCall,
    agent: HttpAgent | HttpsAgent,
    signal: AbortSignal,
  ): Promise<unknown> => {
    const { TwitterApi } = await import('twitter-api-v2');
    const watched = watchedAgent(agent);
    const deadline = new AbortController();
    const cancel = clock.at(after(clock.now(), CALL_MS), () => deadline.abort());
    const { apiKey, apiSecret, accessToken, accessSecret } = settings.credentials;
    const plugin = requestPlugin(AbortSignal.any([signal, deadline.signal]), address);
    const client = new TwitterApi(
      { appKey: apiKey, appSecret: apiSecret, accessToken, accessSecret },
      { httpAgent: watched.agent, plugins: [plugin], compression: 'identity' },
    );
    try {
      const body = await send(client, call);
      const status = watched.facts.status ?? 200;
      // The library takes a redirect for a success; credentials are not carried to another place.
      if (status >= 300)
        throw new XFailure({ sent: true, status, reason: 'a redirect, which is not followed' });
      return body;
    } catch (error) {
      if (error instanceof XFailure) throw error;
      const late = deadline.signal.aborted ? 'no answer in time' : undefined;
      throw toFailure(error, { ...watched.facts, late, aborted: signal.aborted, clean });
    } finally {
      cancel();
      budget.note(windowsOf(limitsOf(watched.facts.headers ?? {}), call, clock.now()));
    }
  };

  return {
    refuseWhenSpent: (call) => budget.refuseWhenSpent(boundsOf(call)),
    async call(call, signal) {
      if (signal.aborted) throw new XFailure({ sent: false, reason: 'stopped', aborted: true });
      await budget.refuseWhenSpent(boundsOf(call));
      try {
        return await attempt(call, call.once ? fresh : reused, signal);
      } catch (error) {
        // A kept connection that the other side had closed: nothing is wrong with the network, so not a minute is lost.
        const isStale =
          error instanceof XFailure && error.facts.reason === STALE && !call.once && !signal.aborted;
        if (!isStale) throw error;
        return attempt(call, fresh, signal);
      }
    },
  };
}

const STALE = 'a kept connection was closed';

function send(client: TwitterApi, { method, path, query, json, body }: XCall): Promise<unknown> {
  if (method === 'GET') return client.v2.get(path, { ...query });
  if (method === 'DELETE') return client.v2.delete(path);
  if (json) return client.v2.post(path, { ...json });
  const headers: Record<string, string> = body ? { 'content-type': body.contentType } : {};
  return client.v2.post(path, body?.bytes ?? Buffer.alloc(0), { headers });
}

/** Settings of a request for which the library has no option of its own. */
function requestPlugin(signal: AbortSignal, address: URL | undefined): ITwitterApiClientPlugin {
  return {
    onBeforeRequest({ computedParams, requestOptions }) {
      requestOptions.timeout = SILENCE_MS;
      requestOptions.signal = signal;
      if (!address) return;
      // After signing: behind a proxy stands the real X, which checks the signature against its own address.
      computedParams.url.protocol = address.protocol;
      computedParams.url.host = address.host;
    },
  };
}

interface FailedFacts extends WatchedFacts {
  readonly late: string | undefined;
  readonly aborted: boolean;
  readonly clean: (text: string) => string;
}

/** Keeps what is needed and lets go of the library's error, which holds the whole request with its credentials. */
function toFailure(error: unknown, facts: FailedFacts): XFailure {
  const { type, code, data, rawContent } = (error ?? {}) as Readonly<Record<string, unknown>>;
  const { sent, clean, aborted } = facts;
  const limits = limitsOf(facts.headers ?? {});
  if (type === 'response' && typeof code === 'number') {
    return new XFailure({ sent: true, status: code, problem: readProblem(data, clean), limits });
  }
  if (type === 'partial-response' && facts.status !== undefined) {
    const reason = facts.tooLarge ? 'an answer that is too large' : 'an answer that cannot be read';
    return new XFailure({
      sent: true,
      status: facts.status,
      problem: readProblem(rawContent, clean),
      limits,
      reason,
      aborted,
    });
  }
  if (type !== 'request' && facts.status === undefined) throw error;
  const system = (facts.error as NodeJS.ErrnoException | undefined)?.code ?? facts.error?.message;
  const stale = sent && facts.reused && facts.status === undefined && !aborted && !facts.late;
  const reason =
    facts.late ?? (stale ? STALE : clean(system ?? 'the connection was closed without an answer'));
  return new XFailure({
    sent,
    ...(facts.status === undefined ? {} : { status: facts.status }),
    reason,
    aborted,
  });
}

function limitsOf(headers: IncomingHttpHeaders): Record<string, string> {
  const entries = Object.entries(headers);
  return Object.fromEntries(
    entries.filter(([name]) => LIMIT_HEADER.test(name)).map(([name, value]) => [name, String(value)]),
  );
}

/** Credentials and signatures as they could come back in an answer that echoes the request. */
const OAUTH_PARAMETER = /oauth_(?:signature|token|consumer_key|nonce)(?:=|%3D)"?[^",&\s]+"?/gi;

function secretsRemover({ credentials }: XSettings): (text: string) => string {
  const secrets = Object.values(credentials).flatMap((secret: string) => [
    secret,
    encodeURIComponent(secret),
  ]);
  return (text) =>
    secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text).replace(OAUTH_PARAMETER, '***');
}
