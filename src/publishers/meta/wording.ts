/** How an error of Meta is told: our sentence with Meta's own beside it, and the facts for the log. */
import type { MetaFailure } from './failure.ts';
import type { MetaNetwork } from './network.ts';

/** The step that failed; only `create` leaves doubt about what happened. */
export type MetaStep = 'identify' | 'media' | 'create' | 'comment' | 'read' | 'remove';

/** Ours, then Meta's, so that a person can look it up. */
export function sentence(message: string, { facts }: MetaFailure): string {
  const said = facts.problem?.sentence;
  const end = said ? `: “${said}”` : facts.reason ? ` (${facts.reason})` : '';
  return `${message}${end}.`.replace(/\.”\.$/, '.”');
}

/** For the log; nothing secret is in it. */
export function contextOf(
  { facts }: MetaFailure,
  step: MetaStep,
  { network }: MetaNetwork,
): Readonly<Record<string, unknown>> {
  const { status, problem, usage, reason } = facts;
  const { code, subcode, type, trace, upload } = problem ?? {};
  return { network, step, status, code, subcode, type, trace, upload, usage, reason };
}
