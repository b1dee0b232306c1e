// Rounds of: start the built server, let 20 writers send random commands, SIGKILL it at a random moment, compare what is
// in the files with what was acknowledged; then on with the same files.
import { once } from 'node:events';
import { MongoClient } from 'mongodb';
import { type Build, startProcess } from '../built-server.ts';
import { seededRandom } from '../seeded-random.ts';
import { inspectFiles } from './inspect.ts';
import { emptyState, textOf } from './model.ts';
import { DATABASE, type Draws } from './moves.ts';
import { type Books, settle, write } from './writer.ts';

const WRITERS = 20;
/** Acknowledged commands after which the process is killed, at most. */
const LATEST_KILL = 600;

export interface Figures {
  rounds: number;
  acknowledged: number;
  /** Commands that got no answer and were found whole, and those that were found absent. */
  unansweredThere: number;
  unansweredAbsent: number;
  documents: number;
  indexEntries: number;
}

function drawsOf(seed: number): Draws {
  const random = seededRandom(seed);
  return { below: (limit) => Math.floor(random() * limit), chance: (share) => random() < share };
}

/** @throws with everything that is wrong after a round */
export async function crashRounds(
  build: Build,
  directory: string,
  options: { seed: number; rounds: number; after?: (round: number, figures: Figures) => void },
): Promise<Figures> {
  const figures: Figures = {
    rounds: 0,
    acknowledged: 0,
    unansweredThere: 0,
    unansweredAbsent: 0,
    documents: 0,
    indexEntries: 0,
  };
  const books = Array.from(
    { length: WRITERS },
    (_, writer): Books => ({ writer, state: emptyState(), pending: undefined, serial: 0, acknowledged: 0 }),
  );
  for (let round = 0; round < options.rounds; round++) {
    const seed = options.seed * 10_000 + round;
    await runUntilKilled(build, directory, books, seed);
    const found = await inspectFiles(directory, WRITERS);
    const errors = [...found.errors, ...compare(books, found.states, figures)];
    if (errors.length > 0) throw new Error(`seed ${options.seed}, round ${round}:\n${errors.join('\n')}`);
    figures.rounds += 1;
    figures.documents = found.documents;
    figures.indexEntries = found.indexEntries;
    figures.acknowledged = books.reduce((sum, each) => sum + each.acknowledged, 0);
    options.after?.(round, figures);
  }
  return figures;
}

async function runUntilKilled(build: Build, directory: string, books: Books[], seed: number): Promise<void> {
  const server = await startProcess(build, directory);
  const client = await new MongoClient(server.uri, {
    serverSelectionTimeoutMS: 500,
    maxPoolSize: WRITERS,
    // A command that is sent twice would have two outcomes.
    retryWrites: false,
    retryReads: false,
  }).connect();
  const draws = drawsOf(seed);
  let left = 1 + draws.below(LATEST_KILL);
  const acknowledged = () => {
    left -= 1;
    // Without waiting for anything: the other writers' commands are under way.
    if (left === 0) server.child.kill('SIGKILL');
  };
  const exited = once(server.child, 'exit');
  try {
    await Promise.all(
      books.map((each) => write(client.db(DATABASE), each, drawsOf(seed * 100 + each.writer), acknowledged)),
    );
    await exited;
  } finally {
    await server.kill();
    await client.close();
  }
}

function compare(
  books: Books[],
  states: Awaited<ReturnType<typeof inspectFiles>>['states'],
  figures: Figures,
) {
  return books.flatMap((each) => {
    const found = states[each.writer] ?? emptyState();
    const wasPending = each.pending;
    const outcome = settle(each, found);
    if (outcome === undefined) {
      return [
        `writer ${each.writer} has ${textOf(found)}`,
        `  acknowledged was ${textOf(each.state)}`,
        `  under way was ${JSON.stringify(wasPending?.command)}`,
      ];
    }
    if (wasPending && outcome === 'pending as well') figures.unansweredThere += 1;
    else if (wasPending) figures.unansweredAbsent += 1;
    return [];
  });
}
