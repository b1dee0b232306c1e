/** Values as text for error messages, in the form that MongoDB's messages have: `{ name: "x", at: new Date(0) }`. */
import { Binary, BSONRegExp, Code, Decimal128, Double, Int32, Long, ObjectId, Timestamp } from 'bson';
import { fieldNames } from './field-order.ts';
import { isDocument } from './types.ts';

/** One value in the notation of MongoDB's messages. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null) return value === null ? 'null' : 'undefined';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return Object.is(value, -0) ? '-0.0' : String(value);
  if (Array.isArray(value)) {
    return value.length === 0 ? '[]' : `[ ${value.map((element) => describeValue(element)).join(', ')} ]`;
  }
  if (isDocument(value)) {
    const fields = fieldNames(value).map((name) => `${name}: ${describeValue(value[name])}`);
    return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
  }
  return typeof value === 'object' ? describeObject(value) : String(value);
}

function describeObject(value: object): string {
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (value instanceof ObjectId) return `ObjectId('${value.toHexString()}')`;
  if (value instanceof Double)
    return Number.isInteger(value.value) ? value.value.toFixed(1) : String(value.value);
  if (value instanceof Timestamp) return `Timestamp(${value.t}, ${value.i})`;
  if (value instanceof Int32) return String(value.value);
  if (value instanceof Long) return value.toString();
  if (value instanceof Decimal128) return value.toString();
  if (value instanceof Binary) return `BinData(${value.sub_type}, ${value.toString('hex').toUpperCase()})`;
  if (value instanceof BSONRegExp) return `/${value.pattern}/${value.options}`;
  if (value instanceof Code) return `CodeWScope(${value.code})`;
  return `${value.constructor.name}`;
}
