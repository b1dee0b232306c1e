/**
 * The part of the terminal that is ours to draw: messages one under the other, and the line being typed below them.
 * Messages that are still on the screen can be drawn anew; what has scrolled away belongs to the terminal.
 */
import type { Writable } from 'node:stream';

export type TerminalOutput = Writable & { isTTY?: boolean; columns?: number; rows?: number };

/** The line being typed, as the line editor knows it. */
export interface PromptLine {
  /** Rows between the prompt's first row and the cursor's. */
  rowsAboveCursor(): number;
  /** All rows of prompt and line. */
  rows(): number;
  /** Draws prompt and line, `rowsAboveCursor()` rows above the cursor, the cursor in its place. */
  draw(): void;
}

interface ScreenBlock {
  readonly id: string;
  readonly rows: readonly string[];
  /** Stands below everything else until it is removed: progress, suggestions, hints. */
  readonly passing: boolean;
}

/** Control sequences of ECMA-48 and of the DEC VT100 (auto-wrap), which every terminal in use knows. */
const up = (rows: number): string => (rows > 0 ? `\x1b[${rows}A` : '');
const CLEAR_BELOW = '\r\x1b[J';
/** Without auto-wrap a row stays one row, even where the terminal and we disagree about the width of an emoji. */
const AUTO_WRAP_OFF = '\x1b[?7l';
const AUTO_WRAP_ON = '\x1b[?7h';
export const COLUMNS_DEFAULT = 80;
const ROWS_DEFAULT = 24;

export class Screen {
  prompt: PromptLine | undefined;
  readonly #output: TerminalOutput;
  #blocks: readonly ScreenBlock[] = [];

  constructor(output: TerminalOutput) {
    this.#output = output;
  }

  get columns(): number {
    return this.#output.columns || COLUMNS_DEFAULT;
  }

  get height(): number {
    return this.#output.rows || ROWS_DEFAULT;
  }

  /** Adds a message below the others. */
  append(id: string, rows: readonly string[]): void {
    const lasting = this.#blocks.filter((block) => !block.passing);
    const passing = this.#blocks.filter((block) => block.passing);
    this.#become([...lasting, { id, rows, passing: false }, ...passing]);
  }

  /** Draws a message anew. False, and nothing is drawn, when it is not wholly on the screen any more. */
  replace(id: string, rows: readonly string[]): boolean {
    const index = this.#blocks.findIndex((block) => block.id === id && !block.passing);
    if (index < 0 || !this.#reachable(index)) return false;
    this.#become(this.#blocks.map((block, at) => (at === index ? { ...block, rows } : block)));
    return true;
  }

  /** Shows rows below all messages until the next call with the same id; no rows take them away. */
  pass(id: string, rows: readonly string[]): void {
    const others = this.#blocks.filter((block) => !(block.passing && block.id === id));
    if (others.length === this.#blocks.length && rows.length === 0) return;
    this.#become(rows.length === 0 ? others : [...others, { id, rows, passing: true }]);
  }

  /** The line editor has left these rows above itself: a line that was entered. */
  entered(rows: readonly string[]): void {
    this.#keep([...this.#blocks, { id: '', rows, passing: false }]);
  }

  /** Takes the line being typed off the screen for good. */
  leavePrompt(): void {
    const above = this.prompt?.rowsAboveCursor() ?? 0;
    this.prompt = undefined;
    this.#output.write(up(above) + CLEAR_BELOW);
  }

  /** The screen is not as it was drawn: cleared, resized, or another program wrote on it. */
  forget(): void {
    this.#blocks = [];
  }

  #height(from: number): number {
    return this.#blocks.slice(from).reduce((sum, block) => sum + block.rows.length, 0);
  }

  #reachable(index: number): boolean {
    return this.#height(index) + (this.prompt?.rows() ?? 1) <= this.height;
  }

  /** Draws from the first block that differs. */
  #become(next: readonly ScreenBlock[]): void {
    let first = 0;
    while (first < this.#blocks.length && this.#blocks[first] === next[first]) first += 1;
    // Passing rows that have scrolled away stay where they are; what is new is drawn below.
    const reachable = this.#reachable(first);
    const climb = reachable ? this.#height(first) : 0;
    const fresh = reachable ? next.slice(first) : next.filter((block) => !this.#blocks.includes(block));
    const above = this.prompt?.rowsAboveCursor() ?? 0;
    const rows = fresh.flatMap((block) => block.rows);
    // The empty lines make room for the prompt's rows: the line editor draws from that far above the cursor.
    const drawing = `${AUTO_WRAP_OFF}${rows.map((row) => `${row}\r\n`).join('')}${AUTO_WRAP_ON}${'\n'.repeat(above)}`;
    this.#output.cork();
    this.#output.write(up(above + climb) + CLEAR_BELOW + drawing);
    this.#keep(reachable ? next : [...this.#blocks.filter((block) => next.includes(block)), ...fresh]);
    this.prompt?.draw();
    this.#output.uncork();
  }

  #keep(blocks: readonly ScreenBlock[]): void {
    let height = 0;
    let from = blocks.length;
    while (from > 0 && height <= this.height) {
      from -= 1;
      height += blocks[from]?.rows.length ?? 0;
    }
    this.#blocks = blocks.slice(from);
  }
}
