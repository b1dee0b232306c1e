/**
 * The order of BSON values: the one definition behind comparison, sort, equality, distinct and unique checks and index
 * keys. `compareValues` works on values; `encodeValue` gives bytes whose `Buffer.compare` order is the same, which is
 * what the storage sorts by. Source of the order: https://www.mongodb.com/docs/manual/reference/bson-type-comparison-order/
 */
export type { Document } from './bson/types.ts';
export { type Collation, completeCollation, isSameCollation, parseCollation } from './order/collation.ts';
export { compareValues, equalValues } from './order/compare.ts';
export { encodeValue, invertBytes } from './order/encode.ts';
export { encodeIndexKey, type IndexKeys, meetsArray, type PathOfKey } from './order/index-key.ts';
export { distinctValuesAtPath, pathExists, valuesAtPath } from './order/paths.ts';
