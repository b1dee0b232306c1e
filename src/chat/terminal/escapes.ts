/**
 * Line breaks in a message of one line: `\n` in the text of a post stands for one, `\\` for a backslash; any other
 * backslash is itself. In values that are looked up (paths, times, targets) a backslash is always a backslash.
 */
import { cleanText } from '../../core/clean-text.ts';
import type { OptionSpecs } from '../../core/command.ts';
import { restOption, scanCommandText } from '../../core/command-text-scan.ts';

const ESCAPES = /\\([n\\])/g;
/** Quoted values are unescaped by the reader of commands, so their other escapes pass through in pairs. */
const QUOTED_ESCAPES = /\\([\s\S])/g;
const NEEDS_ESCAPE = /\\(?=[n\\\n])|\n/g;

/** Text with line breaks from text typed on one line. */
export function fromOneLine(typed: string): string {
  return typed.replace(ESCAPES, (_, escaped: string) => (escaped === 'n' ? '\n' : '\\'));
}

/** Text on one line, such that `fromOneLine` gives it back exactly. */
export function toOneLine(text: string): string {
  return text.replace(NEEDS_ESCAPE, (found) => (found === '\n' ? '\\n' : '\\\\'));
}

/** The text after a command's name with the line breaks that its words stand for. */
export function commandFromOneLine(specs: OptionSpecs, typed: string): string {
  const clean = cleanText(typed);
  const { options, restStart } = scanCommandText(specs, clean);
  const pieces: string[] = [];
  let from = 0;
  for (const option of options) {
    if (!option.quoted || specs[option.name]?.kind !== 'text') continue;
    const value = clean.slice(option.valueStart, option.end);
    pieces.push(clean.slice(from, option.valueStart));
    pieces.push(value.replace(QUOTED_ESCAPES, (pair, escaped: string) => (escaped === 'n' ? '\n' : pair)));
    from = option.end;
  }
  if (restStart === undefined || restOption(specs) === undefined) pieces.push(clean.slice(from));
  else pieces.push(clean.slice(from, restStart), fromOneLine(clean.slice(restStart)));
  return pieces.join('');
}
