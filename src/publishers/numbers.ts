/** What a network told of its numbers, in the words of core. */
import type { Insights, Measure } from '../core/insights.ts';

/** Without what was not told. */
export function defined(numbers: { readonly [M in Measure]?: number | undefined }): Insights['numbers'] {
  return Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== undefined));
}
