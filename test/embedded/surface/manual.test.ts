// What the manual says of single operators: tables of input and answer.
import { Double, Long } from 'bson';
import type { Document } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { aggregate } from '../../../src/embedded/aggregator.ts';
import { compileExpression } from '../../../src/embedded/expressions.ts';
import { compileFilter } from '../../../src/embedded/matcher.ts';

const evaluate = (expression: unknown, document: Document = {}): unknown =>
  compileExpression(expression)(document);
const run = (source: Document[], ...pipeline: Document[]): Document[] =>
  aggregate(pipeline, { source, lookup: () => [], now: () => new Date(0) }).documents;

describe('$toString of a double', () => {
  it.each([
    [1, '1'],
    [2.5, '2.5'],
    [0.1 + 0.2, '0.3'],
    [1 / 3, '0.3333333333333333'],
    [2 / 3, '0.6666666666666666'],
    [123456789.125, '123456789.125'],
    [1e15, '1000000000000000'],
    [1e16, '1e+16'],
    [1.5e21, '1.5e+21'],
    [-1.5e-5, '-1.5e-05'],
    [0.0001, '0.0001'],
    [1e-300, '1e-300'],
    [-0, '-0'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
  ])('%d is %s', (value, text) => {
    expect(evaluate({ $toString: '$a' }, { a: new Double(value) })).toBe(text);
    expect(evaluate({ $toString: '$a' }, { a: value })).toBe(text);
  });
});

describe('$dateFromString', () => {
  const parse = (dateString: unknown, more: Document = {}): unknown =>
    evaluate({ $dateFromString: { dateString, ...more } });

  it.each([
    ['2017-02-08T12:10:40.787', {}, '2017-02-08T12:10:40.787Z'],
    ['2017-02-08T12:10:40.787', { timezone: 'America/New_York' }, '2017-02-08T17:10:40.787Z'],
    ['2017-02-08', {}, '2017-02-08T00:00:00.000Z'],
    ['2017-02-08T12:10:40+0200', {}, '2017-02-08T10:10:40.000Z'],
    ['06-15-2018', { format: '%m-%d-%Y' }, '2018-06-15T00:00:00.000Z'],
    ['15-06-2018', { format: '%d-%m-%Y' }, '2018-06-15T00:00:00.000Z'],
    ['2017-01-01 10:15:35', { format: '%Y-%m-%d %H:%M:%S' }, '2017-01-01T10:15:35.000Z'],
    ['10:15:35.5 on 3.2.2020', { format: '%H:%M:%S.%L on %d.%m.%Y' }, '2020-02-03T10:15:35.500Z'],
    ['2020-060', { format: '%Y-%j' }, '2020-02-29T00:00:00.000Z'],
    ['2009-W01-4', { format: '%G-W%V-%u' }, '2009-01-01T00:00:00.000Z'],
    ['1 Mar 2021', { format: '%d %b %Y' }, '2021-03-01T00:00:00.000Z'],
    ['1 march 2021', { format: '%d %B %Y' }, '2021-03-01T00:00:00.000Z'],
    ['2021-03-01 +0130', { format: '%Y-%m-%d %z' }, '2021-02-28T22:30:00.000Z'],
    ['2021-03-01 +90', { format: '%Y-%m-%d %Z' }, '2021-02-28T22:30:00.000Z'],
    ['100% 2021', { format: '100%% %Y' }, '2021-01-01T00:00:00.000Z'],
    ['2021-07-01 12:00', { format: '%Y-%m-%d %H:%M', timezone: 'Europe/Rome' }, '2021-07-01T10:00:00.000Z'],
  ])('%s with %j', (text, more, expected) => {
    expect((parse(text, more) as Date).toISOString()).toBe(expected);
  });

  it.each([
    ['2018-06-15', { format: '%m-%d-%Y' }, 241],
    ['31-02-2018', { format: '%d-%m-%Y' }, 241],
    ['25:00 2018', { format: '%H:%M %Y' }, 241],
    ['12', { format: '%H' }, 241],
    ['2018', { format: '%Q' }, 18536],
    ['2018-06-15T00:00:00Z', { timezone: 'Europe/Rome' }, 241],
    ['2021-03-01 +0130', { format: '%Y-%m-%d %z', timezone: 'Europe/Rome' }, 241],
  ])('%s with %j is refused', (text, more, code) => {
    expect(() => parse(text, more)).toThrow(expect.objectContaining({ code }));
  });

  it('takes onError, onNull, and null for a format or zone that is null', () => {
    expect(parse('x', { format: '%Y', onError: 'bad' })).toBe('bad');
    expect(parse(null, { onNull: 'none' })).toBe('none');
    expect(parse('2018', { format: null })).toBeNull();
    expect(parse('2018-01-01', { timezone: null })).toBeNull();
  });
});

describe('$bucketAuto with a granularity', () => {
  const things = Array.from({ length: 100 }, (_, n) => ({ n }));
  const buckets = (granularity: string | undefined, source: Document[] = things, count = 5): unknown =>
    run(source, {
      $bucketAuto: { groupBy: '$n', buckets: count, ...(granularity ? { granularity } : {}) },
    }).map(({ _id, count: size }) => [Number(_id.min), Number(_id.max), size]);

  // The tables of the manual's page on $bucketAuto.
  it.each([
    [
      undefined,
      [
        [0, 20, 20],
        [20, 40, 20],
        [40, 60, 20],
        [60, 80, 20],
        [80, 99, 20],
      ],
    ],
    [
      'R20',
      [
        [0, 20, 20],
        [20, 40, 20],
        [40, 63, 23],
        [63, 90, 27],
        [90, 100, 10],
      ],
    ],
    [
      'E24',
      [
        [0, 20, 20],
        [20, 43, 23],
        [43, 68, 25],
        [68, 91, 23],
        [91, 100, 9],
      ],
    ],
    [
      '1-2-5',
      [
        [0, 20, 20],
        [20, 50, 30],
        [50, 100, 50],
      ],
    ],
    [
      'POWERSOF2',
      [
        [0, 32, 32],
        [32, 64, 32],
        [64, 128, 36],
      ],
    ],
  ])('%s', (granularity, expected) => {
    expect(buckets(granularity)).toEqual(expected);
  });

  it.each(['R5', 'R10', 'R40', 'R80', 'E6', 'E12', 'E48', 'E96', 'E192'])(
    '%s covers every value once',
    (granularity) => {
      const found = buckets(granularity) as [number, number, number][];
      expect(found.reduce((sum, [, , size]) => sum + size, 0)).toBe(100);
      for (const [index, [min]] of found.entries()) if (index > 0) expect(min).toBe(found[index - 1]![1]);
      expect(found.at(-1)![1]).toBeGreaterThan(99);
    },
  );

  it('works in every decade, and ends a bucket of zeros below the next value', () => {
    expect(buckets('R5', [{ n: 0.0012 }, { n: 0.002 }, { n: 4_000 }], 3)).toEqual([
      [0.001, 0.0016, 1],
      [0.0016, 0.0025, 1],
      [0.0025, 6_300, 1],
    ]);
    expect(buckets('R5', [{ n: 0 }, { n: 0 }, { n: 5 }, { n: 6 }], 2)).toEqual([
      [0, 4, 2],
      [4, 6.3, 2],
    ]);
  });

  it.each([
    ['R6', [{ n: 1 }], 40257],
    ['R5', [{ n: 'x' }], 40258],
    ['R5', [{ n: Number.NaN }], 40259],
    ['R5', [{ n: -1 }], 40260],
  ])('%s over %j is code %i', (granularity, source, code) => {
    expect(() => buckets(granularity, source)).toThrow(expect.objectContaining({ code }));
  });
});

describe('expressions', () => {
  it.each([
    [{ $exp: 0 }, 1],
    [{ $log: [100, 10] }, 2],
    [{ $second: new Date('2014-01-01T08:15:39.736Z') }, 39],
    [{ $lastN: { n: 2, input: [1, 2, 3] } }, [2, 3]],
    [{ $minN: { n: 2, input: [3, 1, 2] } }, [1, 2]],
    [{ $maxN: { n: 2, input: [3, 1, 2] } }, [3, 2]],
    [{ $firstN: { n: 2, input: [3, 1, 2] } }, [3, 1]],
  ])('%j', (expression, expected) => {
    const value = evaluate(expression);
    expect(value instanceof Double || value instanceof Long ? Number(value) : value).toEqual(expected);
  });

  it('$rand is within [0, 1)', () => {
    for (let round = 0; round < 100; round += 1) {
      const value = Number(evaluate({ $rand: {} }));
      expect(value >= 0 && value < 1).toBe(true);
    }
  });
});

describe('accumulators', () => {
  // The scores of the manual's pages on $topN, $bottom and their like.
  const scores = [
    { playerId: 'A', score: 31 },
    { playerId: 'B', score: 33 },
    { playerId: 'C', score: 99 },
    { playerId: 'D', score: 1 },
  ];
  const best = { output: '$playerId', sortBy: { score: -1 } };
  it.each([
    [{ $top: best }, 'C'],
    [{ $topN: { ...best, n: 3 } }, ['C', 'B', 'A']],
    [{ $bottom: best }, 'D'],
    [{ $bottomN: { ...best, n: 2 } }, ['A', 'D']],
    [{ $firstN: { input: '$score', n: 2 } }, [31, 33]],
    [{ $lastN: { input: '$score', n: 2 } }, [99, 1]],
    [{ $minN: { input: '$score', n: 2 } }, [1, 31]],
    [{ $maxN: { input: '$score', n: 2 } }, [99, 33]],
  ])('%j', (accumulator, expected) => {
    expect(run(scores, { $group: { _id: null, found: accumulator } })).toEqual([
      { _id: null, found: expected },
    ]);
  });
});

it('$alwaysTrue and $alwaysFalse', () => {
  expect(compileFilter({ $alwaysTrue: 1 })({})).toBe(true);
  expect(compileFilter({ $alwaysFalse: 1 })({})).toBe(false);
});
