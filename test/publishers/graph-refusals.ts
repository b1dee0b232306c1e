/** Rows for the two networks behind the Graph API, whose refusals have one form. */
import { type GraphError, graphError } from '../simulators/meta/refusal.ts';
import type { Meaning } from './meanings.ts';
import type { Refusal } from './refusals.ts';

export type GraphRefusal = readonly [error: GraphError, means: Meaning, hint?: RegExp];

/** Meta's sentence for people; what is meant for developers is not told. */
export const SAID = 'What Meta says about it.';

export function refusalsOf(network: string, rows: readonly GraphRefusal[]): readonly Refusal[] {
  return rows.map(([error, means, hint = /./]) => {
    const body = graphError({ message: 'For developers.', error_user_msg: SAID, ...error });
    const context = { network, code: error.code, trace: 'AbC123' };
    return [JSON.stringify(error), error.code === 190 ? 401 : 400, body, means, { hint, context }];
  });
}
