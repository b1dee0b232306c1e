/**
 * A terminal without a device: takes keys, and understands the few control sequences that a line editor sends, so that
 * a test reads the screen as a person sees it. Any other sequence is an error.
 */
import { PassThrough, Writable } from 'node:stream';
import { graphemes } from '../../../src/chat/terminal/width.ts';

const SEQUENCE = /^\x1b\[([?]?)([\d;]*)([A-Za-z])/;
const WIDE =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFF01-\uFF60])/u;
const NO_WIDTH = /^\p{Mn}$/u;

export class VirtualTerminal extends Writable {
  readonly isTTY = true;
  columns: number;
  rows: number;
  readonly input = Object.assign(new PassThrough(), {
    isTTY: true,
    isRaw: false,
    setRawMode(this: { isRaw: boolean }, on: boolean) {
      this.isRaw = on;
    },
  });
  /** Everything written, control sequences included. */
  raw = '';
  pasteMode = false;
  #lines: string[][] = [[]];
  #row = 0;
  #column = 0;
  #top = 0;
  #wraps = true;

  constructor(columns = 60, rows = 24) {
    super({ decodeStrings: false });
    this.columns = columns;
    this.rows = rows;
  }

  type(keys: string): void {
    this.input.write(keys);
  }

  paste(text: string): void {
    this.input.write(`\x1b[200~${text}\x1b[201~`);
  }

  /** What has ever been on the screen, above and on it, without trailing blanks. */
  all(): string {
    return this.#lines
      .map((line) => line.join('').trimEnd())
      .join('\n')
      .trimEnd();
  }

  screen(): string {
    return this.#lines
      .slice(this.#top)
      .map((line) => line.join('').trimEnd())
      .join('\n')
      .trimEnd();
  }

  /** The row of the cursor, and how many columns lie left of it. */
  cursor(): { line: string; column: number } {
    return { line: (this.#lines[this.#row] ?? []).join('').trimEnd(), column: this.#column };
  }

  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    this.emit('resize');
  }

  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
    let text = chunk.toString();
    this.raw += text;
    while (text !== '') {
      const sequence = SEQUENCE.exec(text);
      const length = sequence
        ? sequence[0].length
        : text.startsWith('\x1b')
          ? -1
          : text.search(/[\x1b\r\n]|$/) || 1;
      if (length < 0) throw new Error(`unknown sequence ${JSON.stringify(text.slice(0, 12))}`);
      if (sequence) this.#obey(sequence[1] ?? '', sequence[2] ?? '', sequence[3] ?? '');
      else if (text.startsWith('\r')) this.#column = 0;
      else if (text.startsWith('\n')) this.#down();
      else for (const grapheme of graphemes(text.slice(0, length))) this.#put(grapheme);
      text = text.slice(length);
    }
    done();
  }

  #obey(mark: string, parameters: string, command: string): void {
    const count = Number(parameters || '1');
    if (mark === '?') {
      if (parameters === '7') this.#wraps = command === 'h';
      else if (parameters === '2004') this.pasteMode = command === 'h';
      else throw new Error(`unknown mode ${parameters}`);
    } else if (command === 'A') this.#row = Math.max(this.#top, this.#row - count);
    else if (command === 'B') this.#row = Math.min(this.#top + this.rows - 1, this.#row + count);
    else if (command === 'C') this.#column = Math.min(this.columns - 1, this.#column + count);
    else if (command === 'D') this.#column = Math.max(0, this.#column - count);
    else if (command === 'G') this.#column = count - 1;
    else if (command === 'H') [this.#row, this.#column] = [this.#top, 0];
    else if (command === 'J') {
      this.#lines.length = this.#row + 1;
      this.#lines[this.#row]?.splice(this.#column);
    } else if (command === 'K') this.#lines[this.#row]?.splice(this.#column);
    else if (command !== 'm') throw new Error(`unknown command ${command}`);
  }

  #down(): void {
    this.#row += 1;
    this.#lines[this.#row] ??= [];
    this.#top = Math.max(this.#top, this.#row - this.rows + 1);
  }

  #put(grapheme: string): void {
    const width = NO_WIDTH.test(grapheme) ? 0 : WIDE.test(grapheme) || grapheme.includes('\uFE0F') ? 2 : 1;
    if (this.#column + width > this.columns) {
      if (!this.#wraps) return;
      this.#column = 0;
      this.#down();
    }
    const line = this.#lines[this.#row] ?? [];
    this.#lines[this.#row] = line;
    while (line.length < this.#column) line.push(' ');
    line[this.#column] = grapheme;
    if (width === 2) line[this.#column + 1] = '';
    this.#column += width;
  }
}
