/** The facts about an error of Meta for the log; how it is told to people is the same for all networks. */
import type { Step } from '../wording.ts';
import type { MetaFailure } from './failure.ts';
import type { MetaNetwork } from './network.ts';

/** The step that failed; only `create` leaves doubt about what happened. */
export type MetaStep = Step | 'comment';

/** For the log; nothing secret is in it. */
export function contextOf(
  { facts }: MetaFailure,
  step: MetaStep,
  { network }: MetaNetwork,
): Readonly<Record<string, unknown>> {
  const { status, problem, regainMs, reason } = facts;
  const { code, subcode, type, trace, upload } = problem ?? {};
  return { network, step, status, code, subcode, type, trace, upload, regainMs, reason };
}
