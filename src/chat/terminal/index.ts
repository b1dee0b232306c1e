/**
 * The terminal chat: a conversation with one local person. On a terminal it is drawn and edited in place; otherwise it
 * reads one message a line and writes plain lines, for scripts.
 */
import type { Readable } from 'node:stream';
import type { ChatDesk, FrontEnd } from '../../core/chat.ts';
import type { Clock, Random } from '../../core/clock.ts';
import type { Logger } from '../../core/log.ts';
import { openHistory } from './history.ts';
import { createPlainSurface } from './plain-surface.ts';
import type { TerminalOutput } from './screen.ts';
import { Session } from './session.ts';
import { createTtySurface } from './tty-surface.ts';
import { GOODBYE, welcome } from './welcome.ts';

export interface TerminalOptions {
  readonly input: Readable & { isTTY?: boolean };
  readonly output: TerminalOutput;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Where typed lines are kept over restarts; they are forgotten when it is left out. */
  readonly historyFile?: string;
  /** Colours on a terminal, unless turned off; plain lines never have them. */
  readonly colour?: boolean;
  /** False for plain lines on a terminal too, such as one that cannot move its cursor (`TERM=dumb`). */
  readonly interactive?: boolean;
  /** How the person is called. */
  readonly name?: string;
}

export interface TerminalFrontEnd extends FrontEnd {
  /** The person left or the input ended, and every message was answered and written. */
  readonly ended: Promise<void>;
  /** Shows text of the program, such as a log line, without disturbing what is being typed. */
  print(text: string): void;
}

export function createTerminalFrontEnd(options: TerminalOptions): TerminalFrontEnd {
  const { input, output, clock, random, log } = options;
  const interactive = options.interactive ?? (input.isTTY === true && output.isTTY === true);
  const surface = interactive
    ? createTtySurface({
        input,
        output,
        colour: options.colour ?? true,
        history: openHistory(options.historyFile, log),
      })
    : createPlainSurface(input, output);
  const session = new Session({ surface, clock, random, log, name: options.name ?? 'you' });
  let state: 'connecting' | 'ready' | 'down' = 'connecting';
  let running: Promise<void> = Promise.resolve();
  let finish: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    finish = resolve;
  });

  // A reader that goes away (`| head`) or a terminal that is closed ends the conversation, not the process.
  const onLost = (side: string) => (error: unknown) => {
    log.warn({ err: error }, `The ${side} of the terminal chat is gone.`);
    surface.close();
  };
  output.on('error', onLost('output'));
  input.on('error', onLost('input'));

  const converse = async (desk: ChatDesk): Promise<void> => {
    if (interactive) session.show(welcome(desk.commands), false);
    state = 'ready';
    await session.run(desk);
    state = 'down';
    surface.close();
    if (interactive) session.show(GOODBYE, false);
    await surface.end();
  };

  return {
    gateway: session.gateway,
    ended,
    print: (text) => surface.print(text),
    status: () => (state === 'down' ? { state, detail: 'The input has ended.' } : { state }),
    start(desk) {
      running = converse(desk).catch((error: unknown) => {
        state = 'down';
        log.error({ err: error }, 'The terminal chat ended by a fault.');
      });
      running.then(finish, finish);
      return Promise.resolve();
    },
    async stop() {
      surface.close();
      await running;
    },
  };
}
