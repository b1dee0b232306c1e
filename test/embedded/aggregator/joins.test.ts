// Stages that read other collections.
import { Long } from 'bson';
import { describe, expect, it } from 'vitest';
import { aggregate } from '../../../src/embedded/aggregator.ts';
import { type Doc, itAggregates, now } from './aggregating.ts';

itAggregates([
  [
    '$lookup by fields',
    [
      { $match: { _id: { $in: [2, 5] } } },
      { $lookup: { from: 'people', localField: 'author', foreignField: '_id', as: 'who' } },
      { $project: { who: 1 } },
    ],
    [
      { _id: 2, who: [{ _id: 'bob', boss: 'ann' }] },
      { _id: 5, who: [] },
    ],
  ],
  [
    '$lookup of null finds null and missing',
    [
      { $match: { _id: 5 } },
      { $lookup: { from: 'people', localField: 'author', foreignField: 'boss', as: 'who' } },
      { $project: { 'who._id': 1 } },
    ],
    [{ _id: 5, who: [{ _id: 'cid' }] }],
  ],
  [
    '$lookup with arrays on both sides',
    [
      { $match: { _id: 1 } },
      { $lookup: { from: 'people', localField: 'tags', foreignField: 'nick', as: 'x.who' } },
      { $project: { x: 1 } },
    ],
    [{ _id: 1, x: { who: [{ _id: 'ann', boss: 'cid', nick: ['a', 'ann'] }] } }],
  ],
  [
    '$lookup with let and pipeline',
    [
      { $match: { _id: 1 } },
      {
        $lookup: {
          from: 'people',
          let: { who: '$author' },
          pipeline: [{ $match: { $expr: { $eq: ['$_id', '$$who'] } } }, { $project: { boss: 1, _id: 0 } }],
          as: 'w',
        },
      },
      { $project: { w: 1 } },
    ],
    [{ _id: 1, w: [{ boss: 'cid' }] }],
  ],
  [
    '$lookup with fields and pipeline',
    [
      { $match: { _id: 1 } },
      {
        $lookup: {
          from: 'people',
          localField: 'author',
          foreignField: '_id',
          pipeline: [{ $project: { boss: 1 } }],
          as: 'w',
        },
      },
      { $project: { w: 1 } },
    ],
    [{ _id: 1, w: [{ _id: 'ann', boss: 'cid' }] }],
  ],
  [
    '$graphLookup',
    [
      { $match: { _id: 2 } },
      {
        $graphLookup: {
          from: 'people',
          startWith: '$author',
          connectFromField: 'boss',
          connectToField: '_id',
          as: 'chain',
          depthField: 'd',
        },
      },
      { $project: { 'chain._id': 1, 'chain.d': 1 } },
    ],
    [
      {
        _id: 2,
        chain: [
          { _id: 'bob', d: Long.fromNumber(0) },
          { _id: 'ann', d: Long.fromNumber(1) },
          { _id: 'cid', d: Long.fromNumber(2) },
        ],
      },
    ],
  ],
  [
    '$graphLookup with maxDepth',
    [
      { $match: { _id: 2 } },
      {
        $graphLookup: {
          from: 'people',
          startWith: '$author',
          connectFromField: 'boss',
          connectToField: '_id',
          as: 'c',
          maxDepth: 1,
        },
      },
      { $project: { n: { $size: '$c' } } },
    ],
    [{ _id: 2, n: 2 }],
  ],
  [
    '$unionWith',
    [
      { $match: { _id: 1 } },
      { $project: { _id: 1 } },
      { $unionWith: { coll: 'people', pipeline: [{ $match: { boss: null } }] } },
    ],
    [{ _id: 1 }, { _id: 'cid', boss: null }],
  ],
  [
    '$lookup of documents that it makes',
    [
      { $limit: 1 },
      { $lookup: { let: { n: '$n' }, pipeline: [{ $documents: [{ m: '$$n' }] }], as: 'x' } },
      { $unionWith: { pipeline: [{ $documents: [{ x: 0 }] }] } },
      { $project: { _id: 0, x: 1 } },
    ],
    [{ x: [{ m: 5 }] }, { x: 0 }],
  ],
]);

describe('the local side of $lookup', () => {
  const foreign = [{ _id: 1 }, { _id: 2 }, { _id: 3, n: 1 }];
  it.each<[unknown, number[]]>([
    [[{ x: [1, 2] }], [1, 2]],
    [[{ x: 1 }, {}, { x: [] }, [{ x: 2 }]], [1]],
    [{ x: [[1], 2] }, [2]],
    [{ x: [] }, [4]],
    [[{ y: 1 }, 1], [4]],
    [[], [4]],
    [7, [4]],
  ])('%j at a.x', (a, expected) => {
    const lookup = { from: 'f', localField: 'a.x', foreignField: '_id', as: 'found' };
    const { documents } = aggregate([{ $lookup: lookup }], {
      source: [{ a }],
      lookup: () => [...foreign, { _id: null, was: 4 }],
      now,
    });
    const [{ found }] = documents as [{ found: Doc[] }];
    expect(found.map(({ _id, was }) => was ?? _id)).toEqual(expected);
  });

  it('a number is a position in an array', () => {
    const { documents } = aggregate(
      [{ $lookup: { from: 'f', localField: 'a.1.x', foreignField: '_id', as: 'found' } }],
      { source: [{ a: [{ x: 1, 1: { x: 3 } }, { x: 2 }] }], lookup: () => foreign, now },
    );
    expect(documents[0]).toMatchObject({ found: [{ _id: 2 }] });
  });
});
