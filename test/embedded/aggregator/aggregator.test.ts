// What pipelines are given and hand on: values, collations, variables, sources; and which part of one an index can serve.
import { Decimal128, Double, Long, ObjectId } from 'bson';
import { describe, expect, it } from 'vitest';
import { splitPipeline } from '../../../src/embedded/aggregator.ts';
import { encode } from '../../../src/embedded/codec.ts';
import { type Doc, posts, run } from './aggregating.ts';

describe('aggregate', () => {
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

  it('$bucket compares in the collation', () => {
    const bucket = { groupBy: '$s', boundaries: ['a', 'b'], default: 'other' };
    const source = [{ s: 'A' }, { s: 'B' }];
    expect(
      run([{ $bucket: bucket }], { source, collation: { locale: 'en', strength: 2 } }).documents,
    ).toEqual([
      { _id: 'a', count: 1 },
      { _id: 'other', count: 1 },
    ]);
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
