/** Fitting a text into a chat's limit, in the open: what is left out is said, and whole characters are cut, never halves. */

const ELLIPSIS = '…';
/** Enough for the longest character that is in use, a flag or a family of several signs. */
const LOOK_AHEAD = 64;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The text itself if it fits, else its beginning and an ellipsis; `max` counts UTF-16 units. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  return beginning(text, max - ELLIPSIS.length, (part) => part.length) + ELLIPSIS;
}

/** The longest beginning of `text`, in whole characters as people see them, whose `size` is at most `max`. */
export function beginning(text: string, max: number, size: (part: string) => number): string {
  // No part of a text is drawn in fewer units than it has, so what lies beyond `max` need not be looked at; but a
  // character that the end of the look cuts through is not whole.
  const looked = text.slice(0, Math.max(0, max) + LOOK_AHEAD);
  let kept = '';
  let used = 0;
  for (const { segment } of graphemes.segment(looked)) {
    used += size(segment);
    const isCutThrough = kept.length + segment.length === looked.length && looked.length < text.length;
    if (used > max || isCutThrough) break;
    kept += segment;
  }
  return kept;
}

/** `1234` as `1,234`, the same on every machine. */
export function count(value: number): string {
  return value.toLocaleString('en-GB');
}
