/** How filters are tried: each with documents that match and documents that do not. Expectations: MongoDB 7's manual and server tests. */
import { Binary, BSONRegExp, Decimal128, Long } from 'bson';
import { expect, it } from 'vitest';
import { compileFilter } from '../../../src/embedded/matcher.ts';

export type Doc = Record<string, unknown>;

export const long = (text: string) => Long.fromString(text);
export const decimal = (text: string) => Decimal128.fromString(text);
export const binary = (...bytes: number[]) => new Binary(Buffer.from(bytes));
export const regex = (pattern: string, flags = '') => new BSONRegExp(pattern, flags);

/** Name, filter, documents that match, documents that do not. */
type Matching = readonly [string, Doc, readonly Doc[], readonly Doc[]];

export function itMatches(cases: readonly Matching[]): void {
  it.each(cases)('%s', (_, filter, matching, others) => {
    const matches = compileFilter(filter);
    for (const document of matching) expect([document, matches(document)]).toEqual([document, true]);
    for (const document of others) expect([document, matches(document)]).toEqual([document, false]);
  });
}
