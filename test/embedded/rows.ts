/** Rows for the tests of the driver, and the errors that it gives. */
import type { MongoServerError } from 'mongodb';

export interface Row {
  _id: number;
  n?: number;
  parity?: number;
  text?: string;
  more?: string;
  a?: number;
  b?: number;
  name?: string;
  seen?: boolean;
  x?: number;
  only?: number;
  z?: number;
}

export const rows = (count: number): Row[] =>
  Array.from({ length: count }, (_, n) => ({ _id: n, n, parity: n % 2 }));

/** The error of what was to fail; undefined when it did not. */
export const caught = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error as MongoServerError,
  );
