import { Decimal128, Double, Long, ObjectId } from 'bson';
import { describe, expect, it } from 'vitest';
import { aggregate, splitPipeline } from '../../src/embedded/aggregator.ts';
import { encode } from '../../src/embedded/codec.ts';
import { parseCollation } from '../../src/embedded/order.ts';

type Doc = Record<string, unknown>;
const now = () => new Date('2026-05-06T07:08:09Z');

const posts: Doc[] = [
  { _id: 1, author: 'ann', n: 5, tags: ['a', 'b'], at: new Date('2026-01-01') },
  { _id: 2, author: 'bob', n: 3, tags: [], at: new Date('2026-01-02') },
  { _id: 3, author: 'ann', n: 4, at: new Date('2026-02-01') },
  { _id: 4, author: null, n: 1.5, tags: 'c' },
  { _id: 5, n: 2, tags: null },
];
const people: Doc[] = [
  { _id: 'ann', boss: 'cid', nick: ['a', 'ann'] },
  { _id: 'bob', boss: 'ann' },
  { _id: 'cid', boss: null },
];

function run(
  pipeline: Doc[],
  extra: { source?: Iterable<Doc>; let?: Doc; random?: () => number; collation?: Doc } = {},
) {
  return aggregate(pipeline, {
    source: extra.source ?? posts,
    lookup: (name) => (name === 'people' ? people : name === 'posts' ? posts : []),
    now,
    let: extra.let,
    random: extra.random,
    collation: parseCollation(extra.collation),
  });
}

const cases: readonly [string, Doc[], Doc[]][] = [
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
];

it('$bucket compares in the collation', () => {
  const bucket = { groupBy: '$s', boundaries: ['a', 'b'], default: 'other' };
  const source = [{ s: 'A' }, { s: 'B' }];
  expect(run([{ $bucket: bucket }], { source, collation: { locale: 'en', strength: 2 } }).documents).toEqual([
    { _id: 'a', count: 1 },
    { _id: 'other', count: 1 },
  ]);
});

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

describe('aggregate', () => {
  it.each(cases)('%s', (_, pipeline, expected) => {
    const { documents } = run(pipeline);
    expect(documents).toEqual(expected);
    expect(documents.map((each) => encode(each).toString('hex'))).toEqual(
      expected.map((each) => encode(each).toString('hex')),
    );
  });

  it('sums exactly, in the widest type', () => {
    const sum = (values: unknown[]) =>
      run([{ $group: { _id: null, s: { $sum: '$v' } } }], { source: values.map((v) => ({ v })) }).documents[0]
        ?.s;
    expect(sum([0.1, 0.2, 0.3])).toBe(0.6);
    expect(sum([2147483647, 1])).toEqual(Long.fromString('2147483648'));
    expect(sum([Long.fromString('9007199254740993'), 1])).toEqual(Long.fromString('9007199254740994'));
    expect(sum([Decimal128.fromString('0.1'), Decimal128.fromString('0.2'), 'x', null])).toEqual(
      Decimal128.fromString('0.3'),
    );
    expect(sum([1, new Double(2)])).toEqual(new Double(3));
  });

  it('groups by value and not by text: ids, binaries, long and int', () => {
    const a = new ObjectId();
    const keys = [1, Long.fromNumber(1), '1', a, a.toHexString(), new ObjectId(a.id)];
    const { documents } = run([{ $group: { _id: '$k', n: { $sum: 1 } } }], {
      source: keys.map((k) => ({ k })),
    });
    expect(documents.map(({ n }) => n)).toEqual([2, 1, 2, 1]);
  });

  it('stops the source as soon as $limit has enough', () => {
    let read = 0;
    function* source() {
      for (const post of posts) {
        read++;
        yield post;
      }
    }
    expect(run([{ $match: {} }, { $limit: 2 }], { source: source() }).documents).toHaveLength(2);
    expect(read).toBe(2);
  });

  it('samples without repetition', () => {
    const { documents } = run([{ $sample: { size: 3 } }], { random: () => 0.999 });
    expect(new Set(documents.map(({ _id }) => _id)).size).toBe(3);
    expect(run([{ $sample: { size: 99 } }]).documents).toHaveLength(5);
  });

  it('sees the variables of let, in $match and in stages', () => {
    const pipeline = [{ $match: { $expr: { $eq: ['$_id', '$$wanted'] } } }, { $project: { x: '$$wanted' } }];
    expect(run(pipeline, { let: { wanted: 2 } }).documents).toEqual([{ _id: 2, x: 2 }]);
  });

  it('groups and matches in the collation', () => {
    const source = [{ k: 'A' }, { k: 'a' }, { k: 'b' }];
    const { documents } = run([{ $match: { k: 'a' } }, { $group: { _id: '$k', n: { $sum: 1 } } }], {
      source,
      collation: { locale: 'en', strength: 2 },
    });
    expect(documents).toEqual([{ _id: 'A', n: 2 }]);
  });

  it('leaves the documents of the source as they were', () => {
    const before = posts.map((post) => encode(post).toString('hex'));
    run([{ $set: { 'x.y': 1, tags: 'q' } }, { $unwind: '$tags' }, { $unset: 'n' }]);
    expect(posts.map((post) => encode(post).toString('hex'))).toEqual(before);
  });

  it('hands $out and $merge to the engine', () => {
    expect(run([{ $limit: 1 }, { $out: 'copy' }])).toMatchObject({
      documents: [{ _id: 1 }],
      write: { kind: 'out', collection: 'copy' },
    });
    expect(run([{ $merge: { into: { db: 'd', coll: 'c' }, on: 'k', whenMatched: 'fail' } }]).write).toEqual({
      kind: 'merge',
      database: 'd',
      collection: 'c',
      on: ['k'],
      whenMatched: 'fail',
      whenNotMatched: 'insert',
    });
  });

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

describe('splitPipeline', () => {
  it.each([
    [[], { filter: {}, rest: [] }],
    [
      [{ $match: { a: 1 } }, { $match: { b: 1 } }, { $sort: { c: 1 } }, { $limit: 1 }],
      { filter: { $and: [{ a: 1 }, { b: 1 }] }, sort: { c: 1 }, rest: [{ $limit: 1 }] },
    ],
    [[{ $match: { a: 1 } }, { $group: { _id: 1 } }], { filter: { a: 1 }, rest: [{ $group: { _id: 1 } }] }],
    [[{ $limit: 1 }, { $match: { a: 1 } }], { filter: {}, rest: [{ $limit: 1 }, { $match: { a: 1 } }] }],
  ] as [Doc[], unknown][])('%j', (pipeline, expected) => {
    expect(splitPipeline(pipeline)).toEqual(expected);
  });
});
