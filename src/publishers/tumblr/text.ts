/** Text as Tumblr takes it: paragraphs as blocks, links as ranges of a block, hashtags as tags. */

/** https://github.com/tumblr/docs/blob/master/npf-spec.md#text-block-length: Unicode code points. */
export const TEXT_BLOCK_CHARACTERS_MAX = 4096;
/** A block is cut at a border in its second half only; otherwise a border near the beginning would leave tiny blocks. */
const BORDER_EARLIEST = TEXT_BLOCK_CHARACTERS_MAX / 2;

/** Each paragraph a block of its own; one that is too long is cut at a line's, a sentence's or a word's end. */
export function textBlocks(text: string): readonly string[] {
  return text
    .split(/\n[^\S\n]*(?:\n[^\S\n]*)+/)
    .flatMap(fitted)
    .map((block) => block.trim())
    .filter((block) => block !== '');
}

function fitted(paragraph: string): readonly string[] {
  // A text is never shorter in code points than half its length, so most paragraphs need no taking apart.
  if (paragraph.length <= TEXT_BLOCK_CHARACTERS_MAX) return [paragraph];
  const characters = Array.from(paragraph);
  const blocks: string[] = [];
  let start = 0;
  while (characters.length - start > TEXT_BLOCK_CHARACTERS_MAX) {
    const window = characters.slice(start, start + TEXT_BLOCK_CHARACTERS_MAX);
    const end = start + borderOf(window, characters[start + TEXT_BLOCK_CHARACTERS_MAX] ?? '');
    blocks.push(characters.slice(start, end).join(''));
    start = end;
  }
  return [...blocks, characters.slice(start).join('')];
}

/** Where to cut: the number of characters of the window that stay. @param next the character behind the window */
function borderOf(window: readonly string[], next: string): number {
  const isSpace = (character: string | undefined): boolean => character !== undefined && /\s/.test(character);
  const characterAt = (index: number): string | undefined => (index < window.length ? window[index] : next);
  const borders: readonly ((end: number) => boolean)[] = [
    (end) => characterAt(end) === '\n',
    (end) => isSpace(characterAt(end)) && /[.!?…:;]/.test(window[end - 1] ?? ''),
    // Scripts without spaces between sentences.
    (end) => /[。！？]/.test(window[end - 1] ?? ''),
    (end) => isSpace(characterAt(end)),
  ];
  for (const isBorder of borders) {
    for (let end = window.length; end > BORDER_EARLIEST; end -= 1) if (isBorder(end)) return end;
  }
  return window.length;
}

export interface LinkRange {
  readonly start: number;
  readonly end: number;
  readonly type: 'link';
  readonly url: string;
}

const WEB_ADDRESS = /\bhttps?:\/\/[^\s<>"“”«»]+/giu;
/** What ends a sentence around an address and not the address itself. */
const TRAILING = /[.,;:!?'’…]+$/;

/** Addresses in a block, so that they can be followed; places count Unicode code points. */
export function linkRanges(block: string): readonly LinkRange[] {
  return [...block.matchAll(WEB_ADDRESS)].flatMap((match) => {
    const url = withoutTrailing(match[0]);
    if (!URL.canParse(url)) return [];
    const start = Array.from(block.slice(0, match.index)).length;
    return [{ start, end: start + Array.from(url).length, type: 'link' as const, url }];
  });
}

/** Without what belongs to the sentence: closing signs, and a closing bracket that opens outside. */
function withoutTrailing(address: string): string {
  let url = address.replace(TRAILING, '');
  while (url.endsWith(')') && url.split(')').length > url.split('(').length) {
    url = url.slice(0, -1).replace(TRAILING, '');
  }
  return url;
}

/** A number sign that does not stand inside a word or an address, with a letter among what follows ("#1" is no hashtag). */
const HASHTAG = /(?<![\p{L}\p{N}_&/])[#＃](?=[\p{N}_]*\p{L})([\p{L}\p{M}\p{N}_]+)/gu;

/** The hashtags of a text, each once, as Tumblr's tags: without the sign. They stay in the text as well. */
export function tagsOf(text: string): readonly string[] {
  const tags = new Map<string, string>();
  for (const [, tag = ''] of text.matchAll(HASHTAG)) {
    if (!tags.has(tag.toLowerCase())) tags.set(tag.toLowerCase(), tag);
  }
  return [...tags.values()];
}
