/** What a conversation needs of the place where it is shown; one for a person at a terminal, one for plain lines. */
import type { Ask } from '../../core/command.ts';
import type { Reply } from '../../core/reply.ts';
import type { NumberedButton } from './choices.ts';

export interface Message {
  readonly id: string;
  readonly reply: Reply;
  readonly buttons: readonly NumberedButton[];
}

export interface Surface {
  /** Shows a new message. */
  show(message: Message): void;
  /** An earlier message is different now; `before` is missing when it was shown by an earlier run. */
  change(message: Message, before: Message | undefined): void;
  /** What goes on right now; undefined ends it. */
  progress(words: string | undefined): void;
  /** The person's answer to a question as typed, undefined when none comes. */
  answer(ask: Ask, value: string): Promise<string | undefined>;
  /** Something of the program itself, such as a log line, that must not disturb what is being typed. */
  print(text: string): void;
  /** The lines that are entered, one after another; ends with the input. */
  lines(handlers: LineHandlers): AsyncIterable<string>;
  /** Takes no more input; the iteration ends after the line in hand. */
  close(): void;
  /** Gives the input and the terminal back. Resolves when everything is written. */
  end(): Promise<void>;
}

export interface LineHandlers {
  /** Stops the command in hand. False when there is none. */
  interrupt(): boolean;
  /** What could stand at the end of an unfinished line. */
  complete(line: string): Promise<Completion>;
}

export interface Completion {
  /** Where in the line the word begins that is completed. */
  readonly from: number;
  readonly candidates: readonly Candidate[];
}

export interface Candidate {
  /** What replaces the word. */
  readonly insert: string;
  readonly shown: string;
  readonly note?: string;
}
