/** What an update operator makes of one field, and what it may know while doing so. */
import type { Document } from '../bson/types.ts';

/** The field stays as it is. */
export const UNCHANGED = Symbol('unchanged');
/** The field goes; in an array null takes its place. */
export const REMOVED = Symbol('removed');

export interface ApplyContext {
  /** The document before the update, for messages and `$rename`. */
  readonly original: Document;
  readonly now: () => Date;
}

/** One operator on one path, compiled. */
export interface Leaf {
  readonly operator: string;
  /** What becomes of a path that does not exist: made, left alone, or left alone even where it cannot be made. */
  readonly whenMissing: 'create' | 'keep' | 'ignore';
  /** Whether the path may not lead through an array (`$rename`). */
  readonly refusesArrays?: string;
  /** Whether it does anything to this document at all; absent for always. */
  applies?(context: ApplyContext): boolean;
  /** @returns the new value, `UNCHANGED` or `REMOVED`; `value` is undefined when the field is missing */
  apply(value: unknown, context: ApplyContext, path: string): unknown;
}
