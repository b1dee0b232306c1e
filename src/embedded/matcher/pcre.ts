/** Rewrites a PCRE pattern for JavaScript's `u` mode; see regex.ts. Source: https://www.pcre.org/current/doc/html/pcre2pattern.html */
import { MongoError, notSupported } from '../errors.ts';
import {
  AT_DOLLAR,
  AT_LINE_START,
  CLASS_ESCAPES,
  ESCAPES,
  POSIX,
  SAME_IN_BOTH,
  SAME_IN_CLASS,
} from './pcre-tables.ts';

export interface TranslatedPattern {
  readonly source: string;
  readonly ignoreCase: boolean;
}

interface Flags {
  multiline: boolean;
  dotAll: boolean;
  extended: boolean;
}

const SYNTAX = /[\^$\\.*+?()[\]{}|/]/;
const CLASS_SYNTAX = /[\^$\\.*+?()[\]{}|/-]/;
const INLINE_FLAGS = /^\(\?([imsx]+)\)/;
const GROUP = /^\(\?(?::|=|!|<=|<!)/;
const NAMED_GROUP = /^\(\?(?:P?<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')/;
const QUANTIFIER = /^(?:[*+?]|\{\d+(?:,\d*)?\})/;

/** @throws MongoError when the pattern uses what JavaScript has no counterpart for */
export function translatePattern(pattern: string, flags: string): TranslatedPattern {
  const state: Flags = {
    multiline: flags.includes('m'),
    dotAll: flags.includes('s'),
    extended: flags.includes('x'),
  };
  let ignoreCase = flags.includes('i');
  let rest = pattern;
  // Flags at the very beginning hold for the whole pattern; elsewhere they would need scopes.
  for (let inline = INLINE_FLAGS.exec(rest); inline; inline = INLINE_FLAGS.exec(rest)) {
    const names = inline[1] ?? '';
    ignoreCase ||= names.includes('i');
    state.multiline ||= names.includes('m');
    state.dotAll ||= names.includes('s');
    state.extended ||= names.includes('x');
    rest = rest.slice(inline[0].length);
  }
  return { source: new Translator(rest, state).run(), ignoreCase };
}

class Translator {
  private readonly text: string;
  private readonly flags: Flags;
  private position = 0;
  private output = '';

  constructor(text: string, flags: Flags) {
    this.text = text;
    this.flags = flags;
  }

  run(): string {
    while (this.position < this.text.length) this.token();
    return this.output;
  }

  private token(): void {
    const character = this.take();
    switch (character) {
      case '\\':
        this.escape();
        return;
      case '[':
        this.characterClass();
        return;
      case '(':
        this.group();
        return;
      case '.':
        this.output += this.flags.dotAll ? '[^]' : '[^\\n]';
        return;
      case '^':
        this.output += this.flags.multiline ? AT_LINE_START : '(?<![^])';
        return;
      case '$':
        this.output += this.flags.multiline ? '(?![^\\n])' : AT_DOLLAR;
        return;
      default:
        this.literalOrQuantifier(character);
    }
  }

  private literalOrQuantifier(character: string): void {
    if (this.flags.extended && /[\t\n\v\f\r ]/.test(character)) return;
    if (this.flags.extended && character === '#') {
      const end = this.text.indexOf('\n', this.position);
      this.position = end < 0 ? this.text.length : end + 1;
      return;
    }
    const quantifier = QUANTIFIER.exec(character + this.text.slice(this.position));
    if (quantifier) {
      this.position += quantifier[0].length - 1;
      this.output += quantifier[0];
      if (this.peek() === '+') refuse('possessive quantifier');
      if (this.peek() === '?') this.output += this.take();
      return;
    }
    // A brace or bracket that opens nothing is a literal in PCRE and an error in JavaScript's strict mode.
    this.output += /[{}\]/]/.test(character) ? `\\${character}` : character;
  }

  private escape(): void {
    if (this.position >= this.text.length)
      throw new MongoError(51091, 'Regular expression is invalid: \\ at end of pattern');
    const character = this.take();
    if (character === 'Q') this.quoted();
    else if (SAME_IN_BOTH.has(character)) this.output += `\\${character}`;
    else if (ESCAPES[character] !== undefined) this.output += ESCAPES[character];
    else this.numericOrLiteral(character, SYNTAX);
  }

  private quoted(): void {
    const end = this.text.indexOf('\\E', this.position);
    const literal = this.text.slice(this.position, end < 0 ? undefined : end);
    this.position = end < 0 ? this.text.length : end + 2;
    this.output += literal.replace(/[\^$\\.*+?()[\]{}|/]/g, '\\$&');
  }

  private numericOrLiteral(character: string, syntax: RegExp): void {
    const rest = this.text.slice(this.position);
    if (character === 'x') {
      const hex = /^(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{1,2}))/.exec(rest);
      this.position += hex?.[0].length ?? 0;
      this.output += `\\u{${hex?.[1] ?? hex?.[2] ?? '0'}}`;
    } else if (character === 'p' || character === 'P') {
      const property = /^\{(\^?)([A-Za-z_&]+)\}/.exec(rest) ?? /^()([A-Z])/.exec(rest);
      if (!property) refuse(`\\${character}`);
      this.position += property[0].length;
      this.output += `\\${property[1] ? 'P' : character}{${property[2]?.length && property[2].length > 2 ? 'Script=' : ''}${property[2]}}`;
    } else if (/[1-9]/.test(character) && syntax === SYNTAX && !/^\d/.test(rest)) {
      this.output += `\\${character}`;
    } else if (/[A-Za-z0-9]/.test(character)) {
      refuse(`\\${character}`);
    } else {
      this.output += syntax.test(character) ? `\\${character}` : character;
    }
  }

  private group(): void {
    const rest = this.text.slice(this.position - 1);
    const named = NAMED_GROUP.exec(rest);
    const opening = GROUP.exec(rest)?.[0] ?? (named ? `(?<${named[1] ?? named[2]}>` : undefined);
    if (rest.startsWith('(?#')) {
      const end = this.text.indexOf(')', this.position);
      this.position = end < 0 ? this.text.length : end + 1;
    } else if (opening !== undefined) {
      this.position += (named?.[0].length ?? opening.length) - 1;
      this.output += opening;
    } else if (/^\([?*]/.test(rest)) {
      refuse(`'${rest.slice(0, 4)}'`);
    } else {
      this.output += '(';
    }
  }

  private characterClass(): void {
    this.output += '[';
    if (this.peek() === '^') this.output += this.take();
    if (this.peek() === ']') this.output += `\\${this.take()}`;
    while (this.position < this.text.length) {
      const character = this.take();
      if (character === ']') {
        this.output += ']';
        return;
      }
      if (character === '\\') this.classEscape();
      else if (character === '[' && /^[:.=]/.test(this.peek())) this.posixClass();
      else this.output += /[[({})/|]/.test(character) ? `\\${character}` : character;
    }
    throw new MongoError(51091, 'Regular expression is invalid: missing terminating ] for character class');
  }

  private classEscape(): void {
    const character = this.take();
    if (SAME_IN_CLASS.has(character)) this.output += `\\${character}`;
    else if (CLASS_ESCAPES[character] !== undefined) this.output += CLASS_ESCAPES[character];
    else if (/[SHVNRQE]/.test(character)) refuse(`\\${character} in a class`);
    else this.numericOrLiteral(character, CLASS_SYNTAX);
  }

  private posixClass(): void {
    const match = /^:([a-z]+):\]/.exec(this.text.slice(this.position));
    const content = match ? POSIX[match[1] ?? ''] : undefined;
    if (!match || content === undefined) {
      if (/^[:.=][^\]]*[:.=]\]/.test(this.text.slice(this.position))) refuse('of this POSIX class');
      this.output += '\\[';
      return;
    }
    this.position += match[0].length;
    this.output += content;
  }

  private peek(): string {
    return this.text[this.position] ?? '';
  }

  private take(): string {
    // By code point, so that a character beyond the basic plane stays whole.
    const character = String.fromCodePoint(this.text.codePointAt(this.position) ?? 0);
    this.position += character.length;
    return character;
  }
}

function refuse(feature: string): never {
  throw notSupported(`The regular expression feature ${feature}`, 2);
}
