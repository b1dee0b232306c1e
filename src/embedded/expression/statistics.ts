/** Statistics over values: used by the expressions `$sum` to `$stdDevSamp` and by the accumulators of `$group`. */
import { Decimal128 } from 'bson';
import { divideDecimals } from '../arithmetic/decimal.ts';
import { type Numeric, toDecimal, toNumber } from '../arithmetic/numbers.ts';
import { Summation, sumOf } from '../arithmetic/summation.ts';
import { isNullish, isNumeric, toDouble } from '../bson/types.ts';
import { notSupported } from '../errors.ts';
import { compareValues } from '../order/compare.ts';
import { argumentList, type OperatorCompiler } from './scope.ts';

/** The mean of the numbers; null when there are none. */
export function averageOf(values: Iterable<unknown>): unknown {
  const summation = new Summation();
  for (const value of values) summation.add(value);
  return averageFrom(summation);
}

export function averageFrom(summation: Summation): unknown {
  if (summation.count === 0) return null;
  const total = summation.result();
  if (total instanceof Decimal128) return divideDecimals(total, toDecimal(summation.count));
  return toDouble(toNumber(total) / summation.count);
}

/** The least (1) or greatest (-1) value that is not null; null when there is none. */
export function extremeOf(values: readonly unknown[], sign: 1 | -1): unknown {
  let best: unknown = null;
  for (const value of values) {
    if (isNullish(value)) continue;
    if (best === null || compareValues(value, best) * sign < 0) best = value;
  }
  return best;
}

/** Standard deviation; `sample` divides by one less. */
export function deviationOf(values: readonly unknown[], sample: boolean): unknown {
  const numbers = (values.filter(isNumeric) as Numeric[]).map((value) => {
    if (value instanceof Decimal128) throw notSupported('A standard deviation of Decimal128', 2);
    return toNumber(value);
  });
  const divisor = numbers.length - (sample ? 1 : 0);
  if (divisor < 1) return null;
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  return toDouble(Math.sqrt(numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / divisor));
}

/** A single argument that is an array counts by its elements; of several arguments arrays do not count. */
function over(apply: (values: readonly unknown[]) => unknown): OperatorCompiler {
  return (operand, compiler) => {
    const parts = argumentList(operand, compiler);
    const [only] = parts;
    if (parts.length === 1 && only) {
      return (scope) => {
        const value = only(scope);
        return apply(Array.isArray(value) ? value : [value]);
      };
    }
    return (scope) => apply(parts.map((part) => part(scope)));
  };
}

export const STATISTICS_OPERATORS: Readonly<Record<string, OperatorCompiler>> = {
  $sum: over(sumOf),
  $avg: over(averageOf),
  $min: over((values) => extremeOf(values, 1)),
  $max: over((values) => extremeOf(values, -1)),
  $stdDevPop: over((values) => deviationOf(values, false)),
  $stdDevSamp: over((values) => deviationOf(values, true)),
};
