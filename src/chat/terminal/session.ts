/** Takes what a person types to the desk, and what core tells to the person; answers come in the order of the lines. */
import { BoundedMap } from '../../core/bounded-map.ts';
import type { Caller, ChatDesk, ChatGateway } from '../../core/chat.ts';
import { after, type Clock, newId, type Random, sleep } from '../../core/clock.ts';
import type { Ask } from '../../core/command.ts';
import { asCarillonError } from '../../core/errors.ts';
import type { Logger } from '../../core/log.ts';
import { type Reply, text } from '../../core/reply.ts';
import type { Conversation } from '../../core/words.ts';
import { Choices } from './choices.ts';
import { completeLine, type ValueSource } from './completion.ts';
import { fromOneLine } from './escapes.ts';
import { InOrder } from './in-order.ts';
import type { Completion, Message, Surface } from './surface.ts';
import { type TypedCommand, typedCommand } from './typed-command.ts';
import { answerTooLong, isQuit, leftAsItIs, notACommand, nothingToChoose, QUIT_COMMANDS } from './welcome.ts';

export const CONVERSATION: Conversation = { frontend: 'terminal', id: 'local', kind: 'direct' };
export const IDENTITY = 'terminal:local';

/** After this long without an answer a person is told that work goes on. */
const PATIENCE_MS = 400;
/** A Tab key that has to wait longer gives nothing. */
const COMPLETION_WAIT_MS = 2000;
/** Messages that can still be edited; older cards are told about from scratch. */
const MESSAGES_MAX = 500;
const NUMBER = /^\s*(\d{1,3})\s*$/;

/** Lines in hand at once. */
const ALONGSIDE_MAX = 20;

export interface SessionOptions {
  readonly surface: Surface;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly name: string;
}

