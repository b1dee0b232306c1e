/** The chat as a person at a terminal sees it: messages above, the line being typed below, each in its place. */
import type { Readable } from 'node:stream';
import { cleanText } from '../../core/clean-text.ts';
import type { Ask } from '../../core/command.ts';
import { candidateLines, commonBeginning } from './candidates.ts';
import { type DrawnLine, drawReply, newsOf, TERMINAL_LOOK } from './draw.ts';
import { toOneLine } from './escapes.ts';
import type { History } from './history.ts';
import { type Paint, paintColour, paintPlain, type Style, wrapLine } from './layout.ts';
import { LineEditor } from './line-editor.ts';
import { LineQueue } from './line-queue.ts';
import { safeLine, safeText } from './safe-text.ts';
import { Screen, type TerminalOutput } from './screen.ts';
import type { Candidate, LineHandlers, Message, Surface } from './surface.ts';

const PROMPT = '› ';
const NO_LEAD = { text: '', style: 'plain' } as const;
/** Blocks that pass: they go when the next key or line comes. */
const PROGRESS = 'progress';
const CANDIDATES = 'candidates';
const HINT = 'hint';
/** Rows of the screen that a list of candidates leaves to messages and the line being typed. */
const KEPT_ROWS = 8;
const CANDIDATES_MIN = 6;

export interface TtyOptions {
  readonly input: Readable;
  readonly output: TerminalOutput;
  readonly history: History;
  readonly colour: boolean;
}

class TtySurface implements Surface {
  readonly #options: TtyOptions;
  readonly #paint: Paint;
  readonly #screen: Screen;
  readonly #queue = new LineQueue();
  readonly #onResize = (): void => this.#screen.forget();
  #editor: LineEditor | undefined;
  #answering: ((answer: string | undefined) => void) | undefined;
  #quitsNext = false;
  #closed = false;

  constructor(options: TtyOptions) {
    this.#options = options;
    this.#paint = options.colour ? paintColour : paintPlain;
    this.#screen = new Screen(options.output);
  }

