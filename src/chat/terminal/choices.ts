/**
 * Buttons as numbers. A number on the screen means one thing only: a notice that comes in while a person is about to
 * type `1` gets the next free numbers, and only an answer to the person's own message starts again at 1.
 */
import type { Button, Reply } from '../../core/reply.ts';

export interface NumberedButton extends Button {
  readonly number: number;
}

const buttonsOf = (reply: Reply): readonly Button[] => (reply.buttons ?? []).flat();

interface OpenChoice {
  readonly message: string;
  readonly button: NumberedButton;
}

/**
 * A card that is redrawn keeps the numbers of the buttons that it keeps; an action may name a newer revision by then.
 * Takes the button that is found out of `open`, so that no two get its number.
 */
function takeSame(open: OpenChoice[], button: Button): number | undefined {
  const byAction = open.findIndex((choice) => choice.button.action === button.action);
  const index = byAction >= 0 ? byAction : open.findIndex((choice) => choice.button.label === button.label);
  return index < 0 ? undefined : open.splice(index, 1)[0]?.button.number;
}

export class Choices {
  #open: OpenChoice[] = [];

  /** The numbers for a message. `fresh`: it answers what the person just did, so older numbers end. */
  offer(message: string, reply: Reply, fresh: boolean): readonly NumberedButton[] {
    const buttons = buttonsOf(reply);
    const before = this.#open.filter((choice) => choice.message === message);
    const others =
      fresh && buttons.length > 0 ? [] : this.#open.filter((choice) => choice.message !== message);
    let last = fresh ? 0 : Math.max(0, ...this.#open.map(({ button }) => button.number));
    const numbered = buttons.map((button): NumberedButton => {
      const kept = fresh ? undefined : takeSame(before, button);
      if (kept === undefined) last += 1;
      return { ...button, number: kept ?? last };
    });
    numbered.sort((left, right) => left.number - right.number);
    this.#open = [...others, ...numbered.map((button) => ({ message, button }))];
    return numbered;
  }

  find(number: number): OpenChoice | undefined {
    return this.#open.find(({ button }) => button.number === number);
  }

  /** A choice was made: the message's other buttons are over too. */
  close(message: string): void {
    this.#open = this.#open.filter((choice) => choice.message !== message);
  }

  get open(): readonly NumberedButton[] {
    return this.#open.map(({ button }) => button);
  }
}
