/** What is kept between two steps of a pin. */
import type { Upload } from './upload.ts';

export interface Checkpoint {
  /** The board as it was asked for, and its id: the pin is looked for there when the answer is lost. */
  readonly board?: { readonly asked: string; readonly id: string };
  readonly upload?: Upload;
}

export function checkpointOf(value: unknown): Checkpoint {
  // Written by `publish` and by nobody else, so its shape is known.
  return value === undefined ? {} : (value as Checkpoint);
}
