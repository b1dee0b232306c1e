/** What a call to X failed with, before it is known what that means for the step that made it. Holds no secret. */
import type { XProblem } from './problem.ts';

export interface XFailureFacts {
  /** True unless it is proven that no byte of the request left: the connection was never made. */
  readonly sent: boolean;
  /** The HTTP status, once there is one. */
  readonly status?: number;
  readonly problem?: XProblem;
  /** Rate-limit headers, lower case. */
  readonly limits?: Readonly<Record<string, string>>;
  /** The system's code or a few words: ECONNREFUSED, "no answer in time". */
  readonly reason?: string;
  readonly aborted?: boolean;
}

export class XFailure extends Error {
  readonly facts: XFailureFacts;

  constructor(facts: XFailureFacts) {
    super(describe(facts));
    this.name = 'XFailure';
    this.facts = facts;
  }
}

function describe({ status, problem, reason, sent }: XFailureFacts): string {
  const what = status === undefined ? (sent ? 'no usable answer' : 'no connection') : `HTTP ${status}`;
  return [what, problem?.sentence, reason].filter(Boolean).join(': ');
}
