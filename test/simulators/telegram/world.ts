/** What exists in the simulated Telegram: people, chats, messages, files, menus, and the updates that the bot has coming. */
import { EventEmitter } from 'node:events';
import type { Entity } from './html.ts';

export interface User {
  id: number;
  is_bot: boolean;
  first_name: string;
  last_name?: string;
  username?: string;
  language_code?: string;
}

export interface ChatState {
  id: number;
  type: 'private' | 'group' | 'supergroup';
  title?: string;
  first_name?: string;
  last_name?: string;
  username?: string;
  isForum: boolean;
  topics: Map<number, { name: string; closed: boolean }>;
  /** Why the bot may not write there: the words of the 403. */
  forbidden?: string;
  migratedTo?: number;
  messages: StoredMessage[];
  lastMessageId: number;
}

/** A message as Telegram has it; `html` is what the bot sent, `edits` counts its changes. */
export interface StoredMessage {
  json: Record<string, unknown> & { message_id: number };
  html?: string;
  edits: number;
  deleted: boolean;
  forceReply?: boolean;
  /** The one person who sees it. */
  onlyFor?: number;
}

interface StoredFile {
  id: string;
  path: string;
  bytes: Buffer;
  /** What Telegram says; a test can claim more than it has. */
  size: number;
}

export interface CallbackState {
  id: string;
  answer?: { text?: string; alert: boolean };
}

export interface Update {
  update_id: number;
  [kind: string]: unknown;
}

export interface BotCommand {
  command: string;
  description: string;
}

/** Events: `message` (a bot's message is new or changed), `update` (one was queued), `callback`, `request`. */
export class World extends EventEmitter {
  readonly bot: User = {
    id: 7_000_000_001,
    is_bot: true,
    first_name: 'Carillon',
    username: 'carillon_test_bot',
  };
  readonly users = new Map<number, User>();
  readonly chats = new Map<number, ChatState>();
  readonly files = new Map<string, StoredFile>();
  readonly menus = new Map<string, BotCommand[]>();
  readonly callbacks = new Map<string, CallbackState>();
  readonly actions: { chat: number; action: string }[] = [];
  pending: Update[] = [];
  /** Every update that was ever made, for redelivery. */
  readonly history: Update[] = [];
  allowedUpdates: string[] | undefined;
  #nextId = 1000;
  readonly #numbersFrom: number;
  #nextUpdateId: number;

  /** @param numbersFrom updates and messages are numbered from there */
  constructor(numbersFrom = 0) {
    super();
    this.setMaxListeners(0);
    this.#numbersFrom = numbersFrom;
    this.#nextUpdateId = 500_000 + numbersFrom;
  }

  newId(): number {
    this.#nextId += 1;
    return this.#nextId;
  }

  now(): number {
    return Math.floor(Date.now() / 1000);
  }

  addChat(chat: Pick<ChatState, 'id' | 'type'> & Partial<ChatState>): ChatState {
    const lastMessageId = this.#numbersFrom;
    const state: ChatState = { isForum: false, topics: new Map(), messages: [], lastMessageId, ...chat };
    this.chats.set(state.id, state);
    return state;
  }

  /** Without what the Bot API leaves out. */
  chatJson(chat: ChatState): Record<string, unknown> {
    const { id, type, title, first_name, last_name, username, isForum } = chat;
    const all = { id, type, title, first_name, last_name, username, is_forum: isForum || undefined };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  }

  /** Puts a message into a chat; its id is the chat's next. */
  addMessage(
    chat: ChatState,
    from: User | undefined,
    content: Record<string, unknown>,
    html?: string,
  ): StoredMessage {
    chat.lastMessageId += 1;
    const json = {
      message_id: chat.lastMessageId,
      ...(from ? { from } : {}),
      chat: this.chatJson(chat),
      date: this.now(),
      ...content,
    };
    const message: StoredMessage = {
      json,
      edits: 0,
      deleted: false,
      ...(html === undefined ? {} : { html }),
    };
    chat.messages.push(message);
    return message;
  }

  find(chat: ChatState, messageId: unknown): StoredMessage | undefined {
    return chat.messages.find((message) => message.json.message_id === messageId && !message.deleted);
  }

  /** Queues an update, unless the bot did not ask for its kind. */
  queue(kind: string, content: unknown): Update | undefined {
    if (this.allowedUpdates?.length && !this.allowedUpdates.includes(kind)) return undefined;
    const update: Update = { update_id: this.#nextUpdateId, [kind]: structuredClone(content) };
    this.#nextUpdateId += 1;
    this.history.push(update);
    this.redeliver(update);
    return update;
  }

  /** Delivers an update (again). */
  redeliver(update: Update): void {
    this.pending.push(update);
    this.pending.sort((a, b) => a.update_id - b.update_id);
    this.emit('update');
  }

  addFile(bytes: Buffer, folder: string, extension: string, size = bytes.length): StoredFile {
    const number = this.newId();
    const file: StoredFile = {
      id: `file-${number}`,
      path: `${folder}/file_${number}.${extension}`,
      bytes,
      size,
    };
    this.files.set(file.id, file);
    return file;
  }
}

/** Entities of a text that a person typed: the command at its beginning and bare addresses. */
export function typedEntities(text: string): Entity[] {
  const entities: Entity[] = [];
  const command = /^\/[A-Za-z0-9_]{1,32}(?:@[A-Za-z0-9_]{3,32})?(?![A-Za-z0-9_@])/.exec(text);
  if (command) entities.push({ type: 'bot_command', offset: 0, length: command[0].length });
  for (const match of text.matchAll(/https?:\/\/\S+/g)) {
    entities.push({ type: 'url', offset: match.index, length: match[0].length });
  }
  return entities;
}
