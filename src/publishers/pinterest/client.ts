/** Calls to the Pinterest API: answered within bounds, failures told with what is known about them, the access renewed when it has run out. */
import type { Clock } from '../../core/clock.ts';
import { MINUTE } from '../../core/clock.ts';
import { refusalOf } from '../failure.ts';
import { createHttp, type HttpAnswer, type HttpBody, HttpFailure, type HttpRequest } from '../http.ts';
import { RateBudget } from '../rate-budget.ts';
import type { TokenVault } from '../token-vault.ts';
import { createTokens } from '../tokens.ts';
import { PinterestFailure } from './failure.ts';
import { pinterestGrant } from './grant.ts';
import { boundsOf, windowsOf } from './limits.ts';
import { readProblem } from './problem.ts';
import { PINTEREST_ORIGIN, type PinterestSettings } from './settings.ts';

export interface PinterestCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/v5/`, such as `pins`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly json?: Readonly<Record<string, unknown>>;
  /** A body of another kind. */
  readonly body?: HttpBody;
  /** True for a call that may create something: it gets a connection of its own and is never repeated. */
  readonly once?: boolean;
}

export interface PinterestClient {
  /** The parsed body of a success. Throws PinterestFailure, or RateLimited while such calls are held back. */
  call(call: PinterestCall, signal: AbortSignal): Promise<unknown>;
  /** Sends a file to the address that Pinterest named for it, without any credentials. Throws PinterestFailure. */
  upload(url: URL, body: HttpBody, deadlineMs: number, signal: AbortSignal): Promise<void>;
  /** Rejects with RateLimited while such calls are held back: asked before an attempt is written down, so that none is in vain. */
  refuseWhenSpent(call: Pick<PinterestCall, 'method'>): Promise<void>;
  /** The limits as the last answer named them, lower case. */
  readonly limits: Readonly<Record<string, string>>;
}

const LIMIT_HEADER = /^x-ratelimit-(limit|remaining|reset)$/;
/** After the last byte of a large body it takes its time until an answer comes. */
const STORING_MS = 3 * MINUTE;
/** https://developers.pinterest.com/docs/reference/rate-limits: the code beside a 401 for an access that has run out. */
const EXPIRED_CODE = 2;

export function createPinterestClient(
  settings: PinterestSettings,
  vault: TokenVault,
  clock: Clock,
): PinterestClient {
  const http = createHttp(clock);
  const tokens = createTokens(pinterestGrant(settings), http, vault, clock);
  const budget = new RateBudget('Pinterest', clock, settings.budget);
  let limits: Readonly<Record<string, string>> = {};

  const answerTo = async (request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> => {
    const answer = await http.send(request, signal).catch((error: unknown) => {
      if (!(error instanceof HttpFailure)) throw error;
      const { sent, reason, aborted } = error;
      throw new PinterestFailure({ sent, reason: tokens.clean(reason), aborted });
    });
    budget.note(windowsOf(answer.headers, request, clock.now()));
    const refusal = refusalOf(answer, {
      problem: (said) => readProblem(said, tokens.clean),
      limits: LIMIT_HEADER,
    });
    if (refusal) throw new PinterestFailure(refusal);
    return answer;
  };

  const send = async (call: PinterestCall, token: string, signal: AbortSignal): Promise<unknown> => {
    const url = new URL(`/v5/${call.path}`, settings.apiUrl ?? PINTEREST_ORIGIN);
    for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
    const body = call.json ? Buffer.from(JSON.stringify(call.json)) : call.body;
    const request: HttpRequest = {
      method: call.method,
      url,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(call.json ? { 'content-type': 'application/json' } : {}),
      },
      ...(body === undefined ? {} : { body, silenceMs: STORING_MS }),
      ...(call.once === undefined ? {} : { once: call.once }),
    };
    const answer = await answerTo(request, signal);
    limits = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => LIMIT_HEADER.test(name)));
    return answer.body;
  };

  return {
    refuseWhenSpent: (call) => budget.refuseWhenSpent(boundsOf(call)),
    async call(call, signal) {
      await budget.refuseWhenSpent(boundsOf(call));
      if (signal.aborted) throw new PinterestFailure({ sent: false, reason: 'stopped', aborted: true });
      const token = await tokens.access();
      try {
        return await send(call, token, signal);
      } catch (error) {
        if (!(error instanceof PinterestFailure) || !isExpired(error)) throw error;
        if (!(await tokens.renew(token))) throw error;
        // The creating call goes out again as a try of its own, recorded as such: here nothing is sent twice.
        if (call.once) throw renewed(error);
        return send(call, await tokens.access(), signal);
      }
    },
    async upload(url, body, deadlineMs, signal) {
      await answerTo({ method: 'POST', url, headers: {}, body, deadlineMs, silenceMs: STORING_MS }, signal);
    },
    get limits() {
      return limits;
    },
  };
}

function isExpired({ facts }: PinterestFailure): boolean {
  return facts.status === 401 && facts.problem?.code === EXPIRED_CODE;
}

function renewed({ facts }: PinterestFailure): PinterestFailure {
  return new PinterestFailure({ ...facts, problem: { sentence: '', ...facts.problem, isRenewed: true } });
}
