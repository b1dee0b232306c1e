/** Reads sentences out of what a network says about a refusal; decisions rest on parsed fields, never on a search through a whole body. */

/** Sentences are cut here: a body may be of any size. */
const SENTENCE_CHARACTERS_MAX = 300;

export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** A reader of one sentence: cut, without secrets; undefined for anything that is no text. */
export function sentenceReader(clean: (text: string) => string): (value: unknown) => string | undefined {
  return (value) =>
    typeof value === 'string' && value.trim() !== ''
      ? clean(value.slice(0, 2 * SENTENCE_CHARACTERS_MAX)).slice(0, SENTENCE_CHARACTERS_MAX)
      : undefined;
}

/** Pages of gateways say little; their markup says nothing to a person. */
export function sentenceOfPage(text: string | undefined): string {
  if (text === undefined) return '';
  const title = /<title>([^<]*)/i.exec(text)?.[1]?.trim();
  if (title) return title;
  return text.trimStart().startsWith('<') ? 'a web page instead of an answer' : text.trim();
}

/** Takes secrets out of a text, as they are and as they stand in an address; an answer may echo the request. */
export function secretsRemover(secrets: readonly string[], echoed: RegExp): (text: string) => string {
  const forms = secrets
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
    .filter((form) => form !== '');
  return (text) => forms.reduce((rest, form) => rest.replaceAll(form, '***'), text).replace(echoed, '***');
}