  show(message: Message): void {
    this.#screen.append(message.id, [
      ...this.#rows(drawReply(message.reply, message.buttons, TERMINAL_LOOK)),
      '',
    ]);
  }

  change(message: Message, before: Message | undefined): void {
    const lines = drawReply(message.reply, message.buttons, TERMINAL_LOOK);
    if (before && this.#screen.replace(message.id, [...this.#rows(lines), ''])) return;
    // It has scrolled away: only what is new, with the post that it is about.
    const fresh = newsOf(before, message, TERMINAL_LOOK);
    if (fresh.length === 0) return;
    const post = message.reply.card === undefined ? '' : `#${message.reply.card}`;
    const named = post === '' || fresh.some((line) => line.spans.some(({ text }) => text.includes(post)));
    this.#screen.append('', [...(named ? [] : this.#styled(post, 'strong')), ...this.#rows(fresh), '']);
  }

  progress(words: string | undefined): void {
    this.#screen.pass(PROGRESS, words === undefined ? [] : this.#styled(`… ${safeLine(words)}`, 'dim'));
  }

  answer(ask: Ask, value: string): Promise<string | undefined> {
    const editor = this.#editor;
    if (!editor) return Promise.resolve(undefined);
    const breaks = ask.multiline ? ' · \\n is a new line' : '';
    this.#screen.append('', [
      ...this.#styled(safeLine(ask.title), 'strong'),
      ...this.#styled(`Enter sends · Ctrl-C leaves it as it is${breaks}`, 'dim'),
    ]);
    const typing = editor.line;
    editor.setPrompt(`${safeLine(ask.label)}${PROMPT}`, this.#paintPrompt, false);
    editor.replaceLine(toOneLine(cleanText(value)));
    editor.draw();
    return new Promise((resolve) => {
      this.#answering = (answer) => {
        this.#answering = undefined;
        if (!this.#closed) {
          editor.setPrompt(PROMPT, this.#paintPrompt, true);
          // What the person had begun before the question came is given back.
          editor.replaceLine(typing);
          editor.draw();
        }
        resolve(answer === '' ? undefined : answer);
      };
    });
  }

  print(text: string): void {
    this.#screen.append('', this.#styled(safeText(text.trimEnd()), 'plain'));
  }

  async *lines(handlers: LineHandlers): AsyncIterable<string> {
    const editor = new LineEditor(this.#options.input, this.#options.output, this.#options.history, {
      line: (line) => this.#entered(line),
      interrupt: (line) => this.#interrupted(line, handlers),
      key: (name, control) => this.#keyPressed(name, control),
      complete: (line) => this.#complete(line, handlers),
      // Ctrl-D says that nothing more comes, not that what was typed does not count.
      closed: () => this.#leave(false),
      resumed: () => this.#screen.forget(),
    });
    this.#editor = editor;
    editor.setPrompt(PROMPT, this.#paintPrompt, true);
    this.#screen.prompt = editor;
    this.#options.output.on('resize', this.#onResize);
    editor.draw();
    for (let line = await this.#queue.next(); line !== undefined; line = await this.#queue.next()) yield line;
  }

  close(): void {
    this.#leave(true);
  }

  /** The person left, or is shut out; `drop`: what was typed ahead is not carried out. */
  #leave(drop: boolean): void {
    if (this.#closed) return;
    this.#closed = true;
    // First, because the line editor may be closed already and cannot draw its line any more.
    this.#screen.leavePrompt();
    this.#screen.pass(HINT, []);
    this.#screen.pass(CANDIDATES, []);
    this.#options.output.off('resize', this.#onResize);
    this.#editor?.close();
    this.#answering?.(undefined);
    this.#queue.close(drop);
  }

  async end(): Promise<void> {
    this.close();
    await this.#options.history.settled();
    const { output } = this.#options;
    if (output.writableEnded || output.destroyed) return;
    await new Promise<void>((resolve) => {
      output.write('', () => resolve());
    });
  }

  readonly #paintPrompt = (text: string): string => this.#paint({ text, style: 'accent' });

  #rows(lines: readonly DrawnLine[]): string[] {
    return lines.flatMap((line) => wrapLine(line, this.#screen.columns, this.#paint));
  }

  #styled(text: string, style: Style): string[] {
    return wrapLine(
      { lead: NO_LEAD, hanging: NO_LEAD, spans: [{ text, style }] },
      this.#screen.columns,
      this.#paint,
    );
  }

  #entered(line: string): void {
    const editor = this.#editor;
    if (!editor || this.#closed) return;
    this.#screen.entered(editor.rowsOf(line));
    this.#screen.pass(CANDIDATES, []);
    this.#screen.pass(HINT, []);
    if (this.#answering) this.#answering(line);
    else this.#queue.push(line);
    if (!this.#closed) editor.draw();
  }

  #interrupted(line: string, handlers: LineHandlers): void {
    this.#screen.pass(CANDIDATES, []);
    if (this.#answering) {
      this.#answering(undefined);
    } else if (line !== '') {
      this.#editor?.replaceLine('');
      this.#quitsNext = true;
      this.#hint('Line cleared. Ctrl-C again, or /quit, leaves Carillon.');
    } else if (this.#quitsNext) {
      this.close();
    } else if (handlers.interrupt()) {
      this.#hint('Stopping what is in hand …');
    } else {
      this.#quitsNext = true;
      this.#hint('Ctrl-C again, or /quit, leaves Carillon.');
    }
  }

  #keyPressed(name: string | undefined, control: boolean): void {
    this.#quitsNext = false;
    if (this.#closed) return;
    if (control && name === 'l') this.#screen.forget();
    // Enter is dealt with once its line has been left above.
    if (name === 'tab' || name === 'return' || name === 'enter') return;
    this.#screen.pass(HINT, []);
    this.#screen.pass(CANDIDATES, []);
  }

  async #complete(
    line: string,
    handlers: LineHandlers,
  ): Promise<{ from: number; insert: string } | undefined> {
    if (this.#answering) return undefined;
    const { from, candidates } = await handlers.complete(line);
    if (this.#closed) return undefined;
    this.#list(candidates);
    return candidates.length === 0 ? undefined : { from, insert: commonBeginning(candidates) };
  }

  #list(candidates: readonly Candidate[]): void {
    const limit = Math.max(CANDIDATES_MIN, this.#screen.height - KEPT_ROWS);
    const lines = candidates.length > 1 ? candidateLines(candidates, limit) : [];
    const rows = lines.map((line) => {
      const [row = '', ...more] = wrapLine(line, this.#screen.columns, this.#paint);
      return more.length > 0 ? `${row}…` : row;
    });
    this.#screen.pass(CANDIDATES, rows);
  }

  #hint(words: string): void {
    this.#screen.pass(HINT, this.#styled(words, 'dim'));
  }
}

/** A chat on a terminal. It draws nothing but messages until `lines` is read. */
export const createTtySurface = (options: TtyOptions): Surface => new TtySurface(options);
