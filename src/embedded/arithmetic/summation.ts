/**
 * The sum of many numbers as MongoDB keeps it: whole numbers exactly, doubles with a compensation term (so that
 * 0.1 + 0.2 + 0.3 is 0.6), decimals in decimal; joined at the end in the widest type met.
 */
import { Decimal128, Long } from 'bson';
import { BsonType, fitsInt32, isNumeric, toDouble, typeOf } from '../bson/types.ts';
import { addDecimals } from './decimal.ts';
import { type Numeric, toBigInt, toDecimal, toNumber } from './numbers.ts';

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

export class Summation {
  private small = 0;
  private whole = 0n;
  private sawLong = false;
  private double: number | undefined;
  private compensation = 0;
  private decimal: Decimal128 | undefined;
  /** How many numbers were added. */
  count = 0;

  /** Adds a value when it is a number. */
  add(value: unknown): void {
    if (!isNumeric(value)) return;
    this.count++;
    const type = typeOf(value);
    if (type === BsonType.int) {
      this.small += toNumber(value);
      // Flushed long before the sum of small numbers could lose a bit.
      if (Math.abs(this.small) > Number.MAX_SAFE_INTEGER / 2) this.flush();
    } else if (type === BsonType.long) {
      this.sawLong = true;
      this.whole += toBigInt(value);
    } else if (value instanceof Decimal128) {
      this.decimal = this.decimal ? addDecimals(this.decimal, value) : value;
    } else {
      this.addDouble(toNumber(value));
    }
  }

  result(): Numeric {
    this.flush();
    if (this.decimal) {
      const whole = addDecimals(this.decimal, Decimal128.fromStringWithRounding(this.whole.toString()));
      return this.double === undefined
        ? whole
        : addDecimals(whole, toDecimal(toDouble(this.doubleTotal(0n))));
    }
    if (this.double !== undefined) return toDouble(this.doubleTotal(this.whole));
    if (this.whole < INT64_MIN || this.whole > INT64_MAX) return toDouble(Number(this.whole));
    const small = Number(this.whole);
    return !this.sawLong && fitsInt32(small) ? small : Long.fromBigInt(this.whole);
  }

  private flush(): void {
    this.whole += BigInt(this.small);
    this.small = 0;
  }

  private addDouble(value: number): void {
    const before = this.double ?? 0;
    const sum = before + value;
    if (Number.isFinite(sum)) {
      const larger = Math.abs(before) >= Math.abs(value) ? before : value;
      const smaller = larger === before ? value : before;
      this.compensation += larger - sum + smaller;
    }
    this.double = sum;
  }

  private doubleTotal(whole: bigint): number {
    const base = this.double ?? 0;
    if (!Number.isFinite(base)) return base;
    const total = Number(whole);
    const sum = base + total;
    const larger = Math.abs(base) >= Math.abs(total) ? base : total;
    const smaller = larger === base ? total : base;
    return sum + (this.compensation + (larger - sum + smaller));
  }
}

/** The sum of the numbers among the values; others do not count. */
export function sumOf(values: Iterable<unknown>): Numeric {
  const summation = new Summation();
  for (const value of values) summation.add(value);
  return summation.result();
}
