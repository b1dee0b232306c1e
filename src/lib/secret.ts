/** A text that must not be seen: printed, logged or turned into JSON it shows as masked; only `reveal` gives it. */
import { inspect } from 'node:util';

const MASK = '•••';

export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}
