// What a filter may not say, collations, and the position that an update uses.
import { describe, expect, it } from 'vitest';
import { compileFilter, positionalMatch } from '../../../src/embedded/matcher.ts';
import { parseCollation } from '../../../src/embedded/order.ts';
import { type Doc, regex } from './matching.ts';

describe('compileFilter', () => {
  it.each([
    [{ a: { $foo: 1 } }, 2, 'unknown operator: $foo'],
    [{ a: { $gt: 1, b: 2 } }, 2, 'unknown operator: b'],
    [{ $foo: 1 }, 2, 'unknown top level operator: $foo'],
    [{ $or: [] }, 2, 'nonempty array'],
    [{ $or: { a: 1 } }, 2, '$or must be an array'],
    [{ a: { $in: 1 } }, 2, '$in needs an array'],
    [{ a: { $in: [{ $gt: 1 }] } }, 2, 'cannot nest $ under $in'],
    [{ a: { $not: 1 } }, 2, '$not needs a regex or a document'],
    [{ a: { $not: {} } }, 2, '$not cannot be empty'],
    [{ a: { $all: 1 } }, 2, '$all needs an array'],
    [{ a: { $elemMatch: 1 } }, 2, '$elemMatch needs an Object'],
    [{ a: { $type: 'text' } }, 2, 'Unknown type name alias: text'],
    [{ a: { $type: 99 } }, 2, 'Invalid numerical type code: 99'],
    [{ a: { $mod: [0, 1] } }, 2, 'divisor cannot be 0'],
    [{ a: { $mod: [1] } }, 2, 'not enough elements'],
    [{ a: { $size: -1 } }, 2, 'non-negative'],
    [{ a: { $size: 1.5 } }, 2, 'Expected an integer: $size: 1.5'],
    [{ $nor: [5] }, 2, 'entries need to be full objects'],
    [{ a: { $regex: '(' } }, 51091, 'Regular expression is invalid'],
    [{ a: { $regex: 'a', $options: 'g' } }, 51108, 'invalid flag'],
    [{ a: { $options: 'i' } }, 2, '$options needs a $regex'],
    [{ a: { $ne: regex('a') } }, 2, "Can't have regex as arg to $ne"],
    [{ a: { $gt: regex('a') } }, 2, "Can't have RegEx as arg to predicate over field 'a'"],
    [{ a: { $bitsAllSet: -1 } }, 9, 'Expected a non-negative number in: $bitsAllSet: -1'],
    [{ a: { $elemMatch: { $expr: true } } }, 2, '$expr can only be applied to the top-level document'],
  ] as [Doc, number, string][])('refuses %j as MongoDB does', (filter, code, message) => {
    expect(() => compileFilter(filter)).toThrowError(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  it.each([
    { $where: 'true' },
    { $text: { $search: 'x' } },
    { $jsonSchema: {} },
    { a: { $near: [0, 0] } },
    { a: { $geoWithin: {} } },
    { a: regex('a++') },
    { a: regex('(?>a)') },
    { a: regex('a(?i)b') },
  ] as Doc[])('refuses %j as not supported', (filter) => {
    expect(() => compileFilter(filter)).toThrowError(
      /not supported by the embedded database; set MONGODB_URI/,
    );
  });

  it('compares in a collation', () => {
    const base = compileFilter({ a: 'Resume' }, { collation: parseCollation({ locale: 'en', strength: 1 }) });
    const accents = compileFilter(
      { a: 'Resume' },
      { collation: parseCollation({ locale: 'en', strength: 2 }) },
    );
    expect([base({ a: 'résumé' }), base({ a: 'RESUME' }), base({ a: 'resumes' })]).toEqual([
      true,
      true,
      false,
    ]);
    expect([accents({ a: 'résumé' }), accents({ a: 'RESUME' })]).toEqual([false, true]);
    const range = compileFilter(
      { a: { $lt: 'b' } },
      { collation: parseCollation({ locale: 'en', strength: 2 }) },
    );
    expect([range({ a: 'A' }), range({ a: '_' }), range({ a: 'B' })]).toEqual([true, true, false]);
  });

  it.each([
    { locale: 'en' },
    { locale: 'sv', strength: 1 },
    { locale: 'en', strength: 2, numericOrdering: true },
  ])('refuses the collation %j', (collation) => {
    expect(() => parseCollation(collation)).toThrowError(/not supported by the embedded database/);
  });
});

describe('positionalMatch', () => {
  it.each([
    [{ a: 5 }, { a: [3, 5] }, 1],
    [{ 'a.x': 2 }, { a: [{ x: 1 }, { x: 2 }] }, 1],
    [{ a: { $elemMatch: { x: 2, y: 3 } } }, { a: [{ x: 2 }, { x: 2, y: 3 }] }, 1],
    [{ $and: [{ a: 5 }, { b: 1 }] }, { a: [3, 5], b: 1 }, 1],
    [{ $or: [{ b: 9 }, { a: 3 }] }, { a: [1, 3] }, 1],
    [{ a: 1, b: 3 }, { a: [1], b: [1, 2, 3] }, 2],
    [{ 'a.b': 7 }, { a: [{ b: [1] }, { b: [1, 1, 7] }] }, 1],
    [{ a: { $gt: 1, $lt: 9 } }, { a: [1, 5] }, 0],
    [{ a: { $ne: 4 } }, { a: [1] }, undefined],
    [{ b: 1 }, { a: [1], b: 1 }, undefined],
    [{ 'a.0': 1 }, { a: [1] }, undefined],
    [{ a: 2, 'b.0': 1 }, { a: [1, 2], b: [1] }, 1],
    [{ a: 2, 'b.0.c.0': 1 }, { a: [1, 2], b: [{ c: [1] }] }, 1],
    [{ 'a.0.b': 2 }, { a: [{ b: [1, 2] }] }, 1],
    [{ 'a.b.1': 2 }, { a: [{ b: [2, 1] }, { b: [1, 2] }] }, 1],
  ] as [Doc, Doc, number | undefined][])('%j in %j', (filter, document, position) => {
    expect(positionalMatch(filter, document)).toBe(position);
  });
});
