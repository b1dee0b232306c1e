/** What a call to Meta failed with, before it is known what that means for the step that made it. */
import { type CallFacts, CallFailure } from '../failure.ts';
import type { MetaProblem } from './problem.ts';
import type { Usage } from './usage.ts';

export interface MetaFacts extends CallFacts<MetaProblem> {
  readonly usage?: Usage;
  /** Not sent, because the allowance of calls is nearly used up until then. */
  readonly heldUntil?: Date;
}

export class MetaFailure extends CallFailure<MetaProblem> {
  override readonly facts: MetaFacts;

  constructor(facts: MetaFacts) {
    super(facts);
    this.facts = facts;
  }
}
