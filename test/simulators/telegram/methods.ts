/** The methods of the Bot API that the bot uses, with the rules that no schema holds: lengths, ids, rights, markup. */
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ParseError, parseHtml } from './html.ts';
import type { BotCommand, ChatState, StoredMessage, World } from './world.ts';

/** The answer to a call that is refused. */
export class Refusal extends Error {
  readonly code: number;
  readonly parameters: Record<string, unknown> | undefined;
  constructor(code: number, description: string, parameters?: Record<string, unknown>) {
    super(description);
    this.code = code;
    this.parameters = parameters;
  }
}

type Params = Record<string, unknown>;
const bad = (what: string): never => {
  throw new Refusal(400, `Bad Request: ${what}`);
};

export interface Methods {
  [method: string]: (params: Params) => unknown;
}

/** Telegram's own limit for getFile. */
export const FILE_LIMIT = 20 * 1024 * 1024;

export function createMethods(
  world: World,
  options: { fileLimit: number; localFolder?: string | undefined },
): Methods {
  const chatOf = (params: Params): ChatState => {
    const chat = world.chats.get(Number(params.chat_id)) ?? bad('chat not found');
    if (chat.migratedTo !== undefined) {
      throw new Refusal(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
        migrate_to_chat_id: chat.migratedTo,
      });
    }
    if (chat.forbidden !== undefined) throw new Refusal(403, `Forbidden: ${chat.forbidden}`);
    return chat;
  };

  const topicOf = (chat: ChatState, params: Params): Params => {
    const thread = params.message_thread_id;
    if (thread === undefined) return {};
    const topic = chat.topics.get(Number(thread)) ?? bad('message thread not found');
    if (topic.closed) bad('TOPIC_CLOSED');
    return { message_thread_id: thread, is_topic_message: true };
  };

  const textOf = (
    params: Params,
    field: 'text' | 'caption',
    max: number,
  ): { content: Params; html: string } => {
    const raw = String(params[field] ?? '');
    let parsed = { text: raw, entities: [] as unknown[] };
    if (params.parse_mode === 'HTML') {
      try {
        parsed = parseHtml(raw);
      } catch (error) {
        if (error instanceof ParseError) bad(error.message);
        throw error;
      }
    } else if (params.parse_mode !== undefined)
      bad(`parse mode ${String(params.parse_mode)} is not simulated`);
    if (field === 'text' && parsed.text.trim() === '') bad('message text is empty');
    if (parsed.text.length > max)
      bad(field === 'text' ? 'message is too long' : 'message caption is too long');
    const entities = parsed.entities.length
      ? { [field === 'text' ? 'entities' : 'caption_entities']: parsed.entities }
      : {};
    return { content: { [field]: parsed.text, ...entities }, html: raw };
  };

  const markupOf = (params: Params): Params => {
    const markup = params.reply_markup as Params | undefined;
    if (markup === undefined) return {};
    if ('force_reply' in markup) {
      const placeholder = markup.input_field_placeholder as string | undefined;
      if (placeholder !== undefined && (placeholder.length < 1 || placeholder.length > 64))
        bad('placeholder is too long');
      return {};
    }
    const rows = (markup.inline_keyboard ?? bad('unknown reply markup')) as Params[][];
    for (const button of rows.flat()) {
      const bytes = Buffer.byteLength(String(button.callback_data ?? ''));
      if (!button.text) bad('inline keyboard button text must be non-empty');
      if (bytes < 1 || bytes > 64) bad('BUTTON_DATA_INVALID');
    }
    if (rows.some((row) => row.length > 8) || rows.flat().length > 100) bad('reply markup is too long');
    return rows.length === 0 ? {} : { reply_markup: markup };
  };

  const replyOf = (chat: ChatState, params: Params): Params => {
    const reply = params.reply_parameters as Params | undefined;
    if (reply === undefined) return {};
    const original = world.find(chat, reply.message_id);
    if (original === undefined)
      return reply.allow_sending_without_reply ? {} : bad('message to be replied not found');
    return { reply_to_message: withoutReply(original) };
  };

  const send = (params: Params, content: Params, html: string): unknown => {
    const chat = chatOf(params);
    const ephemeral = params.ephemeral_message_parameters as Params | undefined;
    if (ephemeral && chat.type === 'private') bad('ephemeral messages are for groups');
    const all = { ...topicOf(chat, params), ...replyOf(chat, params), ...content, ...markupOf(params) };
    const message = world.addMessage(chat, world.bot, all, html);
    if (params.reply_markup && 'force_reply' in (params.reply_markup as object)) message.forceReply = true;
    if (ephemeral) {
      message.onlyFor = Number(ephemeral.receiver_user_id);
      message.json = { ...message.json, message_id: 0, ephemeral_message_id: world.newId() };
    }
    world.emit('message', chat, message);
    return message.json;
  };

  const ours = (chat: ChatState, params: Params): StoredMessage => {
    const message = world.find(chat, params.message_id) ?? bad('message to edit not found');
    if ((message.json.from as { id: number } | undefined)?.id !== world.bot.id)
      bad("message can't be edited");
    return message;
  };

  const edit = (params: Params, content: Params, html: string | undefined): unknown => {
    const chat = chatOf(params);
    const message = ours(chat, params);
    const { reply_markup: _old, text: _text, entities: _entities, ...rest } = message.json;
    const kept = html === undefined ? { text: message.json.text, entities: message.json.entities } : {};
    const next = { ...rest, ...defined(kept), ...content, ...markupOf(params) } as StoredMessage['json'];
    const { edit_date: _then, ...before } = message.json;
    const { edit_date: _now, ...after } = next;
    if (sameJson(before, after)) {
      bad(
        'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
      );
    }
    message.json = { ...next, edit_date: world.now() };
    if (html !== undefined) message.html = html;
    message.edits += 1;
    world.emit('message', chat, message);
    return message.json;
  };

  const scopeKey = (params: Params): string => JSON.stringify(params.scope ?? { type: 'default' });

  return {
    getMe: () => ({
      ...world.bot,
      can_join_groups: true,
      can_read_all_group_messages: false,
      supports_inline_queries: false,
    }),
    sendMessage: (params) => {
      const { content, html } = textOf(params, 'text', 4096);
      return send(params, content, html);
    },
    editMessageText: (params) => {
      const { content, html } = textOf(params, 'text', 4096);
      return edit(params, content, html);
    },
    editMessageReplyMarkup: (params) => edit(params, {}, undefined),
    deleteMessage: (params) => {
      ours(chatOf(params), params).deleted = true;
      return true;
    },
    sendChatAction: (params) => {
      world.actions.push({ chat: chatOf(params).id, action: String(params.action) });
      return true;
    },
    answerCallbackQuery: (params) => {
      const callback = world.callbacks.get(String(params.callback_query_id));
      if (callback === undefined || callback.answer !== undefined) {
        bad('query is too old and response timeout expired or query ID is invalid');
      }
      const text = params.text as string | undefined;
      if (text !== undefined && text.length > 200) bad('MESSAGE_TOO_LONG');
      callback!.answer = { alert: params.show_alert === true, ...(text === undefined ? {} : { text }) };
      world.emit('callback', callback);
      return true;
    },
    getFile: (params) => {
      const file =
        world.files.get(String(params.file_id)) ??
        bad('wrong file_id or the file is temporarily unavailable');
      if (file.size > options.fileLimit) bad('file is too big');
      const { id, size, bytes } = file;
      const path =
        options.localFolder === undefined ? file.path : join(options.localFolder, basename(file.path));
      if (path !== file.path) writeFileSync(path, bytes);
      return { file_id: id, file_unique_id: `u-${id}`, file_size: size, file_path: path };
    },
    getMyCommands: (params) => world.menus.get(scopeKey(params)) ?? [],
    setMyCommands: (params) => {
      const commands = params.commands as BotCommand[];
      if (commands.length > 100) bad('too many commands');
      for (const { command, description } of commands) {
        if (!/^[a-z0-9_]{1,32}$/.test(command)) bad('BOT_COMMAND_INVALID');
        if (description.length < 1 || description.length > 256) bad('BOT_COMMAND_DESCRIPTION_INVALID');
      }
      world.menus.set(scopeKey(params), commands);
      return true;
    },
  };
}

/** A message inside another one carries no reply of its own. */
export function withoutReply(message: StoredMessage): Params {
  const { reply_to_message: _reply, ...rest } = message.json;
  return rest;
}

const defined = (values: Params): Params =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

function sameJson(a: unknown, b: unknown): boolean {
  const sorted = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(sorted)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .sort(([x], [y]) => (x < y ? -1 : 1))
              .map(([key, one]) => [key, sorted(one)]),
          )
        : value;
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}
