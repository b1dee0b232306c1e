/** What a call to Meta failed with, before it is known what that means for the step that made it. Holds no secret. */
import type { MetaProblem } from './problem.ts';
import type { Usage } from './usage.ts';

export interface MetaFailureFacts {
  /** True unless it is proven that no byte of the request left: the connection was never made. */
  readonly sent: boolean;
  /** The HTTP status, once there is one. */
  readonly status?: number;
  readonly problem?: MetaProblem;
  readonly usage?: Usage;
  /** Not sent, because the allowance of calls is nearly used up until then. */
  readonly heldUntil?: Date;
  /** The system's code or a few words: ECONNREFUSED, "no answer in time". */
  readonly reason?: string;
  readonly aborted?: boolean;
}

export class MetaFailure extends Error {
  readonly facts: MetaFailureFacts;

  constructor(facts: MetaFailureFacts) {
    super(describe(facts));
    this.name = 'MetaFailure';
    this.facts = facts;
  }
}

function describe({ status, problem, reason, sent }: MetaFailureFacts): string {
  const what = status === undefined ? (sent ? 'no usable answer' : 'nothing was sent') : `HTTP ${status}`;
  return [what, problem?.sentence, reason].filter(Boolean).join(': ');
}
