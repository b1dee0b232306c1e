/** Whether two values are the same down to type and bits. `$set` to an identical value is not a change. */
import { Buffer } from 'node:buffer';
import { encode } from '../bson/encoder.ts';
import { typeOf } from '../bson/types.ts';

export function identical(left: unknown, right: unknown): boolean {
  if (left === right) return left !== 0 || Object.is(left, right);
  if (left === undefined || right === undefined) return false;
  if (typeof left !== 'object' || typeof right !== 'object') return Object.is(left, right);
  if (left === null || right === null) return false;
  if (left instanceof Date && right instanceof Date) return left.getTime() === right.getTime();
  if (typeOf(left) !== typeOf(right)) return false;
  // Bytes decide for everything else: they are what would be stored.
  return Buffer.compare(encode({ value: left }), encode({ value: right })) === 0;
}
