/** What a call to Meta failed with, before it is known what that means for the step that made it. */
import { type CallFacts, CallFailure } from '../failure.ts';
import type { MetaProblem } from './problem.ts';

export interface MetaFacts extends CallFacts<MetaProblem> {
  /** Milliseconds until calls are taken again, when Meta names them. */
  readonly regainMs?: number;
}

export class MetaFailure extends CallFailure<MetaProblem> {
  override readonly facts: MetaFacts;

  constructor(facts: MetaFacts) {
    super(facts);
    this.facts = facts;
  }
}
