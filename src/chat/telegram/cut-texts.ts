/**
 * Texts that are longer than a message: Telegram's programs cut them and send the pieces one after another, as messages
 * that nothing ties together. Half a text would be published, and the other half offered as a post of its own.
 */
import type { Message, MessageEntity } from 'grammy/types';
import { MESSAGE_MAX } from './limits.ts';

/** Telegram Desktop cuts where a paragraph or a sentence ends in the second half of the room, so a piece is at least half of it. */
const PIECE_MIN = MESSAGE_MAX / 2;

/** A piece this long was most likely cut for want of room. */
const NEARLY_FULL = MESSAGE_MAX - 96;

/** Whether more may follow that belongs to this text. */
export const mayBeCut = (message: Message): boolean => (message.text?.length ?? 0) >= PIECE_MIN;

/** Whether it is so long that there was hardly room for more. */
export const isNearlyFull = (message: Message): boolean => (message.text?.length ?? 0) >= NEARLY_FULL;

/** Whether it can be the rest of a text: plain words, neither passed on nor a command. */
export function canBeRest(message: Message): boolean {
  return (
    message.text !== undefined &&
    message.forward_origin === undefined &&
    message.reply_to_message === undefined &&
    !message.entities?.some(({ type, offset }) => type === 'bot_command' && offset === 0)
  );
}

/** The pieces as one message; what is no text stays as it is. */
export function joinPieces(messages: readonly [Message, ...Message[]]): readonly [Message, ...Message[]] {
  const [first, ...rest] = messages;
  if (first.text === undefined || rest.length === 0) return messages;
  let text = first.text;
  const entities: MessageEntity[] = [...(first.entities ?? [])];
  for (const piece of rest) {
    text += seamOf(text);
    for (const entity of piece.entities ?? [])
      entities.push({ ...entity, offset: entity.offset + text.length });
    text += piece.text ?? '';
  }
  return [{ ...first, text, entities }];
}

/** Telegram drops the blanks at which it cut. Behind a sentence it was most likely the end of a paragraph, else a space. */
const seamOf = (text: string): string => (/[.!?…:»”")\]]$/.test(text) ? '\n' : ' ');
