/** Documents by the values of one field, for joins: so that each local document need not scan the other collection. */
import type { Document } from '../bson/types.ts';
import { compileFilter, type Matches } from '../matcher.ts';
import type { Collation } from '../order/collation.ts';
import { encodeValue } from '../order/encode.ts';
import { valuesAtPath } from '../order/paths.ts';

export class EqualityIndex {
  private readonly documents: readonly Document[];
  private readonly positions = new Map<string, Set<number>>();
  private readonly field: string;
  private readonly collation: Collation | undefined;

  constructor(documents: Iterable<Document>, field: string, collation: Collation | undefined) {
    this.documents = [...documents];
    this.field = field;
    this.collation = collation;
    const isNull = compileFilter({ [field]: null });
    this.documents.forEach((document, position) => {
      for (const value of valuesAtPath(document, field)) {
        this.add(value, position);
        if (Array.isArray(value)) for (const element of value) this.add(element, position);
      }
      if (isNull(document)) this.add(null, position);
    });
  }

  /** Documents whose field equals one of the values, in natural order. */
  find(values: readonly unknown[]): Document[] {
    const candidates = new Set<number>();
    for (const value of values)
      for (const position of this.positions.get(this.key(value)) ?? []) candidates.add(position);
    if (candidates.size === 0) return [];
    // The map may hold a document for a reason that a filter does not see (a value deep in nested arrays).
    const matches: Matches = compileFilter(
      { $or: values.map((value) => ({ [this.field]: { $eq: value } })) },
      { collation: this.collation },
    );
    return [...candidates]
      .sort((left, right) => left - right)
      .map((position) => this.documents[position] as Document)
      .filter(matches);
  }

  private add(value: unknown, position: number): void {
    const key = this.key(value);
    const known = this.positions.get(key);
    if (known) known.add(position);
    else this.positions.set(key, new Set([position]));
  }

  private key(value: unknown): string {
    return encodeValue(value, this.collation).toString('latin1');
  }
}
