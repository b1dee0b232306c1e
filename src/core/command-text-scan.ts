/**
 * Splits the text form of a command into its options and its free text, without judging them: command-text.ts reads it
 * strictly, and a front-end that completes words reads the same split while it is still being typed.
 *
 * Options stand before the free text as `name:value` or `name:"value"`. The first word that is no known option begins
 * the free text, and nothing after it is an option any more, so `http://…`, `Note: this` or a second `to:` stay words.
 */
import { couldBeId } from './clock.ts';
import type { OptionSpec, OptionSpecs } from './command.ts';

/** One option in the text, with positions in it so that it can be replaced or explained. */
export interface ScannedOption {
  readonly name: string;
  readonly start: number;
  /** Where its value begins, an opening quote included. */
  readonly valueStart: number;
  readonly end: number;
  readonly value: string;
  readonly quoted: boolean;
  /** False when an opening quote has no partner. */
  readonly closed: boolean;
}

export interface ScannedText {
  readonly options: readonly ScannedOption[];
  /** Where the free text begins; undefined when there is none. */
  readonly restStart: number | undefined;
}

const NAME = /([A-Za-z][A-Za-z0-9_]{0,31}):/y;
const SPACE = /\s*/y;
const WORD = /\S+/y;
const BARE_VALUE = /\S*/y;
/** `x, tumblr`: a list goes on after a comma, or the second target would become the words of the post. */
const BARE_LIST = /(?:[^\s,]+(?:[ \t]*,[ \t]*[^\s,]+)*,?)?/y;
/** `+tumblr -x`: behind a space, too, a name with a sign belongs to the list. */
const SIGNED_LIST = /(?:[^\s,]+(?:(?:[ \t]*,[ \t]*|[ \t]+(?=[-+–−]\p{L}))[^\s,]+)*,?)?/uy;
const POST_SIGN = '#';

/** Opening quotes and what closes them. Phones turn straight quotes into typographic ones, often only one of the two. */
const DOUBLE_QUOTES: Readonly<Record<string, string>> = {
  '"': '"',
  '“': '”"',
  '”': '”"',
  '„': '“”"',
  '«': '»',
  '»': '«',
};
/** They are apostrophes too, so they close only where a word ends. */
const SINGLE_QUOTES: Readonly<Record<string, string>> = { "'": "'", '‘': "’'", '‚': "‘'" };

function matchAt(pattern: RegExp, text: string, position: number): RegExpExecArray | null {
  pattern.lastIndex = position;
  return pattern.exec(text);
}

const isSpaceOrEnd = (character: string | undefined): boolean =>
  character === undefined || /\s/.test(character);

function scanQuoted(
  text: string,
  start: number,
): { value: string; end: number; closed: boolean } | undefined {
  const opening = text.charAt(start);
  const single = SINGLE_QUOTES[opening];
  const closing = DOUBLE_QUOTES[opening] ?? single;
  if (closing === undefined) return undefined;
  const pieces: string[] = [];
  let from = start + 1;
  for (let at = from; at < text.length; at += 1) {
    const character = text.charAt(at);
    const next = text[at + 1];
    if (
      character === '\\' &&
      next !== undefined &&
      (next === '\\' || next === opening || closing.includes(next))
    ) {
      pieces.push(text.slice(from, at));
      from = at + 1;
      at += 1;
    } else if (closing.includes(character) && (single === undefined || isSpaceOrEnd(next))) {
      pieces.push(text.slice(from, at));
      return { value: pieces.join(''), end: at + 1, closed: true };
    }
  }
  pieces.push(text.slice(from));
  return { value: pieces.join(''), end: text.length, closed: false };
}

function scanValue(
  text: string,
  name: string,
  spec: OptionSpec | undefined,
  start: number,
  valueStart: number,
): ScannedOption {
  const quoted = scanQuoted(text, valueStart);
  if (quoted) return { name, start, valueStart, quoted: true, ...quoted };
  const pattern = spec?.kind === 'targets' ? (spec.signed ? SIGNED_LIST : BARE_LIST) : BARE_VALUE;
  const value = matchAt(pattern, text, valueStart)?.[0] ?? '';
  return { name, start, valueStart, end: valueStart + value.length, value, quoted: false, closed: true };
}

/** The option that takes the free text as it stands. */
export function restOption(specs: OptionSpecs): string | undefined {
  return Object.keys(specs).find((name) => {
    const spec = specs[name];
    return spec?.kind === 'text' && spec.rest === true;
  });
}

/** Where free text goes in a command that has no option for it: to a needed option first, then to the next open one. */
export function openOption(specs: OptionSpecs, isGiven: (name: string) => boolean): string | undefined {
  const open = Object.keys(specs).filter((name) => !isGiven(name));
  return open.find((name) => specs[name]?.required === true) ?? open[0];
}

/** Posts have ids of five characters, or of six where those are used up. */
const POST_ID_LENGTHS: readonly number[] = [5, 6];

/**
 * A post may be named without `post:` (`/show #K7QPD`). Where a free text follows, only a needed post: without one the
 * command is refused anyway, so no word of a text that would have gone out is taken for an id.
 */
function isBarePost(word: string, spec: OptionSpec | undefined, hasRest: boolean): boolean {
  if (!hasRest) return true;
  return (
    spec?.required === true &&
    (word.startsWith(POST_SIGN) || (POST_ID_LENGTHS.includes(word.length) && couldBeId(word)))
  );
}

/** Splits `text`; never fails. Work grows with the length of the text only. */
export function scanCommandText(specs: OptionSpecs, text: string): ScannedText {
  const options: ScannedOption[] = [];
  const hasRest = restOption(specs) !== undefined;
  const post = Object.keys(specs).find((name) => specs[name]?.kind === 'post');
  let postGiven = false;
  let position = 0;
  for (;;) {
    const start = position + (matchAt(SPACE, text, position)?.[0].length ?? 0);
    const word = matchAt(WORD, text, start)?.[0];
    if (word === undefined) return { options, restStart: undefined };
    const name = matchAt(NAME, text, start)?.[1];
    const known = name?.toLowerCase();
    let option: ScannedOption;
    if (name !== undefined && known !== undefined && Object.hasOwn(specs, known)) {
      option = scanValue(text, known, specs[known], start, start + name.length + 1);
    } else if (
      post !== undefined &&
      !postGiven &&
      name === undefined &&
      isBarePost(word, specs[post], hasRest)
    ) {
      option = {
        name: post,
        start,
        valueStart: start,
        end: start + word.length,
        value: word,
        quoted: false,
        closed: true,
      };
    } else {
      // Empty lines before the text go, the indentation of its first line stays.
      const lineStart = text.lastIndexOf('\n', start - 1) + 1;
      return { options, restStart: lineStart > position ? lineStart : start };
    }
    if (option.name === post) postGiven = true;
    options.push(option);
    position = option.end;
  }
}
