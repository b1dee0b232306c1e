/** One person in one chat (and topic): everything that a person can do there. */
import type { SeenMessage, SimulatedChat } from './chat.ts';
import { withoutReply } from './methods.ts';
import type { CallbackState, Update, User, World } from './world.ts';
import { typedEntities } from './world.ts';

export interface MediaOptions {
  caption?: string;
  bytes?: Buffer;
  /** What Telegram says about its size, when it shall differ from the bytes. */
  size?: number;
  name?: string;
  replyTo?: { id: number };
}

export interface CallbackAnswer {
  text?: string;
  alert: boolean;
}

const ANSWER_WAIT_MS = 8_000;
const PICTURE = Buffer.from('a picture');

export class Speaker {
  readonly #world: World;
  readonly user: User;
  readonly chat: SimulatedChat;
  readonly #topic: number | undefined;

  constructor(world: World, user: User, chat: SimulatedChat, topic?: number) {
    this.#world = world;
    this.user = user;
    this.chat = chat;
    this.#topic = topic;
  }

  /** The same person in a topic of this chat. */
  inTopic(topic: number): Speaker {
    return new Speaker(this.#world, this.user, this.chat, topic);
  }

  say(
    text: string,
    options: { replyTo?: { id: number }; extra?: Record<string, unknown> } = {},
  ): SeenMessage {
    return this.#post({ ...worded('text', text), ...options.extra }, options.replyTo);
  }

  reply(to: { id: number }, text: string, extra: Record<string, unknown> = {}): SeenMessage {
    return this.say(text, { replyTo: to, extra });
  }

  sendPhoto(options: MediaOptions = {}): SeenMessage {
    return this.#post({ ...this.#photo(options), ...captioned(options) }, options.replyTo);
  }

  sendVideo(options: MediaOptions = {}): SeenMessage {
    const video = {
      ...this.#file(options, 'videos', 'mp4'),
      width: 640,
      height: 360,
      duration: 3,
      mime_type: 'video/mp4',
    };
    return this.#post({ video, ...captioned(options) }, options.replyTo);
  }

  sendDocument(options: MediaOptions = {}): SeenMessage {
    const document = {
      ...this.#file({ name: 'file.png', ...options }, 'documents', 'png'),
      mime_type: 'image/png',
    };
    return this.#post({ document, ...captioned(options) }, options.replyTo);
  }

  sendAnimation(options: MediaOptions = {}): SeenMessage {
    const file = { ...this.#file(options, 'animations', 'mp4'), mime_type: 'video/mp4' };
    const animation = { ...file, width: 320, height: 240, duration: 2 };
    return this.#post({ animation, document: file, ...captioned(options) }, options.replyTo);
  }

  sendVoice(options: MediaOptions = {}): SeenMessage {
    return this.#post(
      { voice: { ...this.#file(options, 'voice', 'oga'), duration: 2 }, ...captioned(options) },
      options.replyTo,
    );
  }

  /** An album: the caption stands at the first picture unless a picture has its own. `between` runs after each part. */
  async sendAlbum(
    pictures: MediaOptions[],
    options: { caption?: string; only?: number[]; between?: (index: number) => Promise<void> | void } = {},
  ): Promise<SeenMessage[]> {
    const media_group_id = String(13_000_000_000_000_000 + this.#world.newId());
    const sent: SeenMessage[] = [];
    for (const [index, picture] of pictures.entries()) {
      const caption = picture.caption ?? (index === 0 ? options.caption : undefined);
      const content = {
        ...this.#photo(picture),
        media_group_id,
        ...captioned(caption === undefined ? {} : { caption }),
      };
      // In a group with privacy mode the bot gets only the parts that are meant for it.
      sent.push(this.#post(content, undefined, options.only === undefined || options.only.includes(index)));
      await options.between?.(index);
    }
    return sent;
  }

  /** Passes on a message of somebody else. */
  forward(content: string | { text?: string; photo?: MediaOptions }, origin = 'Some Channel'): SeenMessage {
    const forward_origin = { type: 'hidden_user', date: this.#world.now(), sender_user_name: origin };
    const { text, photo } = typeof content === 'string' ? { text: content, photo: undefined } : content;
    const body = photo ? { ...this.#photo(photo), ...captioned(photo) } : worded('text', text ?? '');
    return this.#post({ ...body, forward_origin });
  }

  /** Edits an own message; the bot hears of it only when it asked for such updates. */
  edit(message: SeenMessage, text: string): Update | undefined {
    return this.#world.queue('edited_message', {
      ...message.json,
      ...worded('text', text),
      edit_date: this.#world.now(),
    });
  }

  /** Presses a button by its label or data; ends with the bot's answer to the press. */
  press(message: SeenMessage, button: string): Promise<CallbackAnswer> {
    const found = message.buttons.flat().find((one) => one.label === button || one.data === button);
    if (found === undefined) {
      const there = message.buttons.flat().map((one) => one.label);
      throw new Error(`There is no button “${button}”. There are: ${there.join(', ') || 'none'}`);
    }
    const callback: CallbackState = { id: String(4_000_000_000 + this.#world.newId()) };
    this.#world.callbacks.set(callback.id, callback);
    const answered = this.#answerOf(callback);
    const current = this.chat.messages().find((one) => one.id === message.id) ?? message;
    this.#world.queue('callback_query', {
      id: callback.id,
      from: this.user,
      message: current.json,
      chat_instance: String(this.chat.id),
      data: found.data,
    });
    return answered;
  }

  #answerOf(callback: CallbackState): Promise<CallbackAnswer> {
    return new Promise((resolve, reject) => {
      const onCallback = (answered: CallbackState): void => {
        if (answered !== callback) return;
        end();
        resolve(callback.answer!);
      };
      const timer = setTimeout(() => {
        end();
        reject(new Error('The bot did not answer the press of a button.'));
      }, ANSWER_WAIT_MS);
      const end = (): void => {
        clearTimeout(timer);
        this.#world.off('callback', onCallback);
      };
      this.#world.on('callback', onCallback);
    });
  }

  #post(content: Record<string, unknown>, replyTo?: { id: number }, delivered = true): SeenMessage {
    const { state } = this.chat;
    const original = replyTo && this.#world.find(state, replyTo.id);
    const all = {
      ...(this.#topic === undefined ? {} : this.#topicFields(this.#topic)),
      ...(original ? { reply_to_message: withoutReply(original) } : {}),
      ...content,
    };
    const { json } = this.#world.addMessage(state, this.user, all);
    if (delivered) this.#world.queue('message', json);
    return this.chat.messages().find((message) => message.id === json.message_id)!;
  }

  /** What is said in a topic answers the note that opened it, unless it answers something else. */
  #topicFields(topic: number): Record<string, unknown> {
    const name = this.chat.state.topics.get(topic)?.name ?? 'Topic';
    const note = {
      message_id: topic,
      from: this.user,
      chat: this.#world.chatJson(this.chat.state),
      date: this.#world.now(),
      message_thread_id: topic,
      is_topic_message: true,
      forum_topic_created: { name, icon_color: 7322096 },
    };
    return { message_thread_id: topic, is_topic_message: true, reply_to_message: note };
  }

  #photo(options: MediaOptions): Record<string, unknown> {
    const size = (bytes: Buffer, width: number, height: number, claimed?: number) => {
      const file = this.#world.addFile(bytes, 'photos', 'jpg', claimed);
      return { file_id: file.id, file_unique_id: `u-${file.id}`, file_size: file.size, width, height };
    };
    const small = size(Buffer.from('small'), 90, 60);
    const large = size(options.bytes ?? PICTURE, 1280, 853, options.size);
    return { photo: [small, large] };
  }

  #file(options: MediaOptions, folder: string, extension: string): Record<string, unknown> {
    const file = this.#world.addFile(options.bytes ?? PICTURE, folder, extension, options.size);
    const name = options.name === undefined ? {} : { file_name: options.name };
    return { file_id: file.id, file_unique_id: `u-${file.id}`, file_size: file.size, ...name };
  }
}

function captioned({ caption }: MediaOptions): Record<string, unknown> {
  return caption === undefined ? {} : worded('caption', caption);
}

function worded(field: 'text' | 'caption', text: string): Record<string, unknown> {
  const entities = typedEntities(text);
  return {
    [field]: text,
    ...(entities.length ? { [field === 'text' ? 'entities' : 'caption_entities']: entities } : {}),
  };
}
