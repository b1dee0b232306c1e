/**
 * What becomes of characters that cannot be seen in what a person typed.
 *
 * - Control characters (C0, DEL, C1) other than line break and tab, and halves of surrogate pairs, are removed
 *   everywhere: no network shows them, and terminals obey them.
 * - All line breaks become `\n`.
 * - Joiners, marks and the controls of writing direction stay in words that are published: Arabic, Hebrew and emoji
 *   need them. In values that are looked up (accounts, ids, times, paths) they are removed: they come along unseen when
 *   something is copied from a web page or a file dialogue, and could make a value look like another one.
 */

const LINE_BREAKS = /\r\n?|[\u0085\u2028\u2029]/g;
const CONTROLS = /[\0-\x08\x0B-\x1F\x7F-\x9F]|\p{Surrogate}/gu;
/** Zero-width spaces and joiners, direction marks (200E, 200F, 061C), embeddings and overrides (202A–202E), isolates (2066–2069), BOM. */
const UNSEEN = /[\u00AD\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g;

/** A whole message without characters that nothing can show; letters, their joiners and direction stay as they are. */
export function cleanText(text: string): string {
  return text.replace(LINE_BREAKS, '\n').replace(CONTROLS, '');
}

/** A value that is looked up rather than published: nothing unseen remains in it. */
export function cleanValue(value: string): string {
  return value.replace(UNSEEN, '').trim();
}
