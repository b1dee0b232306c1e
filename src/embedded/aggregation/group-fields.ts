/** A group of documents while it grows, and the accumulators of its fields. */
import { fieldNames } from '../bson/field-order.ts';
import { setField } from '../bson/fields.ts';
import { type Document, isDocument } from '../bson/types.ts';
import { MongoError } from '../errors.ts';
import type { ExpressionOptions } from '../expressions.ts';
import { type Accumulator, compileAccumulator, type MakeAccumulator } from './accumulators.ts';

export type Fields = readonly (readonly [string, MakeAccumulator])[];

/** The accumulators of a group, by field. */
export function compileFields(specification: Document, options: ExpressionOptions): Fields {
  return fieldNames(specification).map((field) => {
    if (field.includes('.')) throw new MongoError(40235, `The field name '${field}' cannot contain '.'`);
    if (field.startsWith('$'))
      throw new MongoError(40236, `The field name '${field}' cannot be an operator name`);
    return [field, compileAccumulator(field, specification[field], options)];
  });
}

/** What a stage groups by, where a constant makes no sense: a path, or an operator. */
export function isExpression(value: unknown): boolean {
  const text = isDocument(value) ? Object.keys(value)[0] : value;
  return typeof text === 'string' && text.startsWith('$');
}

/** One group while it grows. */
export class Group {
  private readonly id: unknown;
  private readonly fields: Fields;
  private readonly accumulators: readonly Accumulator[];

  constructor(id: unknown, fields: Fields) {
    this.id = id;
    this.fields = fields;
    this.accumulators = fields.map(([, make]) => make());
  }

  add(document: Document): void {
    for (const accumulator of this.accumulators) accumulator.add(document);
  }

  result(): Document {
    const document: Document = { _id: this.id };
    this.fields.forEach(([field], index) => {
      const value = this.accumulators[index]?.result();
      setField(document, field, value === undefined ? null : value);
    });
    return document;
  }
}

/** What a bucket holds when nothing is asked for. */
export const DEFAULT_OUTPUT: Document = { count: { $sum: 1 } };
