/** How updates are tried: a document before, a statement, the document after, compared by its bytes. */
import { Decimal128, Long } from 'bson';
import { expect, it } from 'vitest';
import { encode } from '../../../src/embedded/codec.ts';
import { compileUpdate } from '../../../src/embedded/updater.ts';

export type Doc = Record<string, unknown>;

export const now = () => new Date('2026-05-06T07:08:09.010Z');
export const long = (text: string) => Long.fromString(text);
export const decimal = (text: string) => Decimal128.fromString(text);

interface Extra {
  arrayFilters?: Doc[];
  filter?: Doc;
  isInsert?: boolean;
}

export function update(document: Doc, statement: Doc | Doc[], extra: Extra = {}) {
  return compileUpdate(statement, { now, arrayFilters: extra.arrayFilters, filter: extra.filter }).apply(
    document,
    extra.isInsert ?? false,
  );
}

/** Compares bytes, so that types, bits and field order count. */
export function expectSame(actual: Doc, expected: Doc) {
  expect(actual).toEqual(expected);
  expect(encode(actual).equals(encode(expected))).toBe(true);
}

/** Name, before, update, after; `undefined` for an update that changes nothing. */
type Updating = [string, Doc, Doc, Doc | undefined, Extra?];

export function itUpdates(cases: readonly Updating[]): void {
  it.each(cases)('%s', (_, before, statement, after, extra) => {
    const frozen = encode(before);
    const { doc, changed } = update(before, statement, extra);
    expect(changed).toBe(after !== undefined);
    expectSame(doc, after ?? before);
    expect(encode(before).equals(frozen), 'the document given must stay as it was').toBe(true);
    if (!changed) expect(doc).toBe(before);
  });
}
