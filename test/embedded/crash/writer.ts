// A client that sends one random command after another until its server dies, and keeps the books: what was acknowledged
// has happened, the one command that got no answer may have.
import { isDeepStrictEqual } from 'node:util';
import { type Db, MongoServerError } from 'mongodb';
import { copyState, type Move, textOf, type WriterState } from './model.ts';
import { type Draws, nextMove } from './moves.ts';

export interface Books {
  readonly writer: number;
  /** After the last command that was acknowledged. */
  state: WriterState;
  /** The command that was on its way when the server died. */
  pending: Move | undefined;
  serial: number;
  acknowledged: number;
}

/** States that the documents may be in after the death: the acknowledged one, or that and the whole pending command. */
export function possibleStates(books: Books): WriterState[] {
  if (!books.pending) return [books.state];
  const after = copyState(books.state);
  books.pending.apply(after);
  return [books.state, after];
}

/**
 * Runs until the connection breaks.
 * @throws when a reply is not what the model says
 */
export async function write(db: Db, books: Books, draws: Draws, acknowledged: () => void): Promise<void> {
  for (;;) {
    const move = nextMove(books.writer, books.state, books.serial++, draws);
    books.pending = move;
    let reply: Record<string, unknown>;
    try {
      reply = await db.command(move.command);
    } catch (error) {
      // `db.command` throws on failed commands only; entries of writeErrors come in the reply.
      if (error instanceof MongoServerError) throw error;
      return;
    }
    books.pending = undefined;
    checkReply(move, reply);
    move.apply(books.state);
    books.acknowledged += 1;
    acknowledged();
  }
}

function checkReply(move: Move, reply: Record<string, unknown>): void {
  for (const [field, wanted] of Object.entries(move.expected)) {
    const found = field === 'writeErrors' ? shortErrors(reply[field]) : reply[field];
    if (!isDeepStrictEqual(found, wanted)) {
      throw new Error(
        `${JSON.stringify(move.command)} was answered ${field}: ${JSON.stringify(found)}, must be ${JSON.stringify(wanted)}`,
      );
    }
  }
}

function shortErrors(errors: unknown): unknown {
  return (errors as { index: number; code: number }[] | undefined)?.map(({ index, code }) => ({
    index,
    code,
  }));
}

/** The books go on from what was found on disk. */
export function settle(books: Books, found: WriterState): 'acknowledged' | 'pending as well' | undefined {
  const text = textOf(found);
  const possible = possibleStates(books);
  const position = possible.findIndex((state) => textOf(state) === text);
  if (position < 0) return undefined;
  books.state = possible[position] as WriterState;
  books.pending = undefined;
  return position === 0 ? 'acknowledged' : 'pending as well';
}

/** Of a state that is not possible: whether each document is as before or as after the pending command. */
export function isHalfDone(books: Books, found: WriterState): boolean {
  const [before, after] = possibleStates(books);
  if (!before || !after) return false;
  return (['shared', 'own'] as const).every((name) => {
    const ids = new Set([before, after, found].flatMap((state) => [...(state[name]?.keys() ?? [])]));
    return [...ids].every((id) => {
      const entry = found[name]?.get(id);
      return [before, after].some((state) => isDeepStrictEqual(state[name]?.get(id), entry));
    });
  });
}
