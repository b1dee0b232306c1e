// Updates that MongoDB refuses, with its codes and words.
import { Long } from 'bson';
import { describe, expect, it } from 'vitest';
import { type Doc, update } from './updating.ts';

describe('compileUpdate', () => {
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
    [[{ $expr: true }], 224, '$expr is not allowed in this context'],
    [[{ $where: 'true' }], 2, '$where is not supported by the embedded database'],
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
