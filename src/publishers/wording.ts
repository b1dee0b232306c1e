/** How an error of a network is told: our sentence with the network's own beside it, and the facts for the log. */
import type { CallFailure, Said } from './failure.ts';

/** The step that failed; only `create` leaves doubt about what happened. */
export type Step = 'identify' | 'media' | 'create' | 'read' | 'remove';

/** Ours, then theirs, so that a person can look it up. */
export function sentence(message: string, { facts }: CallFailure<Said>): string {
  const said = facts.problem?.sentence;
  const end = said ? `: “${said}”` : facts.reason ? ` (${facts.reason})` : '';
  return `${message}${end}.`.replace(/\.”\.$/, '.”');
}

/** For the log; nothing secret is in it. */
export function contextOf(
  network: string,
  { facts }: CallFailure<Said>,
  step: Step,
): Readonly<Record<string, unknown>> {
  const { status, problem, limits, reason } = facts;
  return { network, step, status, problem, limits, reason };
}
