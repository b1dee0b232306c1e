/** Boards of an account, where a network has them: people name them, networks number them. */

import { sortIssues } from './content-check.ts';
import { error, type Issue } from './issue.ts';
import { nearestName } from './nearest-name.ts';
import type { Content } from './publisher.ts';

export interface Board {
  /** The network's own. */
  readonly id: string;
  readonly name: string;
}

/** Boards that are named to a person who named none of them. */
const NAMES_TOLD = 20;

/** The board that is named exactly so, or so whatever the case, or by its id. */
export function boardNamed(wanted: string, boards: readonly Board[]): Board | undefined {
  const plain = (text: string): string => text.normalize('NFC').trim().toLowerCase();
  return (
    boards.find(({ name, id }) => name === wanted || id === wanted.trim()) ??
    boards.find(({ name }) => plain(name) === plain(wanted))
  );
}

/** What a person can name instead: “Did you mean …? Possible: …”. */
export function possibleBoards(wanted: string, boards: readonly Board[]): string {
  const names = boards.map(({ name }) => name);
  const near = nearestName(wanted.trim(), names);
  const told = names.slice(0, NAMES_TOLD);
  const more = names.length > told.length ? ` and ${names.length - told.length} more` : '';
  return `${near ? `Did you mean ${near}? ` : ''}Possible: ${told.join(', ') || 'none yet'}${more}.`;
}

/** The broken rules of `content`, and what its account's boards add to them: one that there is not, and which there are. */
export function withBoardIssues(
  found: readonly Issue[],
  content: Pick<Content, 'board'>,
  boards: readonly Board[],
): readonly Issue[] {
  const choices = boards.map(({ id, name }) => ({ value: id, label: name }));
  const wanted = content.board?.trim();
  if (!wanted) {
    return found.map((issue) =>
      issue.field === 'board'
        ? { ...issue, hint: `${issue.hint} ${possibleBoards('', boards)}`, choices }
        : issue,
    );
  }
  if (boardNamed(wanted, boards)) return found;
  const unknown = error(
    'BOARD_UNKNOWN',
    'board',
    'the board must be there',
    `no board “${wanted}”`,
    possibleBoards(wanted, boards),
  );
  return sortIssues([...found, { ...unknown, choices }]);
}
