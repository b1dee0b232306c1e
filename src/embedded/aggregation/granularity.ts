/** Preferred numbers for the boundaries of `$bucketAuto`. Source: https://www.mongodb.com/docs/v7.0/reference/operator/aggregation/bucketAuto/ */
import { BsonType, isNumeric, toDouble, typeName, typeOf } from '../bson/types.ts';
import { MongoError } from '../errors.ts';

/** A rounder of boundaries: the next preferred number above, and the next below. */
export interface Granularity {
  up(value: number): number;
  down(value: number): number;
}

/** Renard's series, ISO 3. */
const RENARD: Readonly<Record<string, readonly number[]>> = {
  R5: [10, 16, 25, 40, 63],
  R10: [100, 125, 160, 200, 250, 315, 400, 500, 630, 800],
  R20: [100, 112, 125, 140, 160, 180, 200, 224, 250, 280, 315, 355, 400, 450, 500, 560, 630, 710, 800, 900],
  R40: [
    100, 106, 112, 118, 125, 132, 140, 150, 160, 170, 180, 190, 200, 212, 224, 236, 250, 265, 280, 300, 315,
    335, 355, 375, 400, 425, 450, 475, 500, 530, 560, 600, 630, 670, 710, 750, 800, 850, 900, 950,
  ],
  R80: [
    103, 109, 115, 122, 128, 136, 145, 155, 165, 175, 185, 195, 206, 218, 230, 243, 258, 272, 290, 307, 325,
    345, 365, 387, 412, 437, 462, 487, 515, 545, 575, 615, 650, 690, 730, 775, 825, 875, 925, 975,
  ],
  '1-2-5': [10, 20, 50],
};
/** The E series of IEC 60063 up to E24, whose steps were rounded by hand. */
const E_SERIES: Readonly<Record<string, readonly number[]>> = {
  E6: [10, 15, 22, 33, 47, 68],
  E12: [10, 12, 15, 18, 22, 27, 33, 39, 47, 56, 68, 82],
  E24: [10, 11, 12, 13, 15, 16, 18, 20, 22, 24, 27, 30, 33, 36, 39, 43, 47, 51, 56, 62, 68, 75, 82, 91],
};
/** From E48 on the steps follow the formula with three digits; IEC 60063 has one exception, in E192. */
const COMPUTED = { E48: 48, E96: 96, E192: 192 } as const;
const EXCEPTIONS: Readonly<Record<number, number>> = { 919: 920 };

/** @throws MongoError 40257 for a name that is no series */
export function granularityNamed(name: unknown): Granularity {
  if (typeof name !== 'string')
    throw new MongoError(
      40261,
      `The $bucketAuto 'granularity' field must be a string, but found type: ${typeName(typeOf(name))}`,
    );
  if (name === 'POWERSOF2') return POWERS_OF_2;
  const series = seriesNamed(name);
  if (!series) throw new MongoError(40257, `Unknown rounding granularity '${name}'`);
  return preferred(series);
}

function seriesNamed(name: string): readonly number[] | undefined {
  if (Object.hasOwn(RENARD, name)) return RENARD[name];
  if (Object.hasOwn(E_SERIES, name)) return E_SERIES[name];
  const steps = Object.hasOwn(COMPUTED, name) ? COMPUTED[name as keyof typeof COMPUTED] : undefined;
  if (steps === undefined) return undefined;
  return Array.from({ length: steps }, (_, index) => {
    const rounded = Math.round(100 * 10 ** (index / steps));
    return EXCEPTIONS[rounded] ?? rounded;
  });
}

function preferred(series: readonly number[]): Granularity {
  const first = series[0] ?? 1;
  const last = series.at(-1) ?? 1;
  /** The power of ten that brings a value into the series' decade. */
  const scale = (value: number): number => 10 ** Math.floor(Math.log10(value / first));
  return {
    up(value) {
      if (value === 0) return 0;
      const unit = scale(value);
      const next = series.find((each) => isAbove(each * unit, value));
      return clean(next === undefined ? first * 10 * unit : next * unit);
    },
    down(value) {
      if (value === 0) return 0;
      const unit = scale(value);
      const next = series.findLast((each) => isAbove(value, each * unit));
      return clean(next === undefined ? (last * unit) / 10 : next * unit);
    },
  };
}

/** Products with powers of ten are off by a last bit; two numbers that differ by so little are the same boundary. */
const TOLERANCE = 1e-12;

function isAbove(left: number, right: number): boolean {
  return left - right > Math.abs(right) * TOLERANCE;
}

function clean(value: number): number {
  return Number(value.toPrecision(15));
}

const POWERS_OF_2: Granularity = {
  up: (value) => (value === 0 ? 0 : 2 ** (Math.floor(Math.log2(value)) + 1)),
  down: (value) => (value === 0 ? 0 : 2 ** (Math.ceil(Math.log2(value)) - 1)),
};

/** The number of a value to be grouped. @throws MongoError 40258 to 40260 for what has no place among the boundaries */
export function boundaryNumber(value: unknown): number {
  if (!isNumeric(value))
    throw new MongoError(
      40258,
      `$bucketAuto can specify a 'granularity' with numeric boundaries only, but found a value with type: ${typeName(typeOf(value))}`,
    );
  const number = Number(value.toString());
  if (Number.isNaN(number))
    throw new MongoError(
      40259,
      "$bucketAuto can specify a 'granularity' with numeric boundaries only, but found a NaN",
    );
  if (number < 0)
    throw new MongoError(
      40260,
      "$bucketAuto can specify a 'granularity' with non-negative numbers only, but found a negative number",
    );
  return number;
}

/** A boundary as MongoDB answers it: a double, but an untouched 0 keeps its type. */
export function boundaryValue(number: number, original: unknown): unknown {
  return number === 0 && typeOf(original) === BsonType.int ? 0 : toDouble(number);
}
