/** Calls to the Tumblr API: answered within bounds, failures told with what is known about them, the access renewed when it has run out. */
import type { Clock, Random } from '../../core/clock.ts';
import { defined } from '../../core/defined.ts';
import { refusalOf } from '../failure.ts';
import { createHttp, type HttpBody, HttpFailure, type HttpRequest } from '../http.ts';
import { RateBudget } from '../rate-budget.ts';
import type { TokenVault } from '../token-vault.ts';
import { createAccess } from './access.ts';
import { TumblrFailure } from './failure.ts';
import { boundsOf, windowsOf } from './limits.ts';
import { readProblem } from './problem.ts';
import { TUMBLR_ORIGIN, type TumblrSettings, USER_AGENT } from './settings.ts';

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
  /** Rejects with RateLimited while such calls are held back: asked before an attempt is written down, so that none is in vain. */
  refuseWhenSpent(call: Pick<TumblrCall, 'method'>): Promise<void>;
}

const LIMIT_HEADER = /^x-ratelimit-per(hour|day)-(limit|remaining|reset)$/;

export function createTumblrClient(
  settings: TumblrSettings,
  vault: TokenVault,
  clock: Clock,
  random: Random,
): TumblrClient {
  const http = createHttp(clock);
  const budget = new RateBudget('Tumblr', clock, settings.budget);
  const access = createAccess(settings, { http, vault, clock, random });

  const send = async (call: TumblrCall, url: URL, header: string, signal: AbortSignal): Promise<unknown> => {
    const { method, once, deadlineMs, silenceMs } = call;
    const { contentType, body } = bodyOf(call);
    const request: HttpRequest = {
      method,
      url,
      headers: {
        authorization: header,
        'user-agent': USER_AGENT,
        accept: 'application/json',
        ...defined({ 'content-type': contentType }),
      },
      ...defined({ body, once, deadlineMs, silenceMs }),
    };
    const answer = await http.send(request, signal).catch((error: unknown) => {
      if (!(error instanceof HttpFailure)) throw error;
      const { sent, reason, aborted } = error;
      throw new TumblrFailure({ sent, reason: access.clean(reason), aborted });
    });
    budget.note(windowsOf(answer.headers, clock.now()));
    const refusal = refusalOf(answer, {
      problem: (said) => readProblem(said, access.clean),
      limits: LIMIT_HEADER,
    });
    if (refusal) throw new TumblrFailure(refusal);
    return answer.body;
  };

  return {
    refuseWhenSpent: (call) => budget.refuseWhenSpent(boundsOf(call)),
    async call(call, signal) {
      await budget.refuseWhenSpent(boundsOf(call));
      if (signal.aborted) throw new TumblrFailure({ sent: false, reason: 'stopped', aborted: true });
      const url = new URL(`/v2/${call.path}`, settings.apiUrl ?? TUMBLR_ORIGIN);
      for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
      const { method, form } = call;
      const headerNow = (): Promise<string> =>
        access.header({ method, pathAndQuery: url.pathname + url.search, ...(form ? { form } : {}) });
      const header = await headerNow();
      try {
        return await send(call, url, header, signal);
      } catch (error) {
        if (!(error instanceof TumblrFailure) || error.facts.status !== 401) throw error;
        if (!(await access.renew(header))) throw error;
        // The creating call goes out again as a try of its own, recorded as such: here nothing is sent twice.
        if (call.once) throw renewed(error);
        return send(call, url, await headerNow(), signal);
      }
    },
  };
}

function renewed({ facts }: TumblrFailure): TumblrFailure {
  const { isTumblr = true, codes = [], sentence = '' } = facts.problem ?? {};
  return new TumblrFailure({ ...facts, problem: { isTumblr, codes, sentence, isRenewed: true } });
}

function bodyOf({ json, form, body }: TumblrCall): { contentType?: string; body?: Buffer | HttpBody } {
  if (json) return { contentType: 'application/json', body: Buffer.from(JSON.stringify(json)) };
  if (form) {
    const text = new URLSearchParams(form).toString();
    return { contentType: 'application/x-www-form-urlencoded', body: Buffer.from(text) };
  }
  return body ? { body } : {};
}
