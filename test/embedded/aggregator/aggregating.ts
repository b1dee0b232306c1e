/** How pipelines are tried: over these posts and people, compared by their bytes. */
import { expect, it } from 'vitest';
import { aggregate } from '../../../src/embedded/aggregator.ts';
import { encode } from '../../../src/embedded/codec.ts';
import { parseCollation } from '../../../src/embedded/order.ts';

export type Doc = Record<string, unknown>;

export const now = () => new Date('2026-05-06T07:08:09Z');

export const posts: Doc[] = [
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

export function run(
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

/** Name, pipeline, documents that come out. */
type Aggregating = readonly [string, Doc[], Doc[]];

export function itAggregates(cases: readonly Aggregating[]): void {
  it.each(cases)('%s', (_, pipeline, expected) => {
    const { documents } = run(pipeline);
    expect(documents).toEqual(expected);
    expect(documents.map((each) => encode(each).toString('hex'))).toEqual(
      expected.map((each) => encode(each).toString('hex')),
    );
  });
}
