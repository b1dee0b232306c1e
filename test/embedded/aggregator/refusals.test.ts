// Pipelines that MongoDB refuses, with its codes and words, and those that only the embedded store refuses.
import { describe, expect, it } from 'vitest';
import { type Doc, run } from './aggregating.ts';

describe('aggregate', () => {
  it.each([
    [[{ $foo: {} }], 40324, "Unrecognized pipeline stage name: '$foo'"],
    [[{ $limit: 1, $skip: 1 }], 40323, 'exactly one field'],
    [[{ $count: '$n' }], 40158, 'cannot be a $-prefixed path'],
    [[{ $unset: [] }], 31119, 'at least one field'],
    [[{ $project: { '': 1 } }], 40352, 'empty string'],
    [[{ $limit: 0 }], 15958, 'the limit must be positive'],
    [[{ $out: 'x' }, { $limit: 1 }], 40601, '$out can only be the final stage'],
    [[{ $limit: 1 }, { $documents: [] }], 40602, 'first stage'],
    [[{ $lookup: { from: 'c', pipeline: [{ $documents: [] }], as: 'x' } }], 73, '{aggregate: 1}'],
    [[{ $lookup: { pipeline: [{ $match: {} }], as: 'x' } }], 9, 'must have a pipeline with $documents'],
    [[{ $unionWith: { pipeline: [] } }], 9, 'must have a pipeline with $documents'],
    [[{ $group: { n: { $sum: 1 } } }], 15955, 'must include an _id'],
    [[{ $group: { _id: 1, n: { $foo: 1 } } }], 15952, "unknown group operator '$foo'"],
    [[{ $group: { _id: 1, n: 1 } }], 40234, 'must be an accumulator object'],
    [[{ $group: { n: 1 } }], 40234, 'must be an accumulator object'],
    [[{ $project: {} }], 51272, 'at least one field'],
    [[{ $project: { a: 1, b: 0 } }], 31254, 'Cannot do exclusion on field b in inclusion projection'],
    [[{ $facet: { a: [{ $out: 'x' }] } }], 40600, '$out is not allowed to be used within a $facet stage'],
    [[{ $unwind: 'tags' }], 28818, "should be prefixed with a '$'"],
    [[{ $unwind: { path: '$a', preserveNullAndEmptyArrays: 1 } }], 28809, 'expected a boolean'],
    [[{ $unwind: { path: '$a', includeArrayIndex: 1 } }], 28810, 'expected a non-empty string'],
    [[{ $unwind: '$a..b' }], 15998, 'may not be empty'],
    [[{ $unwind: {} }], 28812, 'no path specified'],
    [[{ $set: {} }], 40177, 'at least one field'],
    [[{ $set: { a: { b: {} } } }], 40180, 'Found empty object at path a.b'],
    [[{ $addFields: { a: { 'b.c': 1 } } }], 40183, "dotted field name 'b.c'"],
    [[{ $project: { a: { $foo: 1 } } }], 31325, 'Unknown expression $foo'],
    [[{ $group: { _id: 1, a: {} } }], 40234, 'must be an accumulator object'],
    [[{ $group: { _id: 1, a: { $topN: [1] } } }], 40237, 'unary operator'],
    [[{ $group: { _id: 1, a: { $topN: { n: 1, output: 1 } } } }], 5788005, "requires 'sortBy'"],
    [[{ $group: { _id: 1, a: { $count: 1 } } }], 14, 'takes no arguments'],
    [[{ $bucket: { groupBy: 5, boundaries: [0, 1] } }], 40202, 'found: 5.'],
    [[{ $bucket: { groupBy: '$n', boundaries: [0, '$n'] } }], 40191, 'found value: "$n".'],
    [[{ $bucket: { groupBy: '$n', boundaries: [0, 9], default: '$n' } }], 40195, 'a constant expression'],
    [[{ $bucket: { groupBy: '$n', boundaries: [0, 9], default: 5 } }], 40199, 'less than the lowest'],
    [[{ $bucket: { groupBy: '$n' } }], 40198, "requires 'boundaries'"],
    [[{ $bucketAuto: { groupBy: 5, buckets: 1 } }], 40239, 'found: 5'],
    [[{ $bucketAuto: { groupBy: '$n', buckets: 1.5 } }], 40242, 'found 1.5'],
    [[{ $sortByCount: { a: 1 } }], 40147, 'an expression inside an object'],
    [[{ $sample: {} }], 28749, "requires 'size'"],
    [[{ $facet: { a: 1 } }], 40170, 'must be arrays'],
    [[{ $facet: { 'a.b': [] } }], 16412, "may not contain '.'"],
    [[{ $facet: { $a: [] } }], 16410, "may not start with '$'"],
    [[{ $unionWith: { coll: 5 } }], 14, "the wrong type 'int'"],
    [[{ $unionWith: '' }], 73, 'has a name'],
    [
      [{ $lookup: { from: 'c', localField: 5, foreignField: 'b', as: 'x' } }],
      9,
      "'localField' must be a string",
    ],
    [[{ $lookup: { from: 'c', localField: '$a', foreignField: 'b', as: 'x' } }], 16410, "with '$'"],
    [[{ $lookup: { from: 'c', pipeline: [], let: 5, as: 'x' } }], 9, "'let' must be an object"],
    [[{ $lookup: { from: 'c', pipeline: 5, as: 'x' } }], 9, "'pipeline' must be an array"],
    ...[
      [{ maxDepth: -1 }, 40101, 'nonnegative'],
      [{ maxDepth: 1.5 }, 40102, 'found 1.5'],
      [{ connectToField: 5 }, 40103, "'connectToField' must be a string"],
      [{ restrictSearchWithMatch: 5 }, 40185, 'must be an object'],
      [{ x: 1 }, 40104, 'unknown argument: x'],
    ].map(([wrong, code, message]): [Doc[], number, string] => {
      const graph = { from: 'c', startWith: '$n', connectFromField: 'a', connectToField: 'b', as: 'x' };
      return [[{ $graphLookup: { ...graph, ...(wrong as Doc) } }], code as number, message as string];
    }),
    [[{ $count: '' }], 40157, 'non-empty string'],
    [[{ $sort: { a: 2 } }], 15975, 'must be 1'],
    [[{ $replaceRoot: { newRoot: '$n' } }], 40228, 'must evaluate to an object'],
    [[{ $bucket: { groupBy: '$n', boundaries: [5, 1] } }], 40194, 'must be sorted'],
    [[{ $bucket: { groupBy: '$n', boundaries: [0, 1] } }], 40066, 'no default was specified'],
    [[{ $match: 1 }], 15959, 'must be an object'],
  ] as [Doc[], number, string][])('refuses %j', (pipeline, code, message) => {
    expect(() => run(pipeline)).toThrowError(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  it.each([
    [{ $geoNear: {} }],
    [{ $setWindowFields: {} }],
    [{ $changeStream: {} }],
    [{ $lookup: { from: { db: 'x', coll: 'y' }, localField: 'a', foreignField: 'b', as: 'c' } }],
  ] as Doc[][])('refuses %j as not supported', (stage) => {
    expect(() => run([stage])).toThrowError(/not supported by the embedded database; set MONGODB_URI/);
  });
});
