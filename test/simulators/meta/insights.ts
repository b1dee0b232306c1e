/** The numbers of what stands on a simulated page or account; names that the reference does not have are refused. */
import type { GraphRequest } from './graph.ts';
import { refuse } from './refusal.ts';

export interface InsightOptions {
  /** What is counted of everything there, by Meta's names; a metric that is absent has no data. */
  numbers: Readonly<Record<string, number>>;
  /** Metrics that were withdrawn: one of them fails the whole call. */
  withdrawn: readonly string[];
  /** False: the token lacks the right to read metrics. */
  mayMeasure: boolean;
}

export const NO_NUMBERS: InsightOptions = { numbers: {}, withdrawn: [], mayMeasure: true };

/** @param known the metrics of this kind of thing */
export function readInsights(
  id: string,
  { fields }: GraphRequest,
  known: readonly string[],
  { numbers, withdrawn, mayMeasure }: InsightOptions,
): unknown {
  if (!mayMeasure) throw refuse(10, '(#10) This endpoint requires the right to read insights');
  const asked = (fields.metric ?? '').split(',').filter(Boolean);
  if (asked.length === 0) throw refuse(3001, 'No metric was specified', { error_subcode: 1504028 });
  const unknown = asked.find((name) => !known.includes(name) || withdrawn.includes(name));
  if (unknown) throw refuse(100, `(#100) The value must be a valid insights metric: ${unknown}`);
  const data = asked.flatMap((name) => {
    const value = numbers[name];
    if (value === undefined) return [];
    return [
      { name, period: 'lifetime', values: [{ value }], title: name, id: `${id}/insights/${name}/lifetime` },
    ];
  });
  return { data, paging: {} };
}

/** The names at the top of `fields`; one that is not among `known` is refused. */
export function checkFields({ fields }: GraphRequest, known: readonly string[]): ReadonlySet<string> {
  const names = (fields.fields ?? '').split(/,(?![^(]*\))/).map((each) => each.split(/[.({]/)[0] ?? '');
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw refuse(100, `(#100) Tried accessing nonexisting field (${unknown})`);
  return new Set(names);
}
