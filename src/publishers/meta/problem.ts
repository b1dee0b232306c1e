/**
 * Reads what Meta says about a refusal. Decisions rest on the parsed codes, never on a search through a body.
 * https://developers.facebook.com/docs/graph-api/guides/error-handling
 */
import { fieldsOf, sentenceOfPage, sentenceReader } from '../problem-text.ts';

/** A refusal in Meta's own terms; the sentence is short and free of secrets. */
export interface MetaProblem {
  readonly code?: number;
  readonly subcode?: number;
  readonly type?: string;
  /** Meta's own word that the same call may succeed later. */
  readonly isTransient: boolean;
  /** What the upload hosts say instead of codes: OffsetInvalidError, PartialRequestError, ProcessingFailedError. */
  readonly upload?: { readonly type: string; readonly isRetriable: boolean };
  /** With it Meta's support finds the call. */
  readonly trace?: string;
  /** The most telling sentence of the body, for people; empty when there is none. */
  readonly sentence: string;
}

/**
 * @param body parsed JSON, or the text of something else
 * @param clean takes the secrets out of a sentence
 */
export function readProblem(body: unknown, clean: (text: string) => string): MetaProblem {
  const short = sentenceReader(clean);
  const error = fieldsOf(fieldsOf(body)?.error);
  const upload = fieldsOf(fieldsOf(body)?.debug_info);
  if (upload) {
    const type = short(upload.type) ?? 'unknown';
    return {
      isTransient: false,
      upload: { type, isRetriable: upload.retriable === true },
      sentence: short(upload.message) ?? type,
    };
  }
  if (!error) return { isTransient: false, sentence: sentenceOfPage(short(body)) };
  const numeric = (name: string): number | undefined => {
    const value = error[name];
    return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
  };
  const code = numeric('code');
  const subcode = numeric('error_subcode');
  const type = short(error.type);
  const trace = short(error.fbtrace_id);
  return {
    ...(code === undefined ? {} : { code }),
    ...(subcode ? { subcode } : {}),
    ...(type ? { type } : {}),
    ...(trace ? { trace } : {}),
    isTransient: error.is_transient === true,
    sentence: short(error.error_user_msg) ?? short(error.message) ?? short(error.error_user_title) ?? '',
  };
}
