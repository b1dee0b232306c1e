// The version of what the bytes on disk mean, and the way from older versions to this one. Each step is one transaction
// that also writes the new number, so an upgrade that is cut short goes on where it was; before the first step the file
// is copied beside itself.
import { StorageError } from './storage-error.ts';

/** What a step works on: the key spaces of the store, inside a write transaction. */
export interface FormatSpaces<Space> {
  documents: Space;
  indexes: Space;
  catalogue: Space;
}

export interface FormatStep<Space> {
  /** The format that it reads; it leaves the next one. */
  from: number;
  run(spaces: FormatSpaces<Space>): void;
}

export interface Format<Space> {
  /** Raised by one whenever the bytes on disk change their meaning. */
  version: number;
  /** One for each older format that can still be read. */
  steps: readonly FormatStep<Space>[];
}

/** Whoever raises it adds the step from the one before to format-steps.ts. */
export const FORMAT_VERSION = 3;

/**
 * The steps from a stored format to the present one, in order; none when it is the present one.
 * @param stored as found in the file
 * @throws StorageError when the file is newer, too old, or tells no number
 */
export function stepsFrom<Space>(stored: string, format: Format<Space>, file: string): FormatStep<Space>[] {
  const found = Number(stored);
  if (!/^\d+$/.test(stored))
    throw new StorageError(`${file} says its format is "${stored}", which is no number; restore a backup`);
  if (found > format.version) {
    throw new StorageError(
      `${file} has format ${found}, written by a newer version; this version reads up to ${format.version}: ` +
        'use the newer version, or restore a backup that this one made',
    );
  }
  const steps: FormatStep<Space>[] = [];
  for (let from = found; from < format.version; from++) {
    const step = format.steps.find((each) => each.from === from);
    if (!step) {
      throw new StorageError(
        `${file} has format ${found}, and this version has no way from format ${from} to ${format.version}: ` +
          'open it with a version in between first',
      );
    }
    steps.push(step);
  }
  return steps;
}
