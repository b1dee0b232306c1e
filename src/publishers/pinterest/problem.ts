/** Reads what Pinterest says about a refusal: `{code, message}`. */
import type { Said } from '../failure.ts';
import { fieldsOf, sentenceOfPage, sentenceReader } from '../problem-text.ts';

export interface PinterestProblem extends Said {
  /** Absent when it is not Pinterest that speaks but something in front of it. */
  readonly code?: number;
  /** True when the access had run out and was renewed meanwhile. */
  readonly isRenewed?: boolean;
}

/** @param clean takes the secrets out of a sentence */
export function readProblem(body: unknown, clean: (text: string) => string): PinterestProblem {
  const text = sentenceReader(clean);
  const fields = fieldsOf(body);
  if (!fields) return { sentence: sentenceOfPage(text(body)) };
  return {
    ...(typeof fields.code === 'number' ? { code: fields.code } : {}),
    sentence: text(fields.message) ?? text(fields.error_description) ?? text(fields.error) ?? '',
  };
}
