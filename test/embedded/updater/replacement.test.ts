// Replacements, pipelines, and the document with which an upsert begins.
import { BSONRegExp, Double } from 'bson';
import { describe, expect, it } from 'vitest';
import { seedFromFilter, seedIdFromFilter } from '../../../src/embedded/update/seed.ts';
import { compileUpdate } from '../../../src/embedded/updater.ts';
import { type Doc, expectSame, itUpdates, now } from './updating.ts';

itUpdates([
  ['replacement', { _id: 1, a: 1 }, { b: 2 }, { _id: 1, b: 2 }],
  ['replacement with the same _id', { _id: 1, a: 1 }, { b: 2, _id: new Double(1) }, { _id: 1, b: 2 }],
  ['replacement that is the same', { _id: 1, a: 1 }, { a: 1 }, undefined],
  ['replacement by nothing', { _id: 1, a: 1 }, {}, { _id: 1 }],
  ['replacement on an upsert', { _id: 5 }, { b: 1 }, { _id: 5, b: 1 }, { isInsert: true }],
  ['so may one that replaces', { _id: 5 }, { a: 1, $b: 1 }, { _id: 5, a: 1, $b: 1 }, { isInsert: true }],
  [
    'pipeline',
    { _id: 1, a: 1, b: 2 },
    [{ $set: { c: { $add: ['$a', '$b'] } } }, { $unset: 'b' }] as unknown as Doc,
    { _id: 1, a: 1, c: 3 },
  ],
  ['pipeline that changes nothing', { a: 1 }, [{ $set: { a: '$a' } }] as unknown as Doc, undefined],
  [
    'pipeline with $replaceWith',
    { _id: 1, a: { x: 1 } },
    [{ $replaceWith: { $mergeObjects: [{ _id: '$_id' }, '$a'] } }] as unknown as Doc,
    { _id: 1, x: 1 },
  ],
  [
    'pipeline that leaves _id out',
    { _id: 1, a: { x: 1 } },
    [{ $replaceWith: '$a' }, { $set: { y: 2 } }] as unknown as Doc,
    { _id: 1, x: 1, y: 2 },
  ],
  ['pipeline that unsets _id', { _id: 1, a: 1 }, [{ $project: { _id: 0 } }] as unknown as Doc, undefined],
  [
    'the claim of Agenda',
    { _id: 1, name: 'x', lockedAt: null },
    { $set: { lockedAt: now(), lastModifiedBy: undefined } },
    { _id: 1, name: 'x', lockedAt: now() },
  ],
]);

describe('seedFromFilter', () => {
  it.each([
    [
      { a: 1, b: { $eq: 2 }, c: { $gt: 3 }, d: null },
      { a: 1, b: 2, d: null },
    ],
    [
      { 'a.b': 1, 'a.c': 2, _id: 7 },
      { _id: 7, a: { b: 1, c: 2 } },
    ],
    [
      { $and: [{ a: 1 }, { b: { $in: [2] } }], $or: [{ c: 3 }] },
      { a: 1, b: 2, c: 3 },
    ],
    [{ $or: [{ a: 1 }, { b: 1 }], c: { $in: [1, 2] }, d: { $all: [4] }, e: new BSONRegExp('x') }, { d: 4 }],
    [{ a: { x: 1 }, b: { $ne: 1 } }, { a: { x: 1 } }],
    [{ $nor: [{ a: 1 }], $expr: true }, {}],
    [{ '_id.x': 1, '_id.y': 2 }, { _id: { x: 1, y: 2 } }],
  ] as [Doc, Doc][])('%j gives %j', (filter, seed) => {
    expectSame(seedFromFilter(filter), seed);
  });

  it('takes nothing but _id for a replacement, and no part of it', () => {
    expectSame(seedIdFromFilter({ $and: [{ _id: 1, a: 1 }, { a: 2 }], 'a.b': 1 }), { _id: 1 });
    expect(() => seedIdFromFilter({ '_id.x': 1 })).toThrowError(expect.objectContaining({ code: 111 }));
    expect(compileUpdate({ n: 1 }, { now }).seed).toBe(seedIdFromFilter);
    expect(compileUpdate([{ $set: { n: 1 } }], { now }).seed).toBe(seedFromFilter);
  });

  it.each([{ $and: [{ a: 1 }, { a: 2 }] }, { a: { b: 1 }, 'a.b': 1 }])('refuses %j', (filter) => {
    expect(() => seedFromFilter(filter)).toThrowError(expect.objectContaining({ code: 54 }));
  });
});
