import { BSONRegExp, Decimal128, Double, Int32, Long, Timestamp } from 'bson';
import { describe, expect, it } from 'vitest';
import { encode } from '../../src/embedded/codec.ts';
import { compileUpdate, seedFromFilter } from '../../src/embedded/updater.ts';

type Doc = Record<string, unknown>;
const now = () => new Date('2026-05-06T07:08:09.010Z');
const long = (text: string) => Long.fromString(text);
const decimal = (text: string) => Decimal128.fromString(text);

interface Extra {
  arrayFilters?: Doc[];
  filter?: Doc;
  isInsert?: boolean;
}

function update(document: Doc, statement: Doc | Doc[], extra: Extra = {}) {
  return compileUpdate(statement, { now, arrayFilters: extra.arrayFilters, filter: extra.filter }).apply(
    document,
    extra.isInsert ?? false,
  );
}

/** Compares bytes, so that types, bits and field order count. */
function expectSame(actual: Doc, expected: Doc) {
  expect(actual).toEqual(expected);
  expect(encode(actual).equals(encode(expected))).toBe(true);
}

/** before, update, after; `undefined` for an update that changes nothing. */
const cases: readonly [string, Doc, Doc, Doc | undefined, Extra?][] = [
  ['$set a new and an old field', { _id: 1, a: 1 }, { $set: { a: 2, b: 3 } }, { _id: 1, a: 2, b: 3 }],
  [
    '$set makes fields in the order of their names',
    {},
    { $set: { b: 1, a: 1, 10: 1, 9: 1 } },
    { 9: 1, 10: 1, a: 1, b: 1 },
  ],
  ['$set of the same value', { a: { x: 1, y: [1] } }, { $set: { a: { x: 1, y: [1] } } }, undefined],
  ['$set of another type of number', { a: 1 }, { $set: { a: new Double(1) } }, { a: new Double(1) }],
  ['$set of reordered fields', { a: { x: 1, y: 2 } }, { $set: { a: { y: 2, x: 1 } } }, { a: { y: 2, x: 1 } }],
  ['$set to null', { a: 1 }, { $set: { a: null } }, { a: null }],
  ['$set of a missing field to null', {}, { $set: { a: null } }, { a: null }],
  [
    '$set on a nested path',
    { a: { b: 1, c: 2 } },
    { $set: { 'a.b': 3, 'a.d.e': 4 } },
    { a: { b: 3, c: 2, d: { e: 4 } } },
  ],
  ['$set at an array position', { a: [1, 2] }, { $set: { 'a.1': 5 } }, { a: [1, 5] }],
  ['$set beyond the end fills with null', { a: [1] }, { $set: { 'a.3': 5 } }, { a: [1, null, null, 5] }],
  [
    '$set in a document in an array',
    { a: [{ b: 1 }] },
    { $set: { 'a.0.b': 2, 'a.0.c': 3 } },
    { a: [{ b: 2, c: 3 }] },
  ],
  ['$set with a numeric name makes a document', {}, { $set: { 'a.0': 1 } }, { a: { 0: 1 } }],
  [
    '$set keeps other values as they are',
    { d: new Double(2), l: long('3'), n: decimal('1.50'), r: new BSONRegExp('x', 'i') },
    { $set: { a: 1 } },
    { d: new Double(2), l: long('3'), n: decimal('1.50'), r: new BSONRegExp('x', 'i'), a: 1 },
  ],
  [
    '$set of a field called __proto__',
    JSON.parse('{"__proto__": 1, "b": 2}'),
    { $set: { b: 3 } },
    JSON.parse('{"__proto__": 1, "b": 3}'),
  ],
  ['$set with nothing', { a: 1 }, { $set: {} }, undefined],
  ['$unset', { a: 1, b: { c: 1, d: 2 } }, { $unset: { a: '', 'b.c': 1, x: 1, 'y.z': 1 } }, { b: { d: 2 } }],
  ['$unset in an array leaves null', { a: [1, 2] }, { $unset: { 'a.0': 1 } }, { a: [null, 2] }],
  ['$unset through a scalar', { a: 1 }, { $unset: { 'a.b': 1 } }, undefined],
  ['$setOnInsert on an update', { a: 5 }, { $setOnInsert: { b: 1, 'a.b': 2 } }, undefined],
  [
    '$setOnInsert on an insert',
    { k: 1 },
    { $setOnInsert: { b: 1, _id: 7 }, $set: { c: 2 } },
    { _id: 7, k: 1, b: 1, c: 2 },
    { isInsert: true },
  ],

  ['$inc', { a: 1 }, { $inc: { a: 2, b: 3 } }, { a: 3, b: 3 }],
  ['$inc by zero', { a: 1 }, { $inc: { a: 0 } }, undefined],
  ['$inc beyond 32 bits', { a: 2147483647 }, { $inc: { a: 1 } }, { a: long('2147483648') }],
  ['$inc of a long', { a: long('9007199254740993') }, { $inc: { a: 1 } }, { a: long('9007199254740994') }],
  ['$inc of a double that becomes whole', { a: 1.5 }, { $inc: { a: 0.5 } }, { a: new Double(2) }],
  ['$inc of an integral double', { a: new Double(1) }, { $inc: { a: 1 } }, { a: new Double(2) }],
  ['$inc with a decimal', { a: decimal('0.1') }, { $inc: { a: decimal('0.2') } }, { a: decimal('0.3') }],
  [
    '$inc of a double by a decimal',
    { a: 0.1 },
    { $inc: { a: decimal('1') } },
    { a: decimal('1.100000000000000') },
  ],
  ['$inc of an Int32 operand', { a: 1 }, { $inc: { a: new Int32(1) } }, { a: 2 }],
  [
    '$mul',
    { a: 3, b: long('5') },
    { $mul: { a: 2, b: 3, c: 7, d: 1.5, e: long('2') } },
    { a: 6, b: long('15'), c: 0, d: new Double(0), e: long('0') },
  ],
  ['$mul beyond 32 bits', { a: 65536 }, { $mul: { a: 65536 } }, { a: long('4294967296') }],
  ['$mul of decimals', { a: decimal('1.20') }, { $mul: { a: decimal('3') } }, { a: decimal('3.60') }],
  [
    '$min and $max',
    { a: 5, b: 5 },
    { $min: { a: 3, b: 9, c: 1 }, $max: { d: 1 } },
    { a: 3, b: 5, c: 1, d: 1 },
  ],
  ['$max in the order of types', { a: 5, b: null }, { $max: { a: 'x', b: 1 } }, { a: 'x', b: 1 }],
  ['$max of an equal value', { a: 5 }, { $max: { a: long('5') } }, undefined],
  [
    '$min of longs',
    { a: long('9007199254740993') },
    { $min: { a: long('9007199254740992') } },
    { a: long('9007199254740992') },
  ],
  [
    '$currentDate',
    {},
    { $currentDate: { a: true, b: { $type: 'date' }, c: { $type: 'timestamp' } } },
    { a: now(), b: now(), c: new Timestamp({ t: Math.floor(now().getTime() / 1000), i: 11 }) },
  ],
  [
    '$bit',
    { a: 13, b: long('12') },
    { $bit: { a: { and: 10 }, b: { or: 3 }, c: { xor: 5 } } },
    { a: 8, b: long('15'), c: 5 },
  ],
  [
    '$rename',
    { a: 1, b: { c: 2 } },
    { $rename: { a: 'x', 'b.c': 'y.z', q: 'r' } },
    { b: {}, x: 1, y: { z: 2 } },
  ],
  ['$rename of a missing field to where nothing can be made', { b: 5 }, { $rename: { x: 'b.c' } }, undefined],
  ['$rename over an existing field', { a: 1, b: 2 }, { $rename: { a: 'b' } }, { b: 1 }],

  ['$push', { a: [1] }, { $push: { a: 2, b: { c: 1 } } }, { a: [1, 2], b: [{ c: 1 }] }],
  ['$push of an array', { a: [] }, { $push: { a: [1, 2] } }, { a: [[1, 2]] }],
  [
    '$push with $each, $position',
    { a: [1, 4] },
    { $push: { a: { $each: [2, 3], $position: 1 } } },
    { a: [1, 2, 3, 4] },
  ],
  [
    '$push at a negative position',
    { a: [1, 2, 5] },
    { $push: { a: { $each: [3, 4], $position: -1 } } },
    { a: [1, 2, 3, 4, 5] },
  ],
  [
    '$push at a negative position before the beginning',
    { a: [1] },
    { $push: { a: { $each: [0], $position: -9 } } },
    { a: [0, 1] },
  ],
  [
    '$push with $slice on a missing field',
    {},
    { $push: { a: { $each: [1, 2, 3], $slice: 2 } } },
    { a: [1, 2] },
  ],
  [
    '$push with a negative $slice',
    { a: [1, 2] },
    { $push: { a: { $each: [3], $slice: -2 } } },
    { a: [2, 3] },
  ],
  ['$push with $slice 0', { a: [1] }, { $push: { a: { $each: [], $slice: 0 } } }, { a: [] }],
  ['$push with $sort', { a: [3, 1] }, { $push: { a: { $each: [2], $sort: -1 } } }, { a: [3, 2, 1] }],
  [
    '$push with $sort by two fields and $slice',
    {
      a: [
        { x: 2, y: 1 },
        { x: 1, y: 1 },
      ],
    },
    { $push: { a: { $each: [{ x: 1, y: 2 }], $sort: { x: 1, y: -1 }, $slice: 2 } } },
    {
      a: [
        { x: 1, y: 2 },
        { x: 1, y: 1 },
      ],
    },
  ],
  ['$push with nothing', { a: [1] }, { $push: { a: { $each: [] } } }, undefined],
  [
    '$addToSet',
    { a: [1, 1] },
    { $addToSet: { a: { $each: [1, 2, 2, new Double(2)] }, b: 1 } },
    { a: [1, 1, 2], b: [1] },
  ],
  ['$addToSet of a known value', { a: [{ x: 1, y: 2 }] }, { $addToSet: { a: { x: 1, y: 2 } } }, undefined],
  [
    '$addToSet heeds field order',
    { a: [{ x: 1, y: 2 }] },
    { $addToSet: { a: { y: 2, x: 1 } } },
    {
      a: [
        { x: 1, y: 2 },
        { y: 2, x: 1 },
      ],
    },
  ],
  ['$addToSet removes doubles on a missing field', {}, { $addToSet: { a: { $each: [1, 1] } } }, { a: [1] }],
  [
    '$pop',
    { a: [1, 2, 3], b: [1, 2], c: [] },
    { $pop: { a: 1, b: -1, c: 1, d: 1 } },
    { a: [1, 2], b: [2], c: [] },
  ],
  ['$pull of a value', { a: [1, 2, new Double(1), [1]] }, { $pull: { a: 1 } }, { a: [2, [1]] }],
  [
    '$pull by operators',
    { a: [1, 5, 9], b: ['x', 'y'] },
    { $pull: { a: { $gte: 5 }, b: { $in: ['x'] } } },
    { a: [1], b: ['y'] },
  ],
  [
    '$pull by a filter',
    { a: [{ x: 1, y: 1 }, { x: 1, y: 2 }, 3] },
    { $pull: { a: { x: 1, y: { $gt: 1 } } } },
    { a: [{ x: 1, y: 1 }, 3] },
  ],
  [
    '$pull with $or',
    { a: [{ x: 1 }, { x: 2 }, { x: 3 }] },
    { $pull: { a: { $or: [{ x: 1 }, { x: 3 }] } } },
    { a: [{ x: 2 }] },
  ],
  ['$pull by a pattern', { a: ['ab', 'b'] }, { $pull: { a: new BSONRegExp('^a', '') } }, { a: ['b'] }],
  ['$pull of a whole array', { a: [[1, 2], [1]] }, { $pull: { a: [1, 2] } }, { a: [[1]] }],
  ['$pull of nothing', { a: [1] }, { $pull: { a: 2, b: 3 } }, undefined],
  ['$pullAll', { a: [1, 2, 3, { x: 1 }] }, { $pullAll: { a: [1, { x: 1 }] } }, { a: [2, 3] }],

  ['positional $', { a: [1, 2, 3] }, { $set: { 'a.$': 9 } }, { a: [1, 9, 3] }, { filter: { a: 2 } }],
  [
    'two positional paths, condition inside $and',
    { a: [{ x: 1 }, { x: 2 }] },
    { $set: { 'a.$.y': 1, 'a.$.z': 2 } },
    { a: [{ x: 1 }, { x: 2, y: 1, z: 2 }] },
    { filter: { $and: [{ 'a.x': 2 }] } },
  ],
  [
    'positional with two conditions',
    {
      a: [
        { x: 1, y: 2 },
        { x: 2, y: 2 },
      ],
    },
    { $inc: { 'a.$.y': 1 } },
    {
      a: [
        { x: 1, y: 2 },
        { x: 2, y: 3 },
      ],
    },
    { filter: { a: { $elemMatch: { x: 2, y: 2 } } } },
  ],
  [
    'positional with a nested array',
    { a: [{ b: [1] }, { b: [2] }] },
    { $set: { 'a.$.b.0': 5 } },
    { a: [{ b: [1] }, { b: [5] }] },
    { filter: { 'a.b': 2 } },
  ],
  [
    'positional by the document before the update',
    { a: [1, 2] },
    { $set: { 'a.$': 1, b: 1 } },
    { a: [1, 1], b: 1 },
    { filter: { a: 2 } },
  ],
  [
    'positional $unset and $push elsewhere',
    { a: [1, 2], b: [] },
    { $unset: { 'a.$': 1 }, $push: { b: 1 } },
    { a: [1, null], b: [1] },
    { filter: { a: 2 } },
  ],
  ['$[]', { a: [1, 2] }, { $inc: { 'a.$[]': 10 } }, { a: [11, 12] }],
  [
    '$[] and a nested field',
    { a: [{ b: [{ c: 1 }] }, { b: [] }] },
    { $set: { 'a.$[].b.$[].c': 2 } },
    { a: [{ b: [{ c: 2 }] }, { b: [] }] },
  ],
  [
    '$[identifier]',
    { a: [{ x: 1 }, { x: 5 }] },
    { $set: { 'a.$[big].y': true } },
    { a: [{ x: 1 }, { x: 5, y: true }] },
    { arrayFilters: [{ 'big.x': { $gt: 3 } }] },
  ],
  [
    '$[identifier] on scalars',
    { a: [1, 5, 9] },
    { $set: { 'a.$[e]': 0 } },
    { a: [1, 0, 0] },
    { arrayFilters: [{ e: { $gte: 5 } }] },
  ],
  [
    'two identifiers on one element',
    { a: [{ x: 1, y: 1 }] },
    { $set: { 'a.$[i].x': 2, 'a.$[j].y': 3 } },
    { a: [{ x: 2, y: 3 }] },
    { arrayFilters: [{ 'i.x': 1 }, { 'j.y': 1 }] },
  ],
  [
    '$[identifier] with $or',
    { a: [1, 2, 3] },
    { $set: { 'a.$[e]': 0 } },
    { a: [0, 2, 0] },
    { arrayFilters: [{ $or: [{ e: 1 }, { e: 3 }] }] },
  ],
  [
    '$pull inside elements',
    { a: [{ b: [1, 2] }, { b: [2] }] },
    { $pull: { 'a.$[].b': 2 } },
    { a: [{ b: [1] }, { b: [] }] },
  ],

  ['replacement', { _id: 1, a: 1 }, { b: 2 }, { _id: 1, b: 2 }],
  ['replacement with the same _id', { _id: 1, a: 1 }, { b: 2, _id: new Double(1) }, { _id: 1, b: 2 }],
  ['replacement that is the same', { _id: 1, a: 1 }, { a: 1 }, undefined],
  ['replacement by nothing', { _id: 1, a: 1 }, {}, { _id: 1 }],
  ['replacement on an upsert', { _id: 5 }, { b: 1 }, { _id: 5, b: 1 }, { isInsert: true }],
  ['an upsert may make $names', { _id: 5 }, { $set: { $b: 1 } }, { _id: 5, $b: 1 }, { isInsert: true }],
  ['so may one that replaces', { _id: 5 }, { a: 1, $b: 1 }, { _id: 5, a: 1, $b: 1 }, { isInsert: true }],
  [
    'inside of a $name and below',
    { $a: { b: 1 } },
    { $set: { '$a.b': 2, 'c.$d': 1 } },
    { $a: { b: 2 }, c: { $d: 1 } },
  ],
  ['a $name goes', { $a: 1, b: 1 }, { $unset: { $a: '' } }, { b: 1 }],
  ['a $name that stays as it is', { $a: 1 }, { $set: { $a: 1 } }, undefined],
  [
    '$rename of what is not in an array',
    { a: [{ b: 1 }] },
    { $rename: { 'a.9.b': 'c', 'a.0.z': 'd' } },
    undefined,
  ],
  ['$rename of a $name within', { a: { $b: 1 } }, { $rename: { 'a.$b': 'c.$d' } }, { a: {}, c: { $d: 1 } }],
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
];

