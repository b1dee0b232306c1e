/** A chat as a test sees it: the messages in it, and waiting for the bot's. */
import type { Entity } from './html.ts';
import type { ChatState, StoredMessage, World } from './world.ts';

interface SeenButton {
  label: string;
  data: string;
  style?: string;
}

/** A message at the moment of looking; look again with `chat.messages()` after an edit. */
export interface SeenMessage {
  id: number;
  chatId: number;
  fromBot: boolean;
  /** The visible text or caption. */
  text: string;
  /** What the bot sent, markup included. */
  html: string;
  entities: Entity[];
  buttons: SeenButton[][];
  replyTo: number | undefined;
  topic: number | undefined;
  edits: number;
  forceReply: boolean;
  /** The id of the one person who sees it. */
  onlyFor: number | undefined;
  json: Record<string, unknown>;
}

export type MessageMatcher = string | RegExp | ((message: SeenMessage) => boolean);

const WAIT_MS = 8_000;

export class SimulatedChat {
  readonly #world: World;
  state: ChatState;

  constructor(world: World, state: ChatState) {
    this.#world = world;
    this.state = state;
  }

  get id(): number {
    return this.state.id;
  }

  /** All messages, oldest first, as they stand now. */
  messages(): SeenMessage[] {
    return this.state.messages.filter((message) => !message.deleted).map((message) => this.#see(message));
  }

  botMessages(): SeenMessage[] {
    return this.messages().filter((message) => message.fromBot);
  }

  /** The first message of the bot, new or edited, that has this text (or fits); it may be there already. */
  waitForMessage(
    matcher: MessageMatcher,
    options: { after?: { id: number }; timeout?: number } = {},
  ): Promise<SeenMessage> {
    const since = options.after?.id ?? 0;
    const isLater = ({ json: { message_id: id } }: StoredMessage): boolean => id === 0 || id > since;
    const fits = (message: SeenMessage): boolean => message.fromBot && matches(matcher, message);
    // From the end: a long chat is not searched again for each of its messages.
    const begin = this.state.messages.findLastIndex((stored) => !isLater(stored)) + 1;
    for (const stored of this.state.messages.slice(begin)) {
      if (stored.deleted) continue;
      const message = this.#see(stored);
      if (fits(message)) return Promise.resolve(message);
    }
    return new Promise((resolve, reject) => {
      const onMessage = (chat: ChatState, stored: StoredMessage): void => {
        if (chat !== this.state || !isLater(stored)) return;
        const message = this.#see(stored);
        if (!fits(message)) return;
        end();
        resolve(message);
      };
      const timer = setTimeout(() => {
        end();
        const seen = this.botMessages().map((message) => JSON.stringify(message.text));
        reject(
          new Error(
            `The bot did not write ${String(matcher)} in chat ${this.id}. It wrote: ${seen.join(', ') || 'nothing'}`,
          ),
        );
      }, options.timeout ?? WAIT_MS);
      const end = (): void => {
        clearTimeout(timer);
        this.#world.off('message', onMessage);
      };
      this.#world.on('message', onMessage);
    });
  }

  /** Opens a topic and answers its id; the group is a forum from then on. */
  topic(name: string): number {
    this.state.isForum = true;
    const id = this.#world.newId();
    this.state.topics.set(id, { name, closed: false });
    return id;
  }

  closeTopic(id: number): void {
    this.state.topics.get(id)!.closed = true;
  }

  deleteTopic(id: number): void {
    this.state.topics.delete(id);
  }

  /** The bot is put out; it can no longer write. */
  kickBot(): void {
    this.state.forbidden = `bot was kicked from the ${this.state.type} chat`;
  }

  /** A person deletes a message. */
  delete(message: { id: number }): void {
    const stored = this.#world.find(this.state, message.id);
    if (stored) stored.deleted = true;
  }

  /** The group becomes a supergroup. `announce: false` leaves out the service messages that tell it. */
  migrate(options: { announce?: boolean } = {}): SimulatedChat {
    const id = -1_000_000_000_000 - this.#world.newId();
    const { title, isForum } = this.state;
    const state = this.#world.addChat({ id, type: 'supergroup', isForum, ...(title ? { title } : {}) });
    this.state.migratedTo = id;
    if (options.announce !== false) {
      this.#world.queue(
        'message',
        this.#world.addMessage(this.state, undefined, { migrate_to_chat_id: id }).json,
      );
      this.#world.queue(
        'message',
        this.#world.addMessage(state, undefined, { migrate_from_chat_id: this.id }).json,
      );
    }
    return new SimulatedChat(this.#world, state);
  }

  #see(message: StoredMessage): SeenMessage {
    const { json } = message;
    const markup = json.reply_markup as
      | { inline_keyboard: { text: string; callback_data: string; style?: string }[][] }
      | undefined;
    return {
      id: json.message_id,
      chatId: this.id,
      fromBot: (json.from as { id: number } | undefined)?.id === this.#world.bot.id,
      text: String(json.text ?? json.caption ?? ''),
      html: message.html ?? '',
      entities: (json.entities ?? json.caption_entities ?? []) as Entity[],
      buttons: (markup?.inline_keyboard ?? []).map((row) =>
        row.map(({ text, callback_data, style }) => ({
          label: text,
          data: callback_data,
          ...(style ? { style } : {}),
        })),
      ),
      replyTo: (json.reply_to_message as { message_id: number } | undefined)?.message_id,
      topic: json.message_thread_id as number | undefined,
      edits: message.edits,
      forceReply: message.forceReply === true,
      onlyFor: message.onlyFor,
      json,
    };
  }
}

function matches(matcher: MessageMatcher, message: SeenMessage): boolean {
  if (typeof matcher === 'string') return message.text.includes(matcher);
  return matcher instanceof RegExp ? matcher.test(message.text) : matcher(message);
}
