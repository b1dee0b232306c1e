// One stage, or a few, over the posts.
import { Double, Long } from 'bson';
import { itAggregates, now } from './aggregating.ts';

itAggregates([
  [
    '$match, $sort, $skip, $limit, $project',
    [
      { $match: { n: { $gt: 2 } } },
      { $sort: { n: -1 } },
      { $skip: 1 },
      { $limit: 1 },
      { $project: { n: 1 } },
    ],
    [{ _id: 3, n: 4 }],
  ],
  [
    '$group of one field, missing and null together',
    [{ $group: { _id: '$author', n: { $sum: '$n' } } }, { $sort: { _id: 1 } }],
    [
      { _id: null, n: 3.5 },
      { _id: 'ann', n: 9 },
      { _id: 'bob', n: 3 },
    ],
  ],
  [
    '$group as countDocuments sends it',
    [{ $match: { author: 'ann' } }, { $group: { _id: 1, n: { $sum: 1 } } }],
    [{ _id: 1, n: 2 }],
  ],
  [
    '$group by a document keeps missing fields out',
    [{ $match: { _id: { $gte: 4 } } }, { $group: { _id: { a: '$author' }, c: { $count: {} } } }],
    [
      { _id: { a: null }, c: 1 },
      { _id: {}, c: 1 },
    ],
  ],
  [
    'accumulators',
    [
      { $match: { _id: { $lte: 3 } } },
      {
        $group: {
          _id: null,
          avg: { $avg: '$n' },
          min: { $min: '$n' },
          max: { $max: '$at' },
          first: { $first: '$author' },
          last: { $last: '$tags' },
          all: { $push: '$tags' },
          set: { $addToSet: '$author' },
          dev: { $stdDevSamp: '$n' },
        },
      },
    ],
    [
      {
        _id: null,
        avg: new Double(4),
        min: 3,
        max: new Date('2026-02-01'),
        first: 'ann',
        last: null,
        all: [['a', 'b'], []],
        set: ['ann', 'bob'],
        dev: new Double(1),
      },
    ],
  ],
  [
    'accumulators of n',
    [
      {
        $group: {
          _id: null,
          top: { $top: { output: '$_id', sortBy: { n: -1 } } },
          low: { $bottomN: { n: 2, output: '$_id', sortBy: { n: -1 } } },
          f: { $firstN: { n: 2, input: '$_id' } },
          m: { $maxN: { n: 2, input: '$n' } },
        },
      },
    ],
    [{ _id: null, top: 1, low: [5, 4], f: [1, 2], m: [5, 4] }],
  ],
  ['$group of nothing', [{ $match: { _id: 99 } }, { $group: { _id: null, n: { $sum: 1 } } }], []],
  ['$count', [{ $match: { n: { $gte: 3 } } }, { $count: 'total' }], [{ total: 3 }]],
  ['$count of nothing', [{ $match: { _id: 99 } }, { $count: 'total' }], []],
  [
    '$sortByCount',
    [{ $match: { _id: { $lte: 3 } } }, { $sortByCount: '$author' }],
    [
      { _id: 'ann', count: 2 },
      { _id: 'bob', count: 1 },
    ],
  ],
  [
    '$unwind',
    [{ $unwind: '$tags' }, { $project: { tags: 1 } }],
    [
      { _id: 1, tags: 'a' },
      { _id: 1, tags: 'b' },
      { _id: 4, tags: 'c' },
    ],
  ],
  [
    '$unwind with index and preservation',
    [
      { $match: { _id: { $in: [1, 2, 5] } } },
      { $unwind: { path: '$tags', includeArrayIndex: 'i', preserveNullAndEmptyArrays: true } },
      { $project: { tags: 1, i: 1 } },
    ],
    [
      { _id: 1, tags: 'a', i: Long.fromNumber(0) },
      { _id: 1, tags: 'b', i: Long.fromNumber(1) },
      { _id: 2, i: null },
      { _id: 5, tags: null, i: null },
    ],
  ],
  [
    '$addFields, $set, $unset',
    [
      { $match: { _id: 1 } },
      { $addFields: { 'meta.n': { $add: ['$n', 1] }, one: 1 } },
      { $set: { n: '$$REMOVE' } },
      { $unset: ['tags', 'at'] },
    ],
    [{ _id: 1, author: 'ann', meta: { n: 6 }, one: 1 }],
  ],
  [
    '$project with computed and nested fields',
    [
      { $match: { _id: 1 } },
      { $project: { _id: 0, size: { $size: '$tags' }, who: '$author', sub: { n: '$n' } } },
    ],
    [{ size: 2, who: 'ann', sub: { n: 5 } }],
  ],
  [
    '$replaceRoot and $replaceWith',
    [{ $match: { _id: 1 } }, { $replaceRoot: { newRoot: { x: '$n' } } }, { $replaceWith: { y: '$x' } }],
    [{ y: 5 }],
  ],
  [
    '$bucket',
    [
      {
        $bucket: {
          groupBy: '$n',
          boundaries: [0, 3, 5],
          default: 'other',
          output: { ids: { $push: '$_id' } },
        },
      },
    ],
    [
      { _id: 0, ids: [4, 5] },
      { _id: 3, ids: [2, 3] },
      { _id: 'other', ids: [1] },
    ],
  ],
  [
    '$bucketAuto',
    [{ $bucketAuto: { groupBy: '$n', buckets: 2 } }],
    [
      { _id: { min: 1.5, max: 4 }, count: 3 },
      { _id: { min: 4, max: 5 }, count: 2 },
    ],
  ],
  [
    '$facet',
    [
      {
        $facet: {
          total: [{ $count: 'n' }],
          top: [{ $sort: { n: -1 } }, { $limit: 1 }, { $project: { _id: 1 } }],
        },
      },
    ],
    [{ total: [{ n: 5 }], top: [{ _id: 1 }] }],
  ],
  ['$documents', [{ $documents: [{ a: 1 }, { a: { $add: [1, 1] } }] }, { $match: { a: 2 } }], [{ a: 2 }]],
  [
    '$dateToString with $group',
    [
      { $match: { at: { $type: 'date' } } },
      { $group: { _id: { $dateToString: { date: '$at', format: '%Y-%m' } }, n: { $sum: 1 } } },
      { $sort: { _id: 1 } },
    ],
    [
      { _id: '2026-01', n: 2 },
      { _id: '2026-02', n: 1 },
    ],
  ],
  ['$$NOW', [{ $limit: 1 }, { $project: { _id: 0, now: '$$NOW' } }], [{ now: now() }]],
]);
