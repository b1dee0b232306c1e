/** What is kept between two steps of a post on X. */
import type { Upload } from './upload.ts';

export interface Checkpoint {
  /** One for each medium, in the order of the post; those that are not begun are missing at the end. */
  readonly uploads: readonly Upload[];
}

export function checkpointOf(value: unknown): Checkpoint {
  // Written by `publish` and by nobody else, so its shape is known.
  return value === undefined ? { uploads: [] } : (value as Checkpoint);
}
