/** What a call to a network failed with, before it is known what that means for the step that made it. Holds no secret. */
import type { HttpAnswer } from './http.ts';

/** A refusal in the network's own terms; every sentence is short and free of secrets. */
export interface Said {
  /** The most telling sentence of the body, for people; empty when there is none. */
  readonly sentence: string;
}

export interface CallFacts<Problem extends Said> {
  /** True unless it is proven that the request did not leave whole. */
  readonly sent: boolean;
  /** The HTTP status, once there is one. */
  readonly status?: number;
  readonly problem?: Problem;
  /** Rate-limit headers, lower case. */
  readonly limits?: Readonly<Record<string, string>>;
  /** The system's code or a few words: ECONNREFUSED, "no answer in time". */
  readonly reason?: string;
  readonly aborted?: boolean;
}

export class CallFailure<Problem extends Said> extends Error {
  readonly facts: CallFacts<Problem>;

  constructor(facts: CallFacts<Problem>) {
    super(describe(facts));
    this.name = new.target.name;
    this.facts = facts;
  }
}

function describe({ status, problem, reason, sent }: CallFacts<Said>): string {
  const what = status === undefined ? (sent ? 'no usable answer' : 'no connection') : `HTTP ${status}`;
  return [what, problem?.sentence, reason].filter(Boolean).join(': ');
}

/** What is known of an answer that is no success; undefined for one that is. */
export function refusalOf<Problem extends Said>(
  { status, headers, body, flaw, aborted = false }: HttpAnswer,
  read: { readonly problem: (body: unknown) => Problem; readonly limits: RegExp },
): CallFacts<Problem> | undefined {
  if (status < 300 && flaw === undefined) return undefined;
  const reason = flaw ?? (status < 400 ? 'a redirect, which is not followed' : undefined);
  return {
    sent: true,
    status,
    problem: read.problem(body),
    limits: Object.fromEntries(Object.entries(headers).filter(([name]) => read.limits.test(name))),
    ...(reason === undefined ? {} : { reason }),
    aborted,
  };
}
