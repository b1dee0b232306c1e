/** Reads what Tumblr says about a refusal: `{meta: {status, msg}, errors: [{title, code, detail}]}`. */
import type { Said } from '../failure.ts';
import { type Fields, fieldsOf, sentenceOfPage, sentenceReader } from '../problem-text.ts';

export interface TumblrProblem extends Said {
  /** True when it is Tumblr that speaks and not something in front of it. */
  readonly isTumblr: boolean;
  /** Such as 8005; the documentation writes them behind the status (400.8005). */
  readonly codes: readonly number[];
  /** True when the access had run out and was renewed meanwhile. */
  readonly isRenewed?: boolean;
}

/** Entries of `errors` that are looked at. */
const ERRORS_MAX = 10;

/** @param clean takes the secrets out of a sentence */
export function readProblem(body: unknown, clean: (text: string) => string): TumblrProblem {
  const text = sentenceReader(clean);
  const fields = fieldsOf(body);
  if (!fields) return { isTumblr: false, codes: [], sentence: sentenceOfPage(text(body)) };
  const meta = fieldsOf(fields.meta);
  // Some answers carry the errors one level deeper.
  const errors = [...listOf(fields.errors), ...listOf(fieldsOf(fields.response)?.errors)];
  const sentences = errors.flatMap((each) => [text(each.detail), text(each.title)]);
  return {
    isTumblr: typeof meta?.status === 'number',
    codes: errors.map((each) => each.code).filter((code) => typeof code === 'number'),
    sentence: sentences.find((each) => each !== undefined) ?? text(meta?.msg) ?? '',
  };
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.slice(0, ERRORS_MAX).map((each) => fieldsOf(each) ?? {}) : [];
}
