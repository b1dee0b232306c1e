/** "Did you mean": the known name that is nearest to what a person typed. */

/** Names longer than this are never compared: no name of ours is, and the work grows with the product of the lengths. */
const COMPARED_MAX = 64;
/** From this many letters on, the beginning of a name stands for it (`sched` for `schedule`). */
const PREFIX_MIN = 3;

/**
 * The optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbouring letters, each
 * counted once, no part edited twice (Boytsov 2011, "Indexing methods for approximate dictionary searching", 2.1).
 */
export function alignmentDistance(left: string, right: string): number {
  const width = right.length + 1;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: width }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column < width; column += 1) {
      const same = left[row - 1] === right[column - 1];
      let best = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped =
        row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (swapped) best = Math.min(best, (beforePrevious[column - 2] ?? 0) + 1);
      current.push(best);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[width - 1] ?? 0;
}

/**
 * The name out of `names` that `found` was probably meant to be, letter case aside: one edit away, or one edit for each
 * three letters, or the only name that begins so. Undefined when none is near; the earlier of equals wins.
 */
export function nearestName(found: string, names: Iterable<string>): string | undefined {
  if (found.length === 0 || found.length > COMPARED_MAX) return undefined;
  const typed = found.toLowerCase();
  let nearest: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  const beginnings: string[] = [];
  for (const name of names) {
    if (name.length > COMPARED_MAX) continue;
    const known = name.toLowerCase();
    if (typed.length >= PREFIX_MIN && known.startsWith(typed)) beginnings.push(name);
    const limit = Math.max(1, Math.floor(Math.max(known.length, typed.length) / 3));
    if (Math.abs(known.length - typed.length) > limit) continue;
    const distance = alignmentDistance(typed, known);
    if (distance > limit || distance >= least) continue;
    nearest = name;
    least = distance;
  }
  return nearest ?? (beginnings.length === 1 ? beginnings[0] : undefined);
}
