/** The words and files of a Telegram message as a post could take them over. */
import type { Message, MessageEntity } from 'grammy/types';

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

/** What a message carries that no network takes; undefined when there is nothing of the kind. */
export function unpostable(message: Message): string | undefined {
  if (message.voice !== undefined) return 'A voice message';
  if (message.audio !== undefined) return 'An audio file';
  if (message.sticker !== undefined) return 'A sticker';
  if (message.poll !== undefined) return 'A poll';
  if (message.paid_media !== undefined) return 'Paid media';
  if (message.story !== undefined) return 'A story';
  if (message.location !== undefined || message.venue !== undefined) return 'A place';
  if (message.contact !== undefined) return 'A contact';
  return undefined;
}
