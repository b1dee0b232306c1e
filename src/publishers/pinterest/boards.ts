/** The boards of the account: found by name or id; the list is kept for a while. */
import { type Board, boardNamed, possibleBoards } from '../../core/boards.ts';
import { after, MINUTE } from '../../core/clock.ts';
import { failure } from '../../core/errors.ts';
import { boardList } from './answers.ts';
import { ask, type PinterestSession } from './ask.ts';

export interface Boards {
  /** All of them as they are now, by name. Throws PinterestFailure. */
  read(signal: AbortSignal): Promise<readonly Board[]>;
  /** The id of a board that is named by its name or its id. Throws ContentRejected with the names that are possible. */
  find(wanted: string, signal: AbortSignal): Promise<string>;
}

/** https://developers.pinterest.com/docs/reference/pagination/: at most 250 a page. */
const PAGE_BOARDS = 250;
/** An account has at most 2,000 boards (https://help.pinterest.com/en/article/create-and-edit-boards). */
const PAGES_MAX = 8;
const KEPT_MS = 10 * MINUTE;
/** Ids of boards have 15 digits and more; a name of digits such as "2027" is a name. */
const ID = /^\d{12,}$/;

export function createBoards(session: PinterestSession): Boards {
  let kept: { readonly boards: readonly Board[]; readonly until: Date } | undefined;

  const read = async (signal: AbortSignal): Promise<readonly Board[]> => {
    const boards: Board[] = [];
    let bookmark: string | null | undefined;
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const query = { page_size: String(PAGE_BOARDS), ...(bookmark ? { bookmark } : {}) };
      const answer = await ask(session, { method: 'GET', path: 'boards', query }, boardList, signal);
      boards.push(...answer.items);
      bookmark = answer.bookmark;
      if (!bookmark) break;
    }
    boards.sort((a, b) => a.name.localeCompare(b.name));
    kept = { boards, until: after(session.clock.now(), KEPT_MS) };
    return boards;
  };

  const list = async (signal: AbortSignal): Promise<readonly Board[]> =>
    kept && kept.until > session.clock.now() ? kept.boards : read(signal);

  return {
    read,
    async find(wanted, signal) {
      if (ID.test(wanted.trim())) return wanted.trim();
      const wasKept = kept !== undefined;
      const found = boardNamed(wanted, await list(signal));
      if (found) return found.id;
      // It may have been made since the list was read.
      const boards = wasKept ? await read(signal) : await list(signal);
      const made = boardNamed(wanted, boards);
      if (made) return made.id;
      throw unknownBoard(wanted, boards);
    },
  };
}

function unknownBoard(wanted: string, boards: readonly Board[]): Error {
  return failure('ContentRejected', {
    code: 'CONTENT_REJECTED',
    message: `There is no board “${wanted}” on Pinterest. ${possibleBoards(wanted, boards)}`,
    hint: 'Name another board with /edit board:NAME, or make it on pinterest.com; then /retry.',
    context: { network: 'pinterest', step: 'read' },
  });
}
