import {
  Binary,
  BSONRegExp,
  Code,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import { describe, expect, it } from 'vitest';
import { compileFilter } from '../../src/embedded/matcher.ts';
import {
  compareValues,
  distinctValuesAtPath,
  encodeIndexKey,
  encodeValue,
  equalValues,
  parseCollation,
  valuesAtPath,
} from '../../src/embedded/order.ts';

type Doc = Record<string, unknown>;
const decimal = (text: string) => Decimal128.fromString(text);
const long = (text: string) => Long.fromString(text);

/** Each line sorts before the next; values on a line are equal. */
const ladder: readonly (readonly unknown[])[] = [
  [new MinKey()],
  [undefined],
  [null],
  [Number.NaN, decimal('NaN')],
  [-Infinity, decimal('-Infinity')],
  [decimal('-1E+400')],
  [-1.7976931348623157e308],
  [long('-9223372036854775808'), decimal('-9223372036854775808'), -(2 ** 63)],
  [long('-9007199254740993')],
  [-9007199254740992, long('-9007199254740992')],
  [decimal('-1.5'), -1.5],
  [-1, new Double(-1), long('-1'), new Int32(-1), decimal('-1.000')],
  [decimal('-1E-400')],
  [0, -0, new Double(0), Long.ZERO, decimal('0'), decimal('-0E+5')],
  [decimal('1E-6176')],
  [5e-324],
  [decimal('0.1')],
  [0.1],
  [decimal('0.11')],
  [1, long('1'), decimal('1')],
  [decimal('1.000000000000000000000000000000001')],
  [1.0000000000000002],
  [10],
  [9007199254740992, decimal('9007199254740992')],
  [long('9007199254740993'), decimal('9007199254740993')],
  [decimal('9007199254740993.5')],
  [9007199254740994],
  [long('9223372036854775806')],
  [long('9223372036854775807')],
  [2 ** 63, decimal('9223372036854775808')],
  [1.7976931348623157e308],
  [decimal('1.8E+308')],
  [Infinity, decimal('Infinity')],
  [''],
  ['\0'],
  ['\0\0'],
  ['\u0001'],
  ['A'],
  ['a'],
  ['a\0'],
  ['a\0b'],
  ['a\u0001'],
  ['a\u0002'],
  ['aa'],
  ['ä'],
  ['\uffee'],
  ['\u{1f600}'],
  [{}],
  [{ a: 1 }, { a: long('1') }],
  [{ a: 1, b: 1 }],
  [{ a: 2 }],
  [{ b: 1 }],
  [{ a: 'x' }],
  [{ a: { b: 1 } }],
  [[]],
  [[null]],
  [[1]],
  [[1, 1]],
  [[2]],
  [['x']],
  [[[]]],
  [new Binary(Buffer.from([9]))],
  [new Binary(Buffer.from([9]), 4)],
  [new Binary(Buffer.from([1, 1]))],
  [new ObjectId('000000000000000000000001')],
  [new ObjectId('ff0000000000000000000001')],
  [false],
  [true],
  [new Date(-8.64e15)],
  [new Date(-1)],
  [new Date(0)],
  [new Date(8.64e15)],
  [new Timestamp({ t: 1, i: 2 })],
  [new Timestamp({ t: 0xffffffff, i: 0 })],
  [new BSONRegExp('a')],
  [new BSONRegExp('a', 'i')],
  [new BSONRegExp('b')],
  [new Code('f')],
  [new Code('f', { x: 1 })],
  [new MaxKey()],
];

describe('the order of values', () => {
  it('is the same by comparison and by bytes, for every pair', () => {
    const flat = ladder.flatMap((values, rank) =>
      values.map((value) => ({ value, rank, bytes: encodeValue(value) })),
    );
    for (const left of flat) {
      for (const right of flat) {
        const expected = Math.sign(left.rank - right.rank);
        const pair = [left.value, right.value];
        expect([pair, Math.sign(compareValues(left.value, right.value))]).toEqual([pair, expected]);
        expect([pair, Buffer.compare(left.bytes, right.bytes)]).toEqual([pair, expected]);
      }
    }
  });

  it('has no encoding that begins another, so that joined keys stay in order', () => {
    const encoded = ladder.map(([value]) => encodeValue(value).toString('hex'));
    for (const left of encoded)
      for (const right of encoded) if (left !== right) expect(right.startsWith(left)).toBe(false);
  });

  it('folds equal strings of a collation to equal bytes', () => {
    const base = parseCollation({ locale: 'en', strength: 1 });
    const accents = parseCollation({ locale: 'en_US', strength: 2 });
    expect(encodeValue('Straße', base).equals(encodeValue('STRASSE', base))).toBe(true);
    expect(encodeValue('É', base).equals(encodeValue('e', base))).toBe(true);
    expect(encodeValue('É', accents).equals(encodeValue('é', accents))).toBe(true);
    expect(encodeValue('é', accents).equals(encodeValue('e', accents))).toBe(false);
    expect(equalValues({ a: ['X'] }, { a: ['x'] }, accents)).toBe(true);
  });
});

describe('encodeIndexKey', () => {
  const keys = (document: Doc, pattern: Doc, sparse = false) => {
    const { keys: found, multikey, missing } = encodeIndexKey(document, pattern, { sparse });
    return { keys: found.map((key) => key.toString('hex')).sort(), multikey, missing };
  };
  const joined = (...values: unknown[]) =>
    Buffer.concat(values.map((value) => encodeValue(value))).toString('hex');

  it.each([
    [{ a: 1, b: 'x' }, { a: 1, b: 1 }, [joined(1, 'x')], false, false],
    [{}, { a: 1 }, [joined(null)], false, true],
    [{ a: null }, { a: 1 }, [joined(null)], false, false],
    [{ a: { b: 5 } }, { 'a.b': 1 }, [joined(5)], false, false],
    [{ a: [1, 2, 1, 2] }, { a: 1 }, [joined(1), joined(2)], true, false],
    [{ a: [] }, { a: 1 }, [joined(undefined)], true, false],
    [{ a: [[1, 2]] }, { a: 1 }, [joined([1, 2])], true, false],
    [
      {
        a: [
          { b: 1, c: 2 },
          { b: 3, c: 4 },
        ],
      },
      { 'a.b': 1, 'a.c': 1 },
      [joined(1, 2), joined(3, 4)],
      true,
      false,
    ],
    [
      { a: [{ b: [1, 2] }, { b: 3 }, {}] },
      { 'a.b': 1 },
      [joined(1), joined(2), joined(3), joined(null)],
      true,
      false,
    ],
    [{ a: [], z: 1 }, { 'a.b': 1, z: 1 }, [joined(null, 1)], true, false],
    [{ a: [7], z: 1 }, { 'a.b': 1, z: 1 }, [joined(null, 1)], true, false],
    [{ a: [1, 2], z: 9 }, { z: 1, a: 1 }, [joined(9, 1), joined(9, 2)], true, false],
    [{ a: [4, { 1: 8 }] }, { 'a.0': 1 }, [joined(4)], false, false],
    [{ a: 5 }, { 'a.b': 1 }, [joined(null)], false, true],
  ] as [Doc, Doc, string[], boolean, boolean][])(
    '%j in %j',
    (document, pattern, expected, multikey, missing) => {
      expect(keys(document, pattern)).toEqual({ keys: [...expected].sort(), multikey, missing });
    },
  );

  it('inverts descending fields', () => {
    const pattern = { a: -1, b: 1 };
    const order = [
      { a: 2, b: 1 },
      { a: 2, b: 2 },
      { a: 1, b: 0 },
      { a: null, b: 0 },
    ].map((document) => encodeIndexKey(document, pattern).keys[0]!);
    expect([...order].reverse().sort(Buffer.compare)).toEqual(order);
  });

  it('has a key for every value that an equality matches, over random documents', () => {
    let seed = 7;
    const random = (limit: number) => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return (seed >>> 10) % limit;
    };
    const scalar = (): unknown => [null, 1, new Double(1), long('2'), 'x', true, [], {}, 2][random(9)];
    const value = (depth: number): unknown => {
      if (depth === 0 || random(3) === 0) return scalar();
      if (random(2) === 0) return Array.from({ length: random(3) }, () => value(depth - 1));
      return Object.fromEntries(['a', 'b', 'c'].slice(random(3)).map((name) => [name, value(depth - 1)]));
    };
    let matched = 0;
    for (let round = 0; round < 4000; round++) {
      const document = { a: value(4) };
      const path = ['a', 'a.b', 'a.b.c'][random(3)]!;
      const operand = random(2) === 0 ? scalar() : (valuesAtPath(document, path)[0] ?? null);
      if (!compileFilter({ [path]: { $eq: operand } })(document)) continue;
      matched++;
      const wanted = encodeValue(operand);
      const found = encodeIndexKey(document, { [path]: 1 }).keys.map((key) => key.toString('hex'));
      // An array operand is looked up by its first element, or as a whole inside another array: see the planner.
      const lookups = Array.isArray(operand)
        ? [wanted, encodeValue(operand.length === 0 ? undefined : operand[0])]
        : [wanted];
      expect([document, path, operand, lookups.some((key) => found.includes(key.toString('hex')))]).toEqual([
        document,
        path,
        operand,
        true,
      ]);
    }
    expect(matched).toBeGreaterThan(500);
  });

  it('leaves out what a sparse index leaves out', () => {
    expect(keys({ x: 1 }, { a: 1, b: 1 }, true)).toEqual({ keys: [], multikey: false, missing: true });
    expect(keys({ b: 1 }, { a: 1, b: 1 }, true).keys).toEqual([joined(null, 1)]);
    expect(keys({ a: [{}, { b: 1 }] }, { 'a.b': 1 }, true).keys).toEqual([joined(1)]);
  });

  it('refuses parallel arrays and ambiguous positions', () => {
    const parallel = { a: [{ x: 1, y: 2 }], b: { c: [{ d: 2 }] } };
    expect(() => encodeIndexKey(parallel, { 'a.x': 1, 'a.y': 1, 'b.c.d': 1 })).toThrowError(
      expect.objectContaining({ code: 171, message: 'cannot index parallel arrays [c] [a]' }),
    );
    expect(keys({ a: [{ 1: 5 }] }, { 'a.1': 1 }).keys).toEqual([joined(5)]);
    expect(() => encodeIndexKey({ a: [{ 0: 1 }] }, { 'a.0': 1 })).toThrowError(
      expect.objectContaining({ code: 16746 }),
    );
  });
});

describe('values at a path', () => {
  const document = { a: [{ b: [1, 2] }, { b: 3 }, 4, [{ b: 9 }]], c: { d: null } };
  it.each([
    ['a.b', [[1, 2], 3]],
    ['a.0.b', [[1, 2]]],
    ['c.d', [null]],
    ['c.e', []],
    ['a', [document.a]],
  ])('%s', (path, expected) => {
    expect(valuesAtPath(document, path)).toEqual(expected);
  });

  it('takes arrays apart for distinct', () => {
    expect(distinctValuesAtPath(document, 'a.b')).toEqual([1, 2, 3]);
  });
});
