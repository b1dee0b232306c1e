import { describe, expect, it } from 'vitest';
import { encode } from '../../src/embedded/codec.ts';
import { compileProjection, compileStageProjection } from '../../src/embedded/projector.ts';

type Doc = Record<string, unknown>;
const document: Doc = {
  _id: 1,
  a: 1,
  b: { c: 2, d: 3 },
  list: [{ x: 1, y: 1 }, { x: 2, y: 2 }, 5, [{ x: 9 }]],
  nums: [1, 2, 3, 4],
  n: null,
};

const cases: readonly [Doc, Doc, Doc?][] = [
  [{}, document],
  [{ a: 1 }, { _id: 1, a: 1 }],
  [{ a: true, _id: 0 }, { a: 1 }],
  [{ _id: 1 }, { _id: 1 }],
  [
    { n: 1, a: 1 },
    { _id: 1, a: 1, n: null },
  ],
  [{ missing: 1 }, { _id: 1 }],
  [{ _id: 0 }, { a: 1, b: document.b, list: document.list, nums: [1, 2, 3, 4], n: null }],
  [
    { list: 0, nums: 0, b: 0 },
    { _id: 1, a: 1, n: null },
  ],
  [{ 'b.c': 1 }, { _id: 1, b: { c: 2 } }],
  [{ b: { c: 1 } }, { _id: 1, b: { c: 2 } }],
  [{ 'a.x': 1 }, { _id: 1 }],
  [{ 'list.x': 1 }, { _id: 1, list: [{ x: 1 }, { x: 2 }, [{ x: 9 }]] }],
  [
    { 'list.x': 0, b: 0, nums: 0, n: 0, a: 0 },
    { _id: 1, list: [{ y: 1 }, { y: 2 }, 5, [{}]] },
  ],
  [
    { nums: { $slice: 2 }, _id: 1 },
    { _id: 1, nums: [1, 2] },
  ],
  [
    { nums: { $slice: -1 }, b: 0, list: 0, n: 0 },
    { _id: 1, a: 1, nums: [4] },
  ],
  [
    { nums: { $slice: [1, 2] }, a: 1 },
    { _id: 1, a: 1, nums: [2, 3] },
  ],
  [
    { nums: { $slice: [-3, 2] }, a: 1 },
    { _id: 1, a: 1, nums: [2, 3] },
  ],
  [{ list: { $elemMatch: { x: 2 } } }, { _id: 1, list: [{ x: 2, y: 2 }] }],
  [
    { list: { $elemMatch: { x: 7 } }, a: 1 },
    { _id: 1, a: 1 },
  ],
  [{ nums: { $elemMatch: { $gt: 2 } } }, { _id: 1, nums: [3] }],
  [{ nums: { $elemMatch: { $gt: 2 } }, _id: 0 }, { nums: [3] }],
  [
    { nums: { $elemMatch: { $gt: 2 } }, b: 0, list: 0, n: 0 },
    { _id: 1, a: 1, nums: [3] },
  ],
  [{ 'list.$': 1 }, { _id: 1, list: [{ x: 2, y: 2 }] }, { 'list.x': 2 }],
  [{ 'nums.$': 1, a: 1 }, { _id: 1, a: 1, nums: [3] }, { nums: { $gt: 2 } }],
  [
    { total: { $add: ['$a', 5] }, b: 1 },
    { _id: 1, b: { c: 2, d: 3 }, total: 6 },
  ],
  [{ b: { e: '$a' } }, { _id: 1, b: { e: 1 } }],
  [{ a: '$b.c' }, { _id: 1, a: 2 }],
  [{ a: 'text', _id: 0 }, { a: 'text' }],
  [
    { gone: '$missing', a: 1 },
    { _id: 1, a: 1 },
  ],
  [{ first: { $slice: ['$nums', 1] }, _id: 0 }, { first: [1] }],
];

describe('compileProjection', () => {
  it.each(cases)('%j', (projection, expected, filter) => {
    const before = encode(document);
    const result = compileProjection(projection, { filter })(document);
    expect(result).toEqual(expected);
    expect(Object.keys(result)).toEqual(Object.keys(expected));
    expect(encode(document).equals(before)).toBe(true);
  });

  it.each([
    [{ a: 1, b: 0 }, 31254, 'Cannot do exclusion on field b in inclusion projection'],
    [{ a: 0, b: 1 }, 31253, 'Cannot do inclusion on field b in exclusion projection'],
    [{ b: 1, 'b.c': 1 }, 31249, 'Path collision at b.c'],
    [{ 'b.c': 1, b: 1 }, 31250, 'Path collision at b'],
    [{ 'b.c': { $elemMatch: {} } }, 31275, 'Cannot use $elemMatch projection on a nested field'],
    [{ a: {} }, 51270, 'An empty sub-projection'],
    [{ a: { $foo: 1 } }, 31325, 'Unknown expression $foo'],
    [{ 'nums.$': 1 }, 51246, "couldn't find a matching element"],
    [{ 'a.$': 1, 'b.$': 1 }, 31276, 'more than one positional'],
    [{ 'a.$': 0 }, 31395, 'cannot be used with exclusion'],
    [{ 'a.$.b': 1 }, 31394, 'may only be used at the end'],
    [{ a: 0, c: '$a' }, 31252, 'other than $meta in exclusion projection'],
    [{ 'a..b': 1 }, 15998, 'may not be empty strings'],
  ] as [Doc, number, string][])('refuses %j', (projection, code, message) => {
    expect(() => compileProjection(projection, { filter: { a: 1 } })(document)).toThrowError(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  it('names $project only where it is one', () => {
    const mixed = { a: 1, b: 0 };
    expect(() => compileProjection(mixed)).toThrowError(/^Cannot do/);
    expect(() => compileStageProjection(mixed, {})).toThrowError(
      /^Invalid \$project :: caused by :: Cannot do/,
    );
  });

  it('refuses $meta', () => {
    expect(() => compileProjection({ s: { $meta: 'textScore' } })).toThrowError(
      /not supported by the embedded database/,
    );
  });
});
