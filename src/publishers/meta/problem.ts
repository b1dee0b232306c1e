/**
 * Reads what Meta says about a refusal. Decisions rest on the parsed codes, never on a search through a body.
 * https://developers.facebook.com/docs/graph-api/guides/error-handling
 */

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

/** Sentences are cut here: a body may be of any size. */
const SENTENCE_CHARACTERS_MAX = 300;

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/**
 * @param text the body as it came; anything may be in it
 * @param clean takes the secrets out of a sentence
 */
export function readProblem(text: string, clean: (text: string) => string): MetaProblem {
  const short = (value: unknown): string | undefined =>
    typeof value === 'string' && value.trim() !== ''
      ? clean(value.slice(0, 2 * SENTENCE_CHARACTERS_MAX)).slice(0, SENTENCE_CHARACTERS_MAX)
      : undefined;
  const body = fieldsOf(parsed(text));
  const error = fieldsOf(body?.error);
  const upload = fieldsOf(body?.debug_info);
  if (upload) {
    const type = short(upload.type) ?? 'unknown';
    return {
      isTransient: false,
      upload: { type, isRetriable: upload.retriable === true },
      sentence: short(upload.message) ?? type,
    };
  }
  if (!error) return { isTransient: false, sentence: body ? '' : sentenceOfPage(short(text)) };
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

/** The parsed body; undefined when it is no JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Whoever asked decides what an answer without JSON means.
    return undefined;
  }
}

/** Pages of gateways say little; their markup says nothing to a person. */
function sentenceOfPage(text: string | undefined): string {
  if (text === undefined) return '';
  const title = /<title>([^<]*)/i.exec(text)?.[1]?.trim();
  if (title) return title;
  return text.trimStart().startsWith('<') ? 'a web page instead of an answer' : text.trim();
}
