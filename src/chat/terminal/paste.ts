/**
 * Pasted text as one piece. Without this the line breaks of a pasted post would send its first line as the message and
 * each other line as a message of its own. The terminal marks pastes once it is asked to ("bracketed paste",
 * https://invisible-island.net/xterm/ctlseqs/ctlseqs.html#h2-Bracketed-Paste-Mode).
 */

import { type Readable, Transform } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { cleanText } from '../../core/clean-text.ts';
import { toOneLine } from './escapes.ts';

export const PASTE_MODE_ON = '\x1b[?2004h';
export const PASTE_MODE_OFF = '\x1b[?2004l';
const PASTE_START = '\x1b[200~';
export const PASTE_END = '\x1b[201~';

/** A pasted text as it is put into the line being typed; one that has several lines gets its breaks written as `\n`. */
export function pasteAsLine(pasted: string): string {
  const text = cleanText(pasted).replace(/\n+$/, '');
  return text.includes('\n') ? toOneLine(text) : text;
}

/** Length of the longest end of `text` that may be the beginning of `marker`; a lone Escape is a key of its own. */
function openEnd(text: string, marker: string): number {
  for (let length = Math.min(text.length, marker.length - 1); length > 1; length -= 1) {
    if (text.endsWith(marker.slice(0, length))) return length;
  }
  return 0;
}

/**
 * The keys typed at `terminal`. A paste arrives as its end marker alone, in its place among the keys; `takePaste` then
 * gives the pasted text.
 */
export class KeyStream extends Transform {
  readonly #terminal: Readable & { isTTY?: boolean; isRaw?: boolean; setRawMode?: (on: boolean) => unknown };
  readonly #decoder = new StringDecoder('utf8');
  readonly #pastes: string[] = [];
  #held = '';
  #pasting: string[] | undefined;

  constructor(terminal: Readable) {
    super({ decodeStrings: true });
    this.#terminal = terminal;
    terminal.pipe(this);
  }

  get isTTY(): boolean {
    return true;
  }

  get isRaw(): boolean {
    return this.#terminal.isRaw === true;
  }

  setRawMode(on: boolean): this {
    this.#terminal.setRawMode?.(on);
    return this;
  }

  takePaste(): string | undefined {
    return this.#pastes.shift();
  }

  /** Gives the terminal back. */
  detach(): void {
    this.#terminal.unpipe(this);
    this.#terminal.pause();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    let text = this.#held + this.#decoder.write(chunk);
    this.#held = '';
    while (text !== '') {
      const marker = this.#pasting ? PASTE_END : PASTE_START;
      const at = text.indexOf(marker);
      const held = at < 0 ? openEnd(text, marker) : 0;
      const before = text.slice(0, at < 0 ? text.length - held : at);
      if (this.#pasting) this.#pasting.push(before);
      else if (before !== '') this.push(before);
      if (at < 0) {
        this.#held = held > 0 ? text.slice(-held) : '';
        break;
      }
      text = text.slice(at + marker.length);
      if (this.#pasting) {
        this.#pastes.push(this.#pasting.join(''));
        this.push(PASTE_END);
      }
      this.#pasting = this.#pasting ? undefined : [];
    }
    done();
  }
}
