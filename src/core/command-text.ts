/**
 * Reads the text form of a command, `/schedule to:x,tumblr when:"tomorrow 9:00" Hello world`, into raw values by option
 * name. It is strict where a slip would publish the wrong words, since a published post cannot be called back: a
 * misspelt option, a quote left open or a time in two pieces is an error with its remedy, never part of the text.
 */
import { cleanText, cleanValue } from './clean-text.ts';
import type { CommandDefinition, OptionSpec, OptionSpecs } from './command.ts';
import { openOption, restOption, type ScannedOption, scanCommandText } from './command-text-scan.ts';
import { usageError } from './errors.ts';
import { secondHalf } from './moments/half-moment.ts';
import { nearestName } from './nearest-name.ts';

/** Raw values by option name: a list for `media` and `alt`, `yes` or `no` for switches, otherwise the words as typed. */
export type RawOptions = Readonly<Record<string, string | readonly string[]>>;

/** Texts that belong one to each medium and so may be given as often as media are. */
const ALT_OPTION = 'alt';
/** Longest part of somebody's text that an error repeats. */
const QUOTED_MAX = 40;

const OPTION_LIKE = /([A-Za-z][A-Za-z0-9_]{0,31}):(?!\/\/)\S/y;

const SWITCH_WORDS: Readonly<Record<string, 'yes' | 'no'>> = {
  yes: 'yes',
  y: 'yes',
  on: 'yes',
  true: 'yes',
  '1': 'yes',
  no: 'no',
  n: 'no',
  off: 'no',
  false: 'no',
  '0': 'no',
};

const shorten = (found: string): string => {
  const characters = Array.from(found.slice(0, QUOTED_MAX * 2));
  const short = characters.slice(0, QUOTED_MAX).join('').replace(/\s+/g, ' ');
  return short.length < found.length ? `${short}…` : short;
};

const optionList = (specs: OptionSpecs): string =>
  Object.keys(specs)
    .map((name) => `${name}:`)
    .join(' ') || 'none';

/** How words that look like an option are posted all the same. */
function asText(specs: OptionSpecs, word: string): string {
  const rest = restOption(specs);
  return rest === undefined ? '' : ` If these are words of the text, write the text as ${rest}:"${word}…".`;
}

function requireWhole(specs: OptionSpecs, option: ScannedOption, text: string): void {
  const { name } = option;
  if (!option.closed) {
    throw usageError(
      'OPTION_INVALID',
      `The quote after ${name}: is not closed: ${shorten(text.slice(option.start))}`,
      `Close it where the value ends: ${name}:"…". A quote inside is written \\".`,
    );
  }
  const following = text[option.end];
  if (option.quoted && following !== undefined && !/\s/.test(following)) {
    throw usageError(
      'OPTION_INVALID',
      `After the closing quote of ${name}: comes “${shorten(text.slice(option.end))}” without a space.`,
      `Write a space after the closing quote; a quote inside the value is written \\".`,
    );
  }
  if (!option.quoted && option.value === '') {
    throw usageError(
      'OPTION_INVALID',
      `${name}: has no value.`,
      `Write it without a space after the colon, with quotes if it has several words: ${name}:"…".${asText(specs, `${name}: `)}`,
    );
  }
}

function requireWholeMoment(option: ScannedOption, text: string): void {
  if (option.quoted) return;
  const second = secondHalf(option.value, text.slice(option.end));
  if (second === undefined) return;
  throw usageError(
    'OPTION_INVALID',
    `${option.name}:${shorten(option.value)} is only the beginning of a time${second ? `; “${second.trim()}” follows it` : ''}.`,
    `Put a time of several words in quotes: ${option.name}:"${shorten(option.value)}${second || ' …'}".`,
  );
}

function switchValue(name: string, value: string): 'yes' | 'no' {
  const word = value.toLowerCase();
  const known = Object.hasOwn(SWITCH_WORDS, word) ? SWITCH_WORDS[word] : undefined;
  if (known) return known;
  throw usageError(
    'OPTION_INVALID',
    `${name}: cannot be “${shorten(value)}”.`,
    `Write ${name}:yes or ${name}:no.`,
  );
}

/** Reads values of one command; each option once, unless its kind collects. */
class Values {
  readonly found: Record<string, string | string[]> = {};
  readonly #specs: OptionSpecs;

  constructor(specs: OptionSpecs) {
    this.#specs = specs;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.found, name);
  }

  add(name: string, spec: OptionSpec, typed: string): void {
    const value = spec.kind === 'text' ? typed : cleanValue(typed);
    const before = this.has(name) ? this.found[name] : undefined;
    if (spec.kind === 'media' || name === ALT_OPTION) {
      if (Array.isArray(before)) before.push(value);
      else this.found[name] = [value];
    } else if (before === undefined) {
      this.found[name] = spec.kind === 'switch' ? switchValue(name, value) : value;
    } else if (spec.kind === 'targets') {
      this.found[name] = `${String(before)},${value}`;
    } else {
      throw usageError(
        'OPTION_INVALID',
        `${name}: is given twice: “${shorten(String(before))}” and “${shorten(value)}”.`,
        `Give ${name}: once.${asText(this.#specs, `${name}:${shorten(value)} `)}`,
      );
    }
  }
}

