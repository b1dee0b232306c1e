/** Remembers what was made for the same names; for things that cost much to make, take little to keep, and are few. */
export function memo<Names extends readonly string[], Thing>(
  make: (...names: Names) => Thing,
): (...names: Names) => Thing {
  const made = new Map<string, Thing>();
  return (...names) => {
    const key = names.join('\n');
    let thing = made.get(key);
    if (thing === undefined) {
      thing = make(...names);
      made.set(key, thing);
    }
    return thing;
  };
}
