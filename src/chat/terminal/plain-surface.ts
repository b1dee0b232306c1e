/** Plain lines for input that is not a terminal: one message a line in, each reply and notice as lines out, in order. */
import { createInterface, type Interface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Ask } from '../../core/command.ts';
import { type DrawnLine, drawReply, newsOf, PLAIN_LOOK } from './draw.ts';
import { plainRows } from './layout.ts';
import { safeLine, safeText } from './safe-text.ts';
import type { TerminalOutput } from './screen.ts';
import type { Message, Surface } from './surface.ts';

const QUOTE = { text: PLAIN_LOOK.quote, style: 'plain' } as const;

const quoted = (value: string): string[] =>
  value === ''
    ? []
    : plainRows({ lead: QUOTE, hanging: QUOTE, spans: [{ text: safeText(value), style: 'plain' }] });

class PlainSurface implements Surface {
  readonly #input: Readable;
  readonly #output: TerminalOutput;
  #reader: Interface | undefined;
  #lines: AsyncIterator<string> | undefined;
  #closed = false;

  constructor(input: Readable, output: TerminalOutput) {
    this.#input = input;
    this.#output = output;
  }

  show({ reply, buttons }: Message): void {
    this.#write(rowsOf(drawReply(reply, buttons, PLAIN_LOOK)));
  }

  change(message: Message, before: Message | undefined): void {
    const rows = rowsOf(newsOf(before, message, PLAIN_LOOK));
    const { card } = message.reply;
    const post = card === undefined ? '' : `#${card}`;
    this.#write(rows.map((row) => (post === '' || row.includes(post) ? row : `${post} ${row}`)));
  }

  /** Progress is for somebody who waits and watches. */
  progress(): void {}

  async answer(ask: Ask, value: string): Promise<string | undefined> {
    this.#write([
      safeLine(ask.title),
      ...quoted(value),
      `The next line is the answer (${safeLine(ask.label)}).`,
    ]);
    const answer = await this.#next();
    return answer === '' ? undefined : answer;
  }

  print(text: string): void {
    this.#write([safeText(text.trimEnd())]);
  }

  async *lines(): AsyncIterable<string> {
    this.#reader = createInterface({
      input: this.#input,
      terminal: false,
      crlfDelay: Number.POSITIVE_INFINITY,
    });
    // It repeats the input's own error, which ends the conversation already.
    this.#reader.on('error', () => undefined);
    // One iterator from the beginning: it holds the input back while a command is in hand, and loses no line.
    this.#lines = this.#reader[Symbol.asyncIterator]();
    for (let line = await this.#next(); line !== undefined; line = await this.#next()) yield line;
  }

  close(): void {
    this.#closed = true;
    this.#reader?.close();
  }

  end(): Promise<void> {
    this.close();
    if (this.#output.writableEnded || this.#output.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#output.write('', () => resolve());
    });
  }

  async #next(): Promise<string | undefined> {
    if (this.#closed || !this.#lines) return undefined;
    const { done, value } = await this.#lines.next();
    return done === true || this.#closed ? undefined : value;
  }

  #write(rows: readonly string[]): void {
    if (rows.length > 0) this.#output.write(`${rows.join('\n')}\n`);
  }
}

const rowsOf = (drawn: readonly DrawnLine[]): string[] => drawn.flatMap((line) => plainRows(line));

export const createPlainSurface = (input: Readable, output: TerminalOutput): Surface =>
  new PlainSurface(input, output);
