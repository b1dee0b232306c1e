/**
 * The line being typed: Node's readline with pastes taken as one piece, Ctrl-C that clears before it quits, and
 * completion that is shown by the screen instead of by readline, which would write over messages.
 */
import { createInterface, emitKeypressEvents, type Interface } from 'node:readline';
import type { Readable } from 'node:stream';
import { HISTORY_MAX, type History } from './history.ts';
import { KeyStream, PASTE_END, PASTE_MODE_OFF, PASTE_MODE_ON, pasteAsLine } from './paste.ts';
import { COLUMNS_DEFAULT, type PromptLine, type TerminalOutput } from './screen.ts';
import { cutToWidth, displayWidth } from './width.ts';

/** Tab stops of terminals, and readline's own assumption. */
const TAB_STOP = 8;

export interface LineEditorEvents {
  line(line: string): void;
  /** Ctrl-C. `line` is what was being typed. */
  interrupt(line: string): void;
  /** Any other key. */
  key(name: string | undefined, control: boolean): void;
  /** What the word before the cursor is completed to: what replaces the end of the line from `from`, undefined for nothing. */
  complete(line: string): Promise<{ from: number; insert: string } | undefined>;
  /** Ctrl-D, or the terminal has gone. */
  closed(): void;
  /** The program was in the background. */
  resumed(): void;
}

interface Key {
  readonly name?: string;
  readonly sequence?: string;
  readonly ctrl?: boolean;
}

const expandTabs = (text: string): string => {
  if (!text.includes('\t')) return text;
  return text
    .split('\t')
    .reduce((line, part) => line + ' '.repeat(TAB_STOP - (displayWidth(line) % TAB_STOP)) + part);
};

/** A number chose something that is over; given again it would choose something else. */
const isWorthKeeping = (line: string): boolean => /[^\s\d]/.test(line);

export class LineEditor implements PromptLine {
  readonly #keys: KeyStream;
  readonly #output: TerminalOutput;
  readonly #reader: Interface;
  #shown: (text: string) => string = (text) => text;
  #prompt = '';
  #remembers = true;
  #lastRemembered: string | undefined;

  constructor(input: Readable, output: TerminalOutput, history: History, events: LineEditorEvents) {
    this.#keys = new KeyStream(input);
    this.#output = output;
    this.#lastRemembered = history.lines[0];
    // Before readline asks for them: when it asks itself, it inserts keys that arrive together without noticing that the
    // line has wrapped, and then draws from a wrong row.
    emitKeypressEvents(this.#keys);
    this.#reader = createInterface({
      input: this.#keys,
      output,
      terminal: true,
      history: [...history.lines],
      historySize: HISTORY_MAX,
      completer: (line: string, done: (error: null, result: [string[], string]) => void) => {
        const answer = (found: { from: number; insert: string } | undefined): void => {
          const typed = line.slice(found?.from ?? line.length);
          // Only what readline applies at once; anything else it would list by itself.
          const applies = found !== undefined && found.insert !== typed && !typed.startsWith(found.insert);
          done(null, applies ? [[found.insert], typed] : [[], typed]);
        };
        // Who completes has logged why it failed; the key then does nothing.
        events.complete(line).then(answer, () => answer(undefined));
      },
    });
    this.#reader.on('history', (lines: string[]) => this.#forget(lines));
    this.#reader.on('line', (line) => {
      if (this.#remembers && isWorthKeeping(line)) history.add(line);
      events.line(line);
    });
    this.#reader.on('SIGINT', () => events.interrupt(this.#reader.line));
    this.#reader.on('SIGCONT', () => {
      output.write(PASTE_MODE_ON);
      events.resumed();
      this.draw();
    });
    this.#reader.once('close', () => events.closed());
    this.#keys.on('keypress', (_text: string | undefined, key: Key | undefined) => {
      if (key?.sequence === PASTE_END) this.#insertPaste();
      else if (!(key?.ctrl === true && key.name === 'c')) events.key(key?.name, key?.ctrl === true);
    });
    output.write(PASTE_MODE_ON);
  }

  get line(): string {
    return this.#reader.line;
  }

  /**
   * The prompt before the line; `paint` colours it. `remembers`: what is entered goes into
   * the history; an answer to a question is words of a post, not a message to give again.
   */
  setPrompt(prompt: string, paint: (text: string) => string, remembers: boolean): void {
    this.#prompt = prompt;
    this.#shown = paint;
    this.#remembers = remembers;
    this.#reader.setPrompt(paint(prompt));
  }

  /** Puts `line` in place of what is being typed. */
  replaceLine(line: string): void {
    this.#reader.write(null, { ctrl: true, name: 'e' });
    this.#reader.write(null, { ctrl: true, name: 'u' });
    if (line !== '') this.#reader.write(line);
  }

  /** The rows that prompt and `line` take as readline leaves them. */
  rowsOf(line: string): string[] {
    const columns = this.#output.columns || COLUMNS_DEFAULT;
    const pieces = cutToWidth(expandTabs(this.#prompt + line), columns);
    // A full last row puts the cursor on the next one.
    if (displayWidth(pieces.at(-1) ?? '') === columns) pieces.push('');
    const first = pieces[0] ?? '';
    const painted = first.startsWith(this.#prompt)
      ? this.#shown(this.#prompt) + first.slice(this.#prompt.length)
      : first;
    return [painted, ...pieces.slice(1)];
  }

  rowsAboveCursor(): number {
    return this.#reader.getCursorPos().rows;
  }

  rows(): number {
    return this.rowsOf(this.#reader.line).length;
  }

  draw(): void {
    this.#reader.prompt(true);
  }

  close(): void {
    this.#output.write(PASTE_MODE_OFF);
    this.#reader.close();
    this.#keys.detach();
  }

  #insertPaste(): void {
    const pasted = this.#keys.takePaste();
    if (pasted !== undefined && pasted !== '') this.#reader.write(pasteAsLine(pasted));
  }

  #forget(lines: string[]): void {
    if (this.#remembers && isWorthKeeping(lines[0] ?? '')) this.#lastRemembered = lines[0];
    else if (lines[0] !== this.#lastRemembered) lines.shift();
  }
}
