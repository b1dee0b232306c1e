/** Truth of a value in expressions: false, 0, null, undefined and missing are false; everything else, "" too, is true. */
import { isNullish, isNumeric } from '../bson/types.ts';

export function isTruthy(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  if (isNullish(value)) return false;
  return !isNumeric(value) || Number(value) !== 0;
}
