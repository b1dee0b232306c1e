/** How an error of a network is told: our sentence with the network's own beside it, and the facts for the log. */
import type { CallFailure, Said } from './failure.ts';

/** The step that failed; only `create` leaves doubt about what happened. */
export type Step = 'identify' | 'media' | 'create' | 'read' | 'remove' | 'insights';

/** Ours, then theirs, so that a person can look it up. */
export function sentence(message: string, { facts }: CallFailure<Said>): string {
  const said = facts.problem?.sentence;
  const end = said ? `: “${said}”` : facts.reason ? ` (${facts.reason})` : '';
  return `${message}${end}.`.replace(/\.”\.$/, '.”');
}

/** How our sentence about a call that failed ends: what certainly was not done, or may have been. */
export function effectOf(step: Step | 'comment', sent: boolean): string {
  if (step === 'comment') return '; it was not written';
  if (step === 'remove') return sent ? '; it may be gone all the same' : '; nothing was removed';
  return step === 'insights' ? '' : '; nothing was published';
}

/** Hints name the command that follows a failed publishing; after another step it is another one. */
export function hintAfter(step: Step | 'comment', hint: string): string {
  return hint.replaceAll('/retry', COMMAND_AFTER[step] ?? '/retry');
}

const COMMAND_AFTER: { readonly [S in Step | 'comment']?: string } = {
  remove: '/remove',
  insights: '/stats',
};

/** For the log; nothing secret is in it. */
export function contextOf(
  network: string,
  { facts }: CallFailure<Said>,
  step: Step,
): Readonly<Record<string, unknown>> {
  const { status, problem, limits, reason } = facts;
  return { network, step, status, problem, limits, reason };
}
