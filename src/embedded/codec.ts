/**
 * BSON bytes to values and back, without losing a type or a bit: an integral double stays a double, Long, Decimal128,
 * regular expressions and DBRefs come back as they were. The bson package's own `deserialize` cannot do that without
 * wrapping every number, which is why the store reads and writes BSON itself.
 *
 * Limits that follow from documents being JavaScript objects: fields whose names are array indices ("7") come before
 * the others and in ascending order, and of two fields with one name the last value counts. The Node driver, which
 * uses the same objects, shows no difference.
 */
export { decode } from './bson/decoder.ts';
export { encode } from './bson/encoder.ts';
