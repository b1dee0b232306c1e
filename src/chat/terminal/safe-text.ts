/**
 * Text of any origin, made harmless for a terminal. Posts, names and error messages come from people and networks; an
 * escape sequence in them could recolour, retitle or type into the person's terminal, and a direction override could
 * make a line read as something else. They are shown as visible signs instead of being dropped, because what is shown
 * stands for what will be published.
 */

const LINE_BREAKS = /\r\n?|[\u0085\u2028\u2029]/g;
const C0_CONTROLS = /[\0-\x08\x0B-\x1F]/g;
const OTHER_CONTROLS = /[\x7F-\x9F\u202A-\u202E\u2066-\u2069]|\p{Surrogate}/gu;
/** U+2400 and on are the pictures of the control characters. */
const CONTROL_PICTURES = 0x2400;
const TAB = '    ';

const codePointName = (character: string): string =>
  `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`;

/** `text` with nothing in it that a terminal obeys except `\n`. */
export function safeText(text: string): string {
  return text
    .replace(LINE_BREAKS, '\n')
    .replace(C0_CONTROLS, (control) => String.fromCodePoint(CONTROL_PICTURES + control.charCodeAt(0)))
    .replace(OTHER_CONTROLS, codePointName)
    .replaceAll('\t', TAB);
}

/** The same on one line. */
export function safeLine(text: string): string {
  return safeText(text).replaceAll('\n', ' ');
}
