/**
 * Calls over HTTP for the networks that need no client library. Added to Node's own client: a deadline, an abort signal, a
 * bound for answers, bodies that are streamed, and the knowledge of whether a whole request can have left at all. Node's
 * client and not undici: see lib/download.ts. Redirects are never followed: credentials are not carried to another place.
 */
import { Agent as PlainAgent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { after, type Clock, MINUTE, SECOND } from '../core/clock.ts';
import type { Pieces } from '../core/pieces.ts';
import { attempt } from './http-attempt.ts';

/** A body that can be read more than once; `open` gives exactly `bytes` bytes. */
export interface HttpBody {
  readonly contentType: string;
  readonly bytes: number;
  open(): Pieces;
  /** Called as the bytes are handed over, with how many so far. */
  onSent?(bytes: number): void;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | HttpBody;
  /** True for a call that may create something: it gets a connection of its own and is never repeated. */
  readonly once?: boolean;
  /** No call takes longer, however slowly bytes drip; left out: five minutes. */
  readonly deadlineMs?: number;
  /** Silence on the connection for so long counts as no answer; left out: SILENCE_MS. */
  readonly silenceMs?: number;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON; the text when it is something else; undefined when there is none. */
  readonly body: unknown;
  /** What is wrong with the body although there is a status: too large, broken off, too slow. */
  readonly flaw?: string;
  /** True when the answer was cut short because we were told to stop. */
  readonly aborted?: boolean;
}

export interface Http {
  /** Any status is an answer. Throws HttpFailure when there is none. */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>;
}

/** No answer, and why. Holds nothing secret. */
export class HttpFailure extends Error {
  /** True unless it is proven that the request did not leave whole: no server acts on a part (RFC 9112, 8). */
  readonly sent: boolean;
  /** The system's code or a few words: ECONNREFUSED, "no answer in time". */
  readonly reason: string;
  readonly aborted: boolean;
  /** True when a kept connection turned out to be closed by the other side. */
  readonly stale: boolean;

  constructor(facts: { sent: boolean; reason: string; aborted?: boolean; stale?: boolean }) {
    super(facts.reason);
    this.name = 'HttpFailure';
    this.sent = facts.sent;
    this.reason = facts.reason;
    this.aborted = facts.aborted ?? false;
    this.stale = facts.stale ?? false;
  }
}

/**
 * Gateways before an API give up after a minute (the default of nginx, https://nginx.org/r/proxy_read_timeout, and of Amazon's
 * load balancers) and say so. Whoever hangs up earlier takes an answer that was on its way for a lost one.
 */
export const SILENCE_MS = 65 * SECOND;
const DEADLINE_MS = 5 * MINUTE;

export function createHttp(clock: Clock): Http {
  const kept = agents(true);
  // A kept connection may be closed by the other side in the very moment of use, which cannot be told from a lost answer.
  // The creating call is not worth that doubt.
  const fresh = agents(false);

  const timed = async (request: HttpRequest, isFresh: boolean, signal: AbortSignal): Promise<HttpAnswer> => {
    const deadline = new AbortController();
    const cancel = clock.at(after(clock.now(), request.deadlineMs ?? DEADLINE_MS), () => deadline.abort());
    try {
      const agent = (isFresh ? fresh : kept)(request.url);
      return await attempt(request, agent, { stop: signal, deadline: deadline.signal });
    } finally {
      cancel();
    }
  };

  return {
    async send(request, signal) {
      if (signal.aborted) throw new HttpFailure({ sent: false, reason: 'stopped', aborted: true });
      try {
        return await timed(request, request.once === true, signal);
      } catch (error) {
        // Nothing is wrong with the network, so not a minute is lost.
        if (!(error instanceof HttpFailure && error.stale) || signal.aborted) throw error;
        return timed(request, true, signal);
      }
    },
  };
}

function agents(keepAlive: boolean): (url: URL) => PlainAgent {
  const plain = new PlainAgent({ keepAlive });
  const secure = new SecureAgent({ keepAlive });
  return ({ protocol }) => (protocol === 'https:' ? secure : plain);
}
