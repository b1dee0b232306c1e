/** How several completions are shown below the messages. */
import type { Span, StyledLine } from './layout.ts';
import { safeLine } from './safe-text.ts';
import type { Candidate } from './surface.ts';
import { displayWidth } from './width.ts';

const COLUMN_MAX = 36;

const NOTHING: Span = { text: '', style: 'plain' };
const INDENT: Span = { text: '  ', style: 'plain' };

/** One line for each of the first `limit` candidates. */
export function candidateLines(candidates: readonly Candidate[], limit: number): StyledLine[] {
  const shown = candidates
    .slice(0, limit)
    .map((candidate) => ({ ...candidate, shown: safeLine(candidate.shown) }));
  const column = Math.min(
    COLUMN_MAX,
    Math.max(0, ...shown.map((candidate) => displayWidth(candidate.shown))),
  );
  const lines = shown.map((candidate): StyledLine => {
    const gap = ' '.repeat(Math.max(0, column - displayWidth(candidate.shown)) + 2);
    const note: Span = {
      text: candidate.note === undefined ? '' : gap + safeLine(candidate.note),
      style: 'dim',
    };
    return { lead: INDENT, hanging: INDENT, spans: [{ text: candidate.shown, style: 'code' }, note] };
  });
  const more = candidates.length - shown.length;
  if (more > 0)
    lines.push({ lead: INDENT, hanging: NOTHING, spans: [{ text: `… ${more} more`, style: 'dim' }] });
  return lines;
}

/** What all candidates begin with. */
export function commonBeginning(candidates: readonly Candidate[]): string {
  return candidates
    .map((candidate) => candidate.insert)
    .reduce((common, insert) => {
      let length = 0;
      while (length < common.length && common[length] === insert[length]) length += 1;
      return common.slice(0, length);
    });
}
