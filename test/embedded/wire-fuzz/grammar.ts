// Expressions and pipeline stages: well-formed ones, and values that are nonsense where they stand.
import { Generator } from '../meaning/generate.ts';

export const COLLECTION = 'c';
const OPERATORS = [
  '$set',
  '$inc',
  '$push',
  '$eq',
  '$gt',
  '$in',
  '$elemMatch',
  '$or',
  '$and',
  '$expr',
  '$regex',
  '$slice',
];
const STAGES = [
  '$match',
  '$group',
  '$sort',
  '$project',
  '$unwind',
  '$lookup',
  '$limit',
  '$addFields',
  '$facet',
  '$sample',
];

export class GrammarGenerator extends Generator {
  /** Some value that may be nonsense where it stands. */
  nonsense(depth = 0): unknown {
    const kind = this.random();
    if (kind < 0.4 || depth > 3) return this.scalar();
    if (kind < 0.5)
      return this.pick([
        'a',
        'a.b',
        '$a',
        '$$ROOT',
        '',
        '.',
        'a.',
        '$',
        'a..b',
        '__proto__',
        'a.$[].b',
        'a.$',
      ]);
    if (kind < 0.6) return this.pick([-1, 1e300, 2 ** 31, -(2 ** 31), 0.5]);
    if (kind < 0.8) return this.many(3, () => this.nonsense(depth + 1));
    const made: Record<string, unknown> = {};
    for (let fields = this.below(3); fields >= 0; fields--) {
      const name = this.pick([
        this.pick(OPERATORS),
        this.pick(STAGES),
        'a',
        'b',
        'c.d',
        '_id',
        'key',
        'name',
        'q',
        'u',
      ]);
      made[name] = this.nonsense(depth + 1);
    }
    return made;
  }

  expression(depth = 0): unknown {
    const path = () => `$${this.pick(['a', 'b', 'c', 'c.d', 'e', '_id'])}`;
    if (depth > 2 || this.chance(0.3)) return this.pick([path(), path(), this.scalar(), '$$ROOT']);
    const inner = () => this.expression(depth + 1);
    const operator = this.pick([
      '$add',
      '$concat',
      '$size',
      '$cond',
      '$eq',
      '$map',
      '$toString',
      '$dateToString',
      '$ifNull',
      '$arrayElemAt',
      '$substr',
      '$mod',
      '$toDate',
      '$range',
      '$reduce',
      '$slice',
      '$setUnion',
      '$mergeObjects',
      '$switch',
      '$divide',
      '$split',
      '$indexOfArray',
      '$year',
      '$filter',
      '$let',
      '$pow',
      '$trim',
      '$objectToArray',
    ]);
    return this.pick<() => unknown>([
      () => ({ [operator]: [inner(), inner()] }),
      () => ({ [operator]: inner() }),
      () => ({
        [operator]: { input: inner(), in: inner(), cond: inner(), date: inner(), as: 'x', initialValue: 0 },
      }),
      () => ({ $cond: [inner(), inner(), inner()] }),
    ])();
  }

  stage(): Record<string, unknown> {
    return this.pick<() => Record<string, unknown>>([
      () => ({ $match: this.filter() }),
      () => ({
        $group: {
          _id: this.expression(),
          x: {
            [this.pick(['$sum', '$push', '$max', '$addToSet', '$first', '$avg', '$count'])]:
              this.expression(),
          },
        },
      }),
      () => ({ $sort: { a: 1, ...this.sort() } }),
      () => ({
        $project: { a: this.pick([0, 1, this.expression()]), 'c.d': this.pick([0, 1, this.expression()]) },
      }),
      () => ({ $addFields: { [this.pick(['a', 'c.d', 'x.y'])]: this.expression() } }),
      () => ({ $unwind: this.pick(['$a', '$c', { path: '$c.d', preserveNullAndEmptyArrays: true }]) }),
      () => ({ $lookup: { from: COLLECTION, localField: 'a', foreignField: 'b', as: 'x' } }),
      () => ({ $facet: { x: [{ $match: this.filter() }], y: [{ $count: 'n' }] } }),
      () => ({ $bucketAuto: { groupBy: this.expression(), buckets: this.below(4) } }),
      () => ({ $replaceRoot: { newRoot: this.expression() } }),
      () => ({ $sortByCount: this.expression() }),
      () => ({
        $graphLookup: {
          from: COLLECTION,
          startWith: '$a',
          connectFromField: 'a',
          connectToField: 'b',
          as: 'x',
        },
      }),
      () => ({
        [this.pick(['$out', '$merge', '$unionWith', '$count', '$unset'])]: this.pick([
          'out',
          'x',
          this.nonsense(),
        ]),
      }),
      () => ({ [this.pick(STAGES)]: this.nonsense() }),
    ])();
  }
}