/** Options that other commands have, by name, with the command: `/post when:…` is a slip, not words to publish. */
export type OptionsElsewhere = ReadonlyMap<string, string>;

/** Options with plain words (a title, a link) are left out: `… link:` at the end of a text is more often part of it. */
function isStrict(spec: OptionSpec | undefined): boolean {
  return spec !== undefined && spec.kind !== 'text';
}

/** An option as the last thing of the text, bare or in quotes. */
const OPTION_AT_END =
  /\s([A-Za-z][A-Za-z0-9_]{0,31}):(?:["“”„«'‘][^"“”»'’]{1,200}["“”»'’]|[^\s"“”„«/][^\s"“”]*)$/;
/** No option at the end of a text is longer; only so much of the text is looked at. */
const END_LOOKED_AT = 300;

/** Options after the words would be published as words, and the post would go to everybody. */
function refuseAtEnd(specs: OptionSpecs, words: string): void {
  const found = OPTION_AT_END.exec(words.trimEnd().slice(-END_LOOKED_AT));
  const name = found?.[1]?.toLowerCase();
  if (!found || name === undefined || !Object.hasOwn(specs, name) || !isStrict(specs[name])) return;
  const option = found[0].trim();
  throw usageError(
    'OPTION_INVALID',
    `“${shorten(option)}” stands after the words, where it would be published with them.`,
    `Options come first: ${shorten(option)} ${shorten(words.trim().slice(0, -option.length).trim())}.${asText(specs, '')}`,
  );
}

/** `to:x` among the words: they would be published with it, and to everybody. */
const NAMES_AMID = /\s([A-Za-z]+):[^\s"“”„«/]\S*\s/g;

function refuseTargetsAmid(specs: OptionSpecs, words: string, isGiven: (name: string) => boolean): void {
  for (const found of words.slice(0, END_LOOKED_AT).matchAll(NAMES_AMID)) {
    const name = found[1]?.toLowerCase() ?? '';
    if (!Object.hasOwn(specs, name) || specs[name]?.kind !== 'targets' || isGiven(name)) continue;
    const option = found[0].trim();
    throw usageError(
      'OPTION_INVALID',
      `“${shorten(option)}” stands among the words, where it would be published with them.`,
      `Options come first: ${shorten(option)} ${shorten(words.replace(found[0], ' ').trim())}.${asText(specs, '')}`,
    );
  }
}

function refuseMisspelt(specs: OptionSpecs, rest: string, elsewhere: OptionsElsewhere): void {
  OPTION_LIKE.lastIndex = 0;
  const name = OPTION_LIKE.exec(rest)?.[1];
  if (name === undefined) return;
  const other = elsewhere.get(name.toLowerCase());
  if (other !== undefined && !Object.hasOwn(specs, name.toLowerCase())) {
    throw usageError(
      'OPTION_UNKNOWN',
      `There is no option “${name}” here; /${other} has it.`,
      `Use /${other}, or leave ${name}: out. Possible here: ${optionList(specs)}.${asText(specs, `${name}:`)}`,
    );
  }
  const nearest = nearestName(name, Object.keys(specs));
  if (nearest === undefined && restOption(specs) !== undefined) return;
  throw usageError(
    'OPTION_UNKNOWN',
    `There is no option “${name}”.${nearest === undefined ? '' : ` Did you mean “${nearest}”?`}`,
    `Possible here: ${optionList(specs)}.${asText(specs, `${name}:`)}`,
  );
}

/**
 * The options in `text`, which is what follows the command's name. Values are raw: moments, accounts and posts are
 * looked up by the desk, which also says what is missing. Free text is kept exactly, line breaks included; it goes to
 * the option with `rest`, or in a command without one to its next open option (`/show K7QPD`, `/start CODE`).
 * Errors: OPTION_UNKNOWN, OPTION_INVALID.
 */
export function parseCommandText(
  definition: CommandDefinition,
  text: string,
  elsewhere: OptionsElsewhere = new Map(),
): RawOptions {
  const specs = definition.options;
  const clean = cleanText(text);
  const { options, restStart } = scanCommandText(specs, clean);
  const values = new Values(specs);
  for (const option of options) {
    const spec = specs[option.name];
    if (!spec) continue;
    requireWhole(specs, option, clean);
    if (spec.kind === 'moment') requireWholeMoment(option, clean);
    values.add(option.name, spec, option.value);
  }
  if (restStart === undefined) return values.found;
  const words = clean.slice(restStart);
  refuseMisspelt(specs, words.trimStart(), elsewhere);
  if (restOption(specs) !== undefined) {
    refuseAtEnd(specs, words);
    refuseTargetsAmid(specs, words, (name) => values.has(name));
  }
  const target = restOption(specs) ?? openOption(specs, (name) => values.has(name));
  const spec = target === undefined ? undefined : specs[target];
  if (target === undefined || !spec) {
    throw usageError(
      'OPTION_UNKNOWN',
      `/${definition.name} does not know what to do with “${shorten(words.trim())}”.`,
      `Possible here: ${optionList(specs)}.`,
    );
  }
  values.add(target, spec, restOption(specs) === undefined ? words.trim() : words);
  return values.found;
}
