/** Reads what X says about a refusal. Decisions rest on the parsed fields, never on a search through a whole body. */

/** A refusal in X's own terms; every sentence is short and free of secrets. */
export interface XProblem {
  /** The last part of the problem type's address: `invalid-request`, `client-forbidden`, `usage-capped`. */
  readonly type?: string;
  readonly title?: string;
  readonly detail?: string;
  /** Codes of the older error form, such as 187 for a duplicate. */
  readonly codes: readonly number[];
  /** Names of the parameters that were complained about. */
  readonly parameters: readonly string[];
  /** The most telling sentence of the body, for people; empty when there is none. */
  readonly sentence: string;
}

/** Sentences are cut here: a body may be of any size. */
const SENTENCE_CHARACTERS_MAX = 300;
/** Entries of `errors` that are looked at. */
const ERRORS_MAX = 10;

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** @param clean takes the secrets out of a sentence */
export function readProblem(body: unknown, clean: (text: string) => string): XProblem {
  const text = (value: unknown): string | undefined =>
    typeof value === 'string' && value.trim() !== ''
      ? clean(value.slice(0, 2 * SENTENCE_CHARACTERS_MAX)).slice(0, SENTENCE_CHARACTERS_MAX)
      : undefined;
  const fields = fieldsOf(body);
  if (!fields) return { codes: [], parameters: [], sentence: sentenceOfPage(text(body)) };
  const errors = (Array.isArray(fields.errors) ? fields.errors.slice(0, ERRORS_MAX) : []).map(
    (each) => fieldsOf(each) ?? {},
  );
  const type = text(fields.type) ?? text(errors[0]?.type);
  const title = text(fields.title) ?? text(errors[0]?.title);
  const detail = text(fields.detail) ?? text(errors[0]?.detail);
  const messages = [
    ...errors.map((each) => text(each.message)),
    text(fields.message),
    text(fields.error_description),
    text(fields.error),
  ];
  return {
    ...(type ? { type: type.split('/').at(-1) ?? type } : {}),
    ...(title ? { title } : {}),
    ...(detail ? { detail } : {}),
    codes: [...errors.map((each) => each.code), fields.code].filter((code) => typeof code === 'number'),
    parameters: errors.flatMap((each) => Object.keys(fieldsOf(each.parameters) ?? {})),
    sentence:
      messages.find((message) => message !== undefined && message !== detail) ?? detail ?? title ?? '',
  };
}

/** Pages of gateways say little; their markup says nothing to a person. */
function sentenceOfPage(text: string | undefined): string {
  if (text === undefined) return '';
  const title = /<title>([^<]*)/i.exec(text)?.[1]?.trim();
  if (title) return title;
  return text.trimStart().startsWith('<') ? 'a web page instead of an answer' : text.trim();
}
