/** The words and files of a Telegram message as a post could take them over. */
import type { Message, MessageEntity } from 'grammy/types';
import { defined } from '../../core/defined.ts';

/** A file in a message, before it is opened. */
export interface FileReference {
  readonly fileId: string;
  readonly name: string;
  readonly bytes?: number;
}

/**
 * The text or caption from the UTF-16 offset `from` on, as plain words. An address hidden behind words is written out
 * after them: a social post has no hidden links, and a link that silently disappears is worse than one shown.
 */
export function wordsOf(message: Message, from = 0): string {
  const text = message.text ?? message.caption ?? '';
  return plainWords(text, message.entities ?? message.caption_entities ?? [], from);
}

/** See `wordsOf`. Offsets of entities are UTF-16 units, as are JavaScript's strings. */
export function plainWords(text: string, entities: readonly MessageEntity[], from = 0): string {
  let words = '';
  let done = from;
  for (const entity of [...entities].sort((a, b) => a.offset - b.offset)) {
    const end = entity.offset + entity.length;
    if (entity.type !== 'text_link' || end <= done) continue;
    const shown = text.slice(entity.offset, end);
    words += text.slice(done, end);
    if (!sameAddress(shown, entity.url)) words += ` (${entity.url})`;
    done = end;
  }
  return (words + text.slice(done)).trim();
}

function sameAddress(shown: string, url: string): boolean {
  const bare = (address: string): string =>
    address
      .trim()
      .toLowerCase()
      .replace(/^https?:\/\//, '')
      .replace(/\/$/, '');
  return bare(shown) === bare(url);
}

/** The file of a message that can be posted. */
export function fileOf(message: Message): FileReference | undefined {
  if (message.photo !== undefined) {
    // Telegram sends a picture in several sizes; the largest is what the person sent, as far as Telegram keeps it.
    const largest = [...message.photo].sort((a, b) => b.width * b.height - a.width * a.height)[0];
    return largest && reference(largest, `photo-${message.message_id}.jpg`);
  }
  // A GIF arrives with both `animation` and, for old programs, `document`; they are the same file.
  if (message.animation !== undefined)
    return reference(message.animation, `animation-${message.message_id}.mp4`);
  if (message.video !== undefined) return reference(message.video, `video-${message.message_id}.mp4`);
  if (message.video_note !== undefined)
    return reference(message.video_note, `video-${message.message_id}.mp4`);
  if (message.document !== undefined) return reference(message.document, `file-${message.message_id}`);
  return undefined;
}

function reference(
  file: { file_id: string; file_size?: number; file_name?: string },
  name: string,
): FileReference {
  return {
    fileId: file.file_id,
    name: file.file_name ?? name,
    ...(file.file_size === undefined ? {} : { bytes: file.file_size }),
  };
}

/** What no network takes, by the field of the message that has it. */
const UNPOSTABLE = {
  voice: 'A voice message',
  audio: 'An audio file',
  sticker: 'A sticker',
  dice: 'A die',
  poll: 'A poll of Telegram',
  checklist: 'A checklist',
  game: 'A game',
  invoice: 'An invoice',
  giveaway: 'A giveaway',
  paid_media: 'Paid media',
  story: 'A story',
  location: 'A place',
  contact: 'A contact',
  rich_message: 'A text with a layout of its own',
} satisfies Partial<Record<keyof Message, string>>;

/** What a message carries that no network takes; undefined when there is nothing of the kind. */
export function unpostable(message: Message): string | undefined {
  return Object.entries(UNPOSTABLE).find(([field]) => field in message)?.[1];
}

/** Telegram's own notes in a chat (a pinned message, a new title) have neither words nor anything to post. */
export function isService(message: Message): boolean {
  const hasWords = message.text !== undefined || message.caption !== undefined;
  return !hasWords && fileOf(message) === undefined && unpostable(message) === undefined;
}

/**
 * The message that a person answers. In a topic of a forum Telegram makes every message an answer to the note that opened
 * the topic (https://core.telegram.org/api/forum), which nobody meant.
 */
export function originalOf(message: Message): Message | undefined {
  const original = message.reply_to_message;
  return original === undefined || original.forum_topic_created !== undefined ? undefined : original;
}

/** What can be seen of a message in another chat that a person answers here: its file, and the words that the person marked. */
export function originalElsewhere(message: Message): Message | undefined {
  const { external_reply: elsewhere, quote, chat, date, message_id } = message;
  if (elsewhere === undefined) return undefined;
  const { photo, video, animation, document, video_note } = elsewhere;
  const seen = {
    photo,
    video,
    animation,
    document,
    video_note,
    text: quote?.text,
    entities: quote?.entities,
  };
  return { ...defined(seen), message_id, chat, date } as Message;
}
