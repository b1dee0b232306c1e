/** Calls to the Tumblr API: signed, answered within bounds, failures told with what is known about them. */
import type { Clock, Random } from '../../core/clock.ts';
import { SECOND } from '../../core/clock.ts';
import { refusalOf } from '../failure.ts';
import { createHttp, type HttpBody, HttpFailure } from '../http.ts';
import { secretsRemover } from '../problem-text.ts';
import { RateBudget } from '../rate-budget.ts';
import { TumblrFailure } from './failure.ts';
import { boundsOf, windowsOf } from './limits.ts';
import { readProblem } from './problem.ts';
import type { TumblrSettings } from './settings.ts';
import { authorization } from './signature.ts';

export interface TumblrCall {
  readonly method: 'GET' | 'POST';
  /** Below `/v2/`, such as `user/info`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly json?: Readonly<Record<string, unknown>>;
  readonly form?: Readonly<Record<string, string>>;
  /** A body of another kind. */
  readonly body?: HttpBody;
  /** True for a call that may create something: it gets a connection of its own and is never repeated. */
  readonly once?: boolean;
  readonly deadlineMs?: number;
  readonly silenceMs?: number;
}

export interface TumblrClient {
  /** The parsed body of a success. Throws TumblrFailure, or RateLimited while such calls are held back. */
  call(call: TumblrCall, signal: AbortSignal): Promise<unknown>;
  /** Throws RateLimited while such calls are held back: asked before an attempt is written down, so that none is in vain. */
  refuseWhenSpent(call: Pick<TumblrCall, 'method'>): void;
}

const ORIGIN = 'https://api.tumblr.com';
/** Needed, and always the same: https://github.com/tumblr/docs/blob/master/api.md#request-user-agent */
const USER_AGENT = 'Carillon';
const NONCE_BYTES = 16;
const LIMIT_HEADER = /^x-ratelimit-per(hour|day)-(limit|remaining|reset)$/;
/** Credentials and signatures as they could come back in an answer that echoes the request. */
const OAUTH_PARAMETER = /oauth_(?:signature|token|consumer_key|nonce)(?:=|%3D)"?[^",&\s]+"?/gi;

export function createTumblrClient(settings: TumblrSettings, clock: Clock, random: Random): TumblrClient {
  const http = createHttp(clock);
  const budget = new RateBudget('Tumblr', clock, settings.budget);
  const clean = secretsRemover(Object.values(settings.credentials), OAUTH_PARAMETER);

  const authorize = ({ method, form }: TumblrCall, pathAndQuery: string): string =>
    authorization(
      // Behind a proxy stands the real Tumblr, which checks the signature against its own address.
      { method, url: new URL(pathAndQuery, ORIGIN), ...(form ? { form } : {}) },
      settings.credentials,
      {
        nonce: Buffer.from(random.bytes(NONCE_BYTES)).toString('hex'),
        seconds: Math.floor(clock.now().getTime() / SECOND),
      },
    );

  return {
    refuseWhenSpent: (call) => budget.refuseWhenSpent(boundsOf(call)),
    async call(call, signal) {
      budget.refuseWhenSpent(boundsOf(call));
      const { method, path, query, once, deadlineMs, silenceMs } = call;
      const url = new URL(`/v2/${path}`, settings.apiUrl ?? ORIGIN);
      for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
      const { contentType, body } = bodyOf(call);
      const headers = {
        authorization: authorize(call, url.pathname + url.search),
        'user-agent': USER_AGENT,
        accept: 'application/json',
        ...(contentType === undefined ? {} : { 'content-type': contentType }),
      };
      const answer = await http
        .send(
          {
            method,
            url,
            headers,
            ...(body === undefined ? {} : { body }),
            ...(once === undefined ? {} : { once }),
            ...(deadlineMs === undefined ? {} : { deadlineMs }),
            ...(silenceMs === undefined ? {} : { silenceMs }),
          },
          signal,
        )
        .catch((error: unknown) => {
          if (!(error instanceof HttpFailure)) throw error;
          const { sent, reason, aborted } = error;
          throw new TumblrFailure({ sent, reason: clean(reason), aborted });
        });
      budget.note(windowsOf(answer.headers, clock.now()));
      const refusal = refusalOf(answer, {
        problem: (said) => readProblem(said, clean),
        limits: LIMIT_HEADER,
      });
      if (refusal) throw new TumblrFailure(refusal);
      return answer.body;
    },
  };
}

function bodyOf({ json, form, body }: TumblrCall): { contentType?: string; body?: Buffer | HttpBody } {
  if (json) return { contentType: 'application/json', body: Buffer.from(JSON.stringify(json)) };
  if (form) {
    const text = new URLSearchParams(form).toString();
    return { contentType: 'application/x-www-form-urlencoded', body: Buffer.from(text) };
  }
  return body ? { body } : {};
}
