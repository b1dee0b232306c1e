/** Buttons of a reply as Telegram's inline keyboard. */
import type { InlineKeyboardButton } from 'grammy/types';
import { failure } from '../../core/errors.ts';
import { BUTTON_ID_BYTES, type Button } from '../../core/reply.ts';

export interface Keyboard {
  inline_keyboard: InlineKeyboardButton[][];
}

/** The rows as they are. Errors: BUG for an action longer than the bytes that a callback carries. */
export function keyboardOf(rows: readonly (readonly Button[])[]): Keyboard | undefined {
  const filled = rows.filter((row) => row.length > 0);
  return filled.length === 0 ? undefined : { inline_keyboard: filled.map((row) => row.map(buttonOf)) };
}

function buttonOf(button: Button): InlineKeyboardButton {
  const bytes = Buffer.byteLength(button.action);
  if (bytes > BUTTON_ID_BYTES) {
    throw failure('Bug', {
      code: 'BUG',
      message: `The action of the button “${button.label}” has ${bytes} bytes; ${BUTTON_ID_BYTES} are possible.`,
      hint: 'Shorten the arguments of the action.',
      context: { action: button.action },
    });
  }
  return {
    text: button.label.replace(/\p{Surrogate}/gu, '\ufffd'),
    callback_data: button.action,
    // Without a style, the button looks as the reader's program has it.
    ...(button.style === 'default' ? {} : { style: button.style }),
  };
}
