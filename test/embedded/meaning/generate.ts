// Random documents, indexes and statements. Few fields and few values, so that most queries find something, and every BSON
// type, so that their order and their differences are met.
import { BSONRegExp, Long } from 'bson';
import { BSON_UNDEFINED } from '../../../src/embedded/bson/types.ts';
import { seededRandom } from '../seeded-random.ts';
import type { Fields } from './local-engine.ts';
import { PLAIN, SCALARS } from './values.ts';

/** Paths that indexes, filters, sorts and updates use. */
const PATHS = ['a', 'b', 'c', 'c.d', 'c.e', 'a.0', 'c.d.f', 'e', 'c.0.d'] as const;
const LEAVES = ['a', 'b', 'c.d', 'c.e', 'e'] as const;

const RANGES = ['$gt', '$gte', '$lt', '$lte'] as const;
const TYPES = [
  'double',
  'string',
  'object',
  'array',
  'null',
  'number',
  'date',
  'objectId',
  'bool',
  'undefined',
];

export class Generator {
  readonly random: () => number;
  constructor(seed: number) {
    this.random = seededRandom(seed);
  }

  below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }

  chance(share: number): boolean {
    return this.random() < share;
  }

  many<T>(most: number, make: () => T): T[] {
    return Array.from({ length: this.below(most + 1) }, make);
  }

  scalar(): unknown {
    return this.chance(0.7) ? this.pick(PLAIN) : this.pick(SCALARS);
  }

  value(depth = 0): unknown {
    const kind = this.random();
    if (kind < 0.7 || depth > 2) return this.scalar();
    if (kind < 0.88) return this.many(3, () => this.value(depth + 1));
    return this.inner(depth + 1);
  }

  inner(depth: number): Fields {
    const made: Fields = {};
    if (this.chance(0.8))
      made.d = depth < 2 && this.chance(0.2) ? { f: this.scalar() } : this.value(depth + 1);
    if (this.chance(0.5)) made.e = this.scalar();
    if (this.chance(0.05)) made['0'] = this.scalar();
    return made;
  }

  document(n: number): Fields {
    const made: Fields = { _id: n, n };
    if (this.chance(0.85)) made.a = this.value();
    if (this.chance(0.85)) made.b = this.scalar();
    if (this.chance(0.8)) {
      made.c = this.chance(0.3)
        ? this.many(3, () => (this.chance(0.85) ? this.inner(1) : this.value(1)))
        : this.chance(0.8)
          ? this.inner(1)
          : this.value();
    }
    if (this.chance(0.4)) made.e = this.chance(0.1) ? this.value() : this.scalar();
    return made;
  }

  index(number: number): Fields {
    const key: Fields = {};
    for (let fields = 1 + this.below(3); fields > 0; fields--)
      key[this.chance(0.8) ? this.pick(LEAVES) : this.pick(PATHS)] = this.pick([1, -1]);
    const made: Fields = { key, name: `i${number}` };
    const kind = this.random();
    if (kind < 0.2) made.sparse = true;
    else if (kind < 0.4) made.partialFilterExpression = this.partialFilter();
    if (this.chance(0.12)) {
      // Unique on the number as well: otherwise hardly a document would get in.
      if (this.chance(0.5)) key.n = 1;
      made.unique = true;
    }
    return made;
  }

  partialFilter(): Fields {
    const path = this.pick(LEAVES);
    return this.pick<() => Fields>([
      () => ({ [path]: { $exists: true } }),
      () => ({ [path]: { [this.pick(RANGES)]: this.scalar() } }),
      () => ({ [path]: this.pick([1, 'x', true, null]) }),
      () => ({ [path]: { $in: [this.scalar(), this.scalar()].filter((v) => !(v instanceof BSONRegExp)) } }),
      () => ({ [path]: { $type: this.pick(TYPES) } }),
      () => ({ $and: [{ [path]: { $gte: 1 } }, { [this.pick(LEAVES)]: { $exists: true } }] }),
    ])();
  }

  range(): Fields {
    return { [this.pick(RANGES)]: this.operand() };
  }

  /** Patterns are no operands of comparisons. */
  operand(): unknown {
    const value = this.chance(0.92) ? this.scalar() : this.value();
    return value instanceof BSONRegExp || value === BSON_UNDEFINED ? 1 : value;
  }

  operators(): Fields {
    return this.pick<() => Fields>([
      () => this.range(),
      () => this.range(),
      () => ({ ...this.range(), ...this.range() }),
      () => ({ $eq: this.operand() }),
      () => ({
        $in: this.many(4, () => (this.chance(0.1) ? this.value() : this.scalar())).filter(
          (v) => v !== BSON_UNDEFINED,
        ),
      }),
      () => ({ $nin: this.many(3, () => this.operand()) }),
      () => ({ $ne: this.operand() }),
      () => ({ $exists: this.chance(0.5) }),
      () => ({ $type: this.pick(TYPES) }),
      () => ({ $size: this.below(3) }),
      () => ({ $mod: [this.pick([2, 3]), this.below(2)] }),
      () => ({ $all: this.many(2, () => this.operand()) }),
      () => ({ $bitsAllSet: this.below(4) }),
      () => ({ $regex: this.pick(['^y', '^x', 'y', '^yy*', '^(x|y)', '^', '^x|y', '^\\x', '^yy?', '^y+']) }),
      () => ({ $regex: '^Y', $options: 'i' }),
    ])();
  }

  condition(depth = 0): unknown {
    const kind = this.random();
    if (kind < 0.3) return this.chance(0.9) ? this.scalar() : this.value();
    if (kind < 0.82 || depth > 1) return this.operators();
    if (kind < 0.88) return { $not: this.operators() };
    if (this.chance(0.5))
      return { $elemMatch: this.chance(0.5) ? { ...this.range(), ...this.range() } : this.operators() };
    return { $elemMatch: this.conditions(['d', 'e'], depth + 1) };
  }

  conditions(paths: readonly string[] = PATHS, depth = 0): Fields {
    const made: Fields = {};
    for (let fields = 1 + this.below(2); fields > 0; fields--) {
      const path = this.chance(0.75) && paths === PATHS ? this.pick(LEAVES) : this.pick(paths);
      const condition = this.condition(depth);
      made[path] = condition === BSON_UNDEFINED ? null : condition;
    }
    return made;
  }

  filter(depth = 0): Fields {
    const kind = this.random();
    if (kind < 0.05) return {};
    if (kind < 0.65 || depth > 1) return this.conditions();
    const parts = () => [this.filter(depth + 1), ...this.many(2, () => this.filter(depth + 1))];
    if (kind < 0.85) return { ...(this.chance(0.6) ? this.conditions() : {}), $or: parts() };
    if (kind < 0.93) return { $and: parts() };
    if (kind < 0.97) return { $nor: parts() };
    return { $expr: { $eq: [`$${this.pick(['a', 'b', 'e'])}`, this.pick([1, 'x', null])] } };
  }

  /** Without `unique`, which makes the order total. */
  sort(): Record<string, 1 | -1> {
    const made: Record<string, 1 | -1> = {};
    for (let fields = this.below(3); fields > 0; fields--)
      made[this.chance(0.85) ? this.pick(LEAVES) : this.pick(PATHS)] = this.pick([1, -1]);
    return made;
  }

  update(): Fields {
    const path = this.chance(0.8) ? this.pick(LEAVES) : this.pick(PATHS);
    const other = this.pick(['b', 'e', 'c.e']);
    return this.pick<() => Fields>([
      () => ({ $set: { [path]: this.value() } }),
      () => ({ $set: { [path]: this.value() } }),
      () => ({ $unset: { [path]: '' } }),
      () => ({ $inc: { [other]: this.pick([1, 2.5, Long.fromString('2')]) } }),
      () => ({ $push: { a: this.value(1) } }),
      () => ({ $push: { a: { $each: this.many(3, () => this.scalar()), $slice: this.pick([2, -2]) } } }),
      () => ({ $addToSet: { a: this.scalar() } }),
      () => ({ $pull: { a: this.chance(0.5) ? this.operand() : this.range() } }),
      () => ({ $pop: { a: this.pick([1, -1]) } }),
      () => ({ $min: { [other]: this.operand() } }),
      () => ({ $max: { [other]: this.operand() } }),
      () => ({ $rename: { b: 'e' } }),
      () => ({ $mul: { [other]: 2 } }),
      () => ({ $set: { 'c.$[].d': this.scalar() } }),
      () => ({ $unset: { a: '' }, $set: { c: this.value() } }),
    ])();
  }
}