export class Session {
  readonly #options: SessionOptions;
  readonly #choices = new Choices();
  readonly #messages = new BoundedMap<string, Message>(MESSAGES_MAX);
  /** The messages of notices, by their nonce. */
  readonly #sent = new BoundedMap<string, string>(MESSAGES_MAX);
  /** Ids of this run never meet those of an earlier one, whose messages the database still knows. */
  readonly #run: string;
  #count = 0;
  /** Places of cards on their way to the database; the next line does not wait for them, the end does. */
  readonly #reports = new Set<Promise<void>>();
  readonly #inHand = new Set<AbortController>();
  /** Lines that need not wait for each other: a person who pastes many has them all the sooner. */
  readonly #alongside = new InOrder<Reply>(
    ALONGSIDE_MAX,
    (reply) => this.show(reply, true),
    (error) => this.#failed(error),
  );
  #desk: ChatDesk | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#run = newId(options.random, 8);
  }

  readonly gateway: ChatGateway = {
    frontend: CONVERSATION.frontend,
    send: async (_to, reply, nonce) => {
      const sent = this.#sent.get(nonce);
      if (sent !== undefined) return { conversation: CONVERSATION, messageId: sent };
      const messageId = this.show(reply, false);
      this.#sent.set(nonce, messageId);
      return { conversation: CONVERSATION, messageId };
    },
    edit: async ({ messageId }, reply) => {
      const before = this.#messages.get(messageId);
      const message = { id: messageId, reply, buttons: this.#choices.offer(messageId, reply, false) };
      this.#messages.set(messageId, message);
      this.#options.surface.change(message, before);
    },
  };

  /** Handles lines until there are no more, or the person quits. */
  async run(desk: ChatDesk): Promise<void> {
    this.#desk = desk;
    const handlers = {
      interrupt: () => this.#interrupt(),
      complete: (line: string) => this.#complete(desk, line),
    };
    for await (const line of this.#options.surface.lines(handlers)) {
      if (isQuit(line)) break;
      const typed = typedCommand(desk, line);
      if (typed?.definition?.alongside) {
        await this.#alongside.begin(() => this.#reply(desk, typed));
      } else {
        await this.#alongside.end();
        await this.#handle(desk, line, typed).catch((error: unknown) => this.#failed(error));
      }
    }
    await this.#alongside.end();
    await Promise.all(this.#reports);
  }

  /** Shows a reply as a new message and answers its id. `fresh`: it answers what the person just did. */
  show(reply: Reply, fresh: boolean): string {
    this.#count += 1;
    const id = `${this.#run}-${this.#count}`;
    const message = { id, reply, buttons: this.#choices.offer(id, reply, fresh) };
    this.#messages.set(id, message);
    this.#options.surface.show(message);
    if (reply.card !== undefined) {
      const report = this.#report(reply.card, id).finally(() => this.#reports.delete(report));
      this.#reports.add(report);
    }
    return id;
  }

  /** A card that cannot be reported has been shown all the same; its edits will not come, its outcome will. */
  async #report(post: string, messageId: string): Promise<void> {
    try {
      await this.#desk?.cardPlaced(post, { conversation: CONVERSATION, messageId });
    } catch (error) {
      this.#options.log.warn(
        { err: error, post },
        'The place of a card in the terminal chat could not be stored.',
      );
    }
  }

  async #handle(desk: ChatDesk, line: string, typed: TypedCommand | undefined): Promise<void> {
    if (line.trim() === '') return;
    const number = NUMBER.exec(line)?.[1];
    if (number !== undefined) return this.#choose(desk, Number(number));
    this.show(typed ? await this.#reply(desk, typed) : notACommand(line.trim()), true);
  }

  #reply(desk: ChatDesk, { name, words }: TypedCommand): Promise<Reply> {
    return this.#wait((caller) =>
      desk.run({ ...caller, command: name, input: { kind: 'text', text: words }, media: [] }),
    );
  }

  async #choose(desk: ChatDesk, number: number): Promise<void> {
    const choice = this.#choices.find(number);
    if (!choice) {
      this.show(
        nothingToChoose(
          number,
          this.#choices.open.map((button) => button.number),
        ),
        true,
      );
      return;
    }
    const { action } = choice.button;
    const ask = await this.#wait((caller) => desk.asks({ ...caller, action }));
    const answer = ask ? await this.#answer(ask) : undefined;
    if (ask && answer === undefined) {
      this.show(leftAsItIs, true);
      return;
    }
    const reply = await this.#wait((caller) =>
      desk.press({ ...caller, action, ...(answer === undefined ? {} : { answer }) }),
    );
    // What went wrong may be tried again; what was done is no choice any more.
    if (reply.tone !== 'error') this.#choices.close(choice.message);
    this.show(reply, true);
  }

  async #answer(ask: Ask & { readonly value: string }): Promise<string | undefined> {
    let value = ask.value;
    for (;;) {
      const typed = await this.#options.surface.answer(ask, value);
      if (typed === undefined) return undefined;
      const answer = ask.multiline ? fromOneLine(typed) : typed;
      const length = Array.from(answer).length;
      if (length <= ask.max) return answer;
      this.show(answerTooLong(length, ask.max), false);
      value = answer;
    }
  }

  /** Runs work of the desk with a caller; tells the person when it takes a while. */
  async #wait<T>(work: (caller: Caller) => Promise<T>): Promise<T> {
    const { clock, surface } = this.#options;
    const controller = new AbortController();
    this.#inHand.add(controller);
    const endPatience = clock.at(after(clock.now(), PATIENCE_MS), () => surface.progress('Working'));
    const progress = (words: string): void => {
      endPatience();
      if (this.#inHand.has(controller)) surface.progress(words);
    };
    try {
      return await work({ ...this.#caller(controller.signal), progress });
    } finally {
      this.#inHand.delete(controller);
      endPatience();
      if (this.#inHand.size === 0) surface.progress(undefined);
    }
  }

  #caller(signal: AbortSignal): Caller {
    return { identity: IDENTITY, name: this.#options.name, conversation: CONVERSATION, signal };
  }

  #interrupt(): boolean {
    const inHand = [...this.#inHand].filter(({ signal }) => !signal.aborted);
    for (const controller of inHand) controller.abort(new Error('Stopped with Ctrl-C.'));
    return inHand.length > 0;
  }

  #complete(desk: ChatDesk, line: string): Promise<Completion> {
    const { clock, log } = this.#options;
    const controller = new AbortController();
    const caller = this.#caller(controller.signal);
    const values: ValueSource = (command, option, typed, given) =>
      desk.complete({ ...caller, command, option, typed, given });
    const none: Completion = { from: line.length, candidates: [] };
    const found = completeLine(line, desk.commands, QUIT_COMMANDS, values).catch((error: unknown) => {
      log.warn({ err: error }, 'Completion in the terminal chat failed.');
      return none;
    });
    const given = sleep(clock, COMPLETION_WAIT_MS, controller.signal).then(() => none);
    // The pause is over, or ended by the abort below; either way nobody waits for it any more.
    given.catch(() => none);
    return Promise.race([found, given]).finally(() => controller.abort());
  }

  /** A desk answers every error with a reply, so this is a fault of ours. */
  #failed(error: unknown): void {
    const { message, hint } = asCarillonError(error);
    this.#options.log.error({ err: error }, 'A message in the terminal chat could not be handled.');
    this.show({ tone: 'error', title: [message], blocks: [text(hint)] }, true);
  }
}
