/** How an error of X is told: our sentence with X's own beside it, and the facts for the log. */
import type { XFailure } from './failure.ts';

/** The step that failed; only `create` leaves doubt about what happened. */
export type XStep = 'identify' | 'media' | 'create' | 'read' | 'remove' | 'insights';

/** Ours, then X's, so that a person can look it up. */
export function sentence(message: string, { facts }: XFailure): string {
  const said = facts.problem?.sentence;
  const end = said ? `: “${said}”` : facts.reason ? ` (${facts.reason})` : '';
  return `${message}${end}.`.replace(/\.”\.$/, '.”');
}

/** For the log; nothing secret is in it. */
export function contextOf({ facts }: XFailure, step: XStep): Readonly<Record<string, unknown>> {
  const { status, problem, limits, reason } = facts;
  return { network: 'x', step, status, type: problem?.type, codes: problem?.codes, limits, reason };
}