describe('compileUpdate', () => {
  it.each(cases)('%s', (_, before, statement, after, extra) => {
    const frozen = encode(before);
    const { doc, changed } = update(before, statement, extra);
    expect(changed).toBe(after !== undefined);
    expectSame(doc, after ?? before);
    expect(encode(before).equals(frozen), 'the document given must stay as it was').toBe(true);
    if (!changed) expect(doc).toBe(before);
  });

  it.each([
    [{ a: [] }, { $set: { 'a.1500001': 1 } }, 34, "can't backfill more than 1500000 elements"],
    [{ a: 5 }, { $set: { 'a.b': 1 } }, 28, "Cannot create field 'b' in element {a: 5}"],
    [{ a: null }, { $set: { 'a.b': 1 } }, 28, "Cannot create field 'b' in element {a: null}"],
    [{ a: [1] }, { $set: { 'a.b': 1 } }, 28, "Cannot create field 'b' in element {a: [ 1 ]}"],
    [{ a: 5 }, { $pull: { 'a.b': 1 } }, 28, 'Cannot use the part (b) of (a.b) to traverse'],
    [
      { _id: 1, a: 'x' },
      { $inc: { a: 1 } },
      14,
      "Cannot apply $inc to a value of non-numeric type. { _id: 1 } has the field 'a' of non-numeric type string",
    ],
    [{ a: null }, { $inc: { a: 1 } }, 14, 'non-numeric type null'],
    [{}, { $inc: { a: 'x' } }, 14, 'Cannot increment with non-numeric argument: {a: "x"}'],
    [{ a: Long.MAX_VALUE }, { $inc: { a: 1 } }, 2, 'Failed to apply $inc operations to current value'],
    [{ a: 'x' }, { $push: { a: 1 } }, 2, "The field 'a' must be an array but is of type string"],
    [{ a: null }, { $push: { a: 1 } }, 2, 'is of type null'],
    [{}, { $push: { a: { $each: 1 } } }, 2, 'must be an array but it was of type: int'],
    [{}, { $push: { a: { $each: [], $foo: 1 } } }, 2, 'Unrecognized clause in $push: $foo'],
    [
      { a: 'x' },
      { $addToSet: { a: 1 } },
      2,
      "Cannot apply $addToSet to non-array field. Field named 'a' has non-array type string",
    ],
    [{ a: 'x' }, { $pop: { a: 1 } }, 14, "Path 'a' contains an element of non-array type 'string'"],
    [{}, { $pop: { a: 2 } }, 9, '$pop expects 1 or -1'],
    [{}, { $pop: { a: true } }, 9, 'Expected a number in: a: true'],
    [{}, { $push: { a: { $each: [], $position: 'x' } } }, 2, 'must be an integer value, not of type: string'],
    [
      {},
      { $push: { a: { $each: [], $slice: 'x' } } },
      2,
      'must be an integer value but was given type: string',
    ],
    [{ a: 1 }, { $pull: { a: 1 } }, 2, 'Cannot apply $pull to a non-array value'],
    [{ a: 1 }, { $pullAll: { a: [1] } }, 2, 'Cannot apply $pullAll to a non-array value'],
    [{ a: 1.5 }, { $bit: { a: { and: 1 } } }, 2, 'Cannot apply $bit to a value of non-integral type'],
    [{}, { $bit: { a: { not: 1 } } }, 2, "only supports 'and', 'or', and 'xor'"],
    [{}, { $currentDate: { a: 'x' } }, 2, 'is not valid type for $currentDate'],
    [{ a: [{ b: 1 }] }, { $rename: { 'a.0.b': 'c' } }, 2, 'The source field cannot be an array element'],
    [{ a: 1, c: [1] }, { $rename: { a: 'c.0' } }, 2, 'The destination field cannot be an array element'],
    [{}, { $rename: { a: 'a' } }, 2, 'must differ'],
    [{}, { $set: { a: 1 }, $inc: { a: 1 } }, 40, "Updating the path 'a' would create a conflict at 'a'"],
    [{}, { $set: { 'a.b': 1, a: 1 } }, 40, 'would create a conflict'],
    [{}, { $set: { a: 1, 'a.b': 1 } }, 40, 'would create a conflict'],
    [{}, { $set: { 'a..b': 1 } }, 56, 'contains an empty field name'],
    [{}, { $foo: { a: 1 } }, 9, 'Unknown modifier: $foo'],
    [{}, { $set: { a: 1 }, b: 1 }, 9, 'Unknown modifier: b'],
    [{}, { $set: 1 }, 9, 'Modifiers operate on fields but we found type int instead'],
    [{}, { a: 1, $set: { b: 1 } }, 52, "The dollar ($) prefixed field '$set' in '$set' is not allowed"],
    [{ $a: 1 }, { $set: { $a: 2 } }, 52, "The dollar ($) prefixed field '$a' in '$a' is not allowed"],
    [{}, { $push: { '$a.b': 2 } }, 52, "The dollar ($) prefixed field '$a' in '$a' is not allowed"],
    [{ a: 1 }, { $rename: { a: 'b.$[]' } }, 2, 'may not be dynamic'],
    [
      { _id: 1 },
      { $set: { _id: 2 } },
      66,
      "Performing an update on the path '_id' would modify the immutable field '_id'",
    ],
    [{ _id: 1 }, { $unset: { _id: 1 } }, 66, 'immutable'],
    [{ _id: { x: 1 } }, { $set: { '_id.x': 2 } }, 66, 'immutable'],
    [{ _id: 1 }, { _id: 2, a: 1 }, 66, 'the (immutable) field'],
    [
      { a: [1] },
      { $set: { 'a.$': 1 } },
      2,
      'The positional operator did not find the match needed from the query.',
    ],
    [{ a: [1] }, { $set: { 'a.$.b.$': 1 } }, 2, 'Too many positional'],
    [
      {},
      { $set: { 'a.$[]': 1 } },
      2,
      "The path 'a' must exist in the document in order to apply array updates.",
    ],
    [{ a: 1 }, { $set: { 'a.$[]': 1 } }, 2, 'Cannot apply array updates to non-array element a: 1'],
    [{ a: [1] }, { $set: { 'a.$[x]': 1 } }, 2, "No array filter found for identifier 'x' in path 'a.$[x]'"],
    [{ a: [1] }, { $set: { 'a.$[]': 1, 'a.0': 1 } }, 40, 'conflict'],
  ] as [Doc, Doc, number, string][])('on %j refuses %j', (document, statement, code, message) => {
    expect(() => update(document, statement)).toThrowError(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  it.each([
    [[{ 'X.a': 1 }], 2, 'must be an alphanumeric string beginning with a lowercase letter'],
    [[{ i: 1 }, { i: 2 }], 9, 'Found multiple array filters with the same top-level field name i'],
    [[{ i: 1 }, { j: 2 }], 9, "The array filter for identifier 'j' was not used"],
    [[{ i: 1, j: 2 }], 9, 'Expected a single top-level field name'],
  ] as [Doc[], number, string][])('refuses the array filters %j', (arrayFilters, code, message) => {
    expect(() => update({ a: [1] }, { $set: { 'a.$[i]': 1 } }, { arrayFilters })).toThrowError(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  it('refuses two identifiers that set one field of an element', () => {
    const statement = { $set: { 'a.$[i].x': 1, 'a.$[j].x': 2 } };
    expect(() =>
      update({ a: [{ x: 0 }] }, statement, { arrayFilters: [{ 'i.x': 0 }, { 'j.x': 0 }] }),
    ).toThrowError(expect.objectContaining({ code: 40 }));
  });
});

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
  ] as [Doc, Doc][])('%j gives %j', (filter, seed) => {
    expectSame(seedFromFilter(filter), seed);
  });

  it.each([{ $and: [{ a: 1 }, { a: 2 }] }, { a: { b: 1 }, 'a.b': 1 }])('refuses %j', (filter) => {
    expect(() => seedFromFilter(filter)).toThrowError(expect.objectContaining({ code: 54 }));
  });
});
