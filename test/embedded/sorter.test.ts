import { Binary, Decimal128, Double, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import { describe, expect, it } from 'vitest';
import { parseCollation } from '../../src/embedded/order.ts';
import { compileSort } from '../../src/embedded/sorter.ts';

type Doc = Record<string, unknown>;

function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value, index) => ({ value, key: ((index * 7919) % 104729) % 17 }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value);
}

describe('compileSort', () => {
  it.each([
    [
      'types in MongoDB order',
      { a: 1 },
      [
        { a: new MinKey() },
        { a: [] },
        { a: null },
        { a: -1 },
        { a: 'x' },
        { a: {} },
        { a: new Binary(Buffer.from([1])) },
        { a: new ObjectId('000000000000000000000001') },
        { a: false },
        { a: true },
        { a: new Date(0) },
        { a: new Timestamp({ t: 1, i: 1 }) },
        { a: new MaxKey() },
      ],
    ],
    [
      'numbers of all types',
      { a: 1 },
      [
        { a: Number.NaN },
        { a: -Infinity },
        { a: Long.fromString('-9007199254740993') },
        { a: -9007199254740992 },
        { a: Decimal128.fromString('-0.5') },
        { a: 0 },
        { a: Decimal128.fromString('0.1') },
        { a: 0.1 },
        { a: new Double(1) },
        { a: Decimal128.fromString('1.5') },
        { a: 9007199254740992 },
        { a: Long.fromString('9007199254740993') },
        { a: 1e300 },
        { a: Decimal128.fromString('1E+400') },
        { a: Infinity },
      ],
    ],
    [
      'strings by UTF-8',
      { a: 1 },
      [
        { a: '' },
        { a: 'B' },
        { a: 'a' },
        { a: 'a\0' },
        { a: 'aa' },
        { a: 'ä' },
        { a: '\uffee' },
        { a: '\u{1f600}' },
      ],
    ],
    ['arrays ascending by their least element', { a: 1 }, [{ a: [5, 1] }, { a: 2 }, { a: [3, 9] }]],
    ['arrays descending by their greatest element', { a: -1 }, [{ a: [3, 9] }, { a: [5, 1] }, { a: 2 }]],
    [
      'two directions',
      { a: 1, b: -1 },
      [
        { a: 1, b: 2 },
        { a: 1, b: 1 },
        { a: 2, b: 5 },
      ],
    ],
    ['paths through arrays', { 'a.b': 1 }, [{ a: [{ b: 4 }, { b: 1 }] }, { a: { b: 2 } }, { a: [{ b: 3 }] }]],
    [
      'two paths through one array',
      { 'a.x': 1, 'a.y': 1 },
      [
        {
          a: [
            { x: 1, y: 5 },
            { x: 2, y: 0 },
          ],
        },
        { a: [{ x: 1, y: 6 }] },
      ],
    ],
    [
      'the poll of Agenda',
      { nextRunAt: 1, priority: -1 },
      [
        { nextRunAt: null },
        { nextRunAt: new Date(1), priority: 10 },
        { nextRunAt: new Date(1), priority: 0 },
        { nextRunAt: new Date(2), priority: 20 },
      ],
    ],
  ] as [string, Doc, Doc[]][])('%s', (_, specification, ordered) => {
    const { compare, keyOf, sort } = compileSort(specification);
    expect(sort(shuffled(ordered))).toEqual(ordered);
    for (let index = 1; index < ordered.length; index++) {
      const [left, right] = [ordered[index - 1]!, ordered[index]!];
      expect(compare(left, right)).toBeLessThan(0);
      expect(compare(right, left)).toBeGreaterThan(0);
      expect(Buffer.compare(keyOf(left), keyOf(right))).toBe(-1);
    }
  });

  it('treats missing as null and keeps the order of ties', () => {
    const documents = [{ _id: 1 }, { _id: 2, a: null }, { _id: 3, a: 0 }, { _id: 4, a: Long.ZERO }];
    expect(
      compileSort({ a: -1 })
        .sort(documents)
        .map(({ _id }) => _id),
    ).toEqual([3, 4, 1, 2]);
  });

  it('sorts in a collation as ICU does', () => {
    const { sort } = compileSort({ a: 1 }, parseCollation({ locale: 'en', strength: 2 }));
    expect(sort([{ a: 'b' }, { a: 'B' }, { a: 'a' }, { a: '_' }, { a: '1' }]).map(({ a }) => a)).toEqual([
      '_',
      '1',
      'a',
      'b',
      'B',
    ]);
  });

  it.each([
    [{ a: 2 }, 15975],
    [{ a: true }, 15974],
    [{ a: 'asc' }, 15974],
    [{ 'a.': 1 }, 40353],
    [{ $a: 1 }, 16410],
    [{ '': 1 }, 40352],
    [{ 'a..b': 1 }, 15998],
  ] as [Doc, number][])('refuses %j', (specification, code) => {
    expect(() => compileSort(specification)).toThrowError(expect.objectContaining({ code }));
  });

  it('takes an array at a position as the array that it is, one at a name apart', () => {
    const [nested, low, high, byName] = [{ x: [[5]] }, { x: [1] }, { x: [7] }, { x: [{ y: [0, 2] }] }];
    const all = [nested, high, low];
    expect(compileSort({ 'x.0': 1 }).sort(all)).toEqual([low, high, nested]);
    expect(compileSort({ 'x.0': -1 }).sort(all)).toEqual([nested, high, low]);
    expect(compileSort({ 'x.0.y': 1 }).sort([{ x: [{ y: 1 }] }, byName])[0]).toBe(byName);
    expect(compileSort({ 'x.0': 1 }).sort([{ x: [[]] }, high])[0]).toBe(high);
  });

  it('refuses a number that is a position and a name, which one beyond the end is not', () => {
    const { keyOf } = compileSort({ 'x.0': 1, y: 1 });
    expect(() => keyOf({ x: [3, { 0: 3 }] })).toThrowError(expect.objectContaining({ code: 16746 }));
    expect(keyOf({ x: [{ '00': 5 }] })).toBeDefined();
    const beyond = [{ x: [{ 1: 5 }] }, { x: [0, 4] }];
    expect(compileSort({ 'x.1': 1 }).sort(beyond)).toEqual([beyond[1], beyond[0]]);
  });

  it('refuses parallel arrays and $meta', () => {
    // https://github.com/mongodb/mongo/blob/master/src/mongo/db/index/sort_key_generator.cpp
    expect(() => compileSort({ a: 1, b: 1 }).sort([{ a: [1], b: [1] }, { a: 1 }])).toThrowError(
      expect.objectContaining({ code: 2, message: 'cannot sort with keys that are parallel arrays' }),
    );
    expect(() => compileSort({ a: { $meta: 'textScore' } })).toThrowError(
      /not supported by the embedded database/,
    );
  });
});
