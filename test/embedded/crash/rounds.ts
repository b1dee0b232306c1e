// Rounds of: start the built server, let writers send random commands, SIGKILL it at a random moment, compare what is
// in the files with what was acknowledged; then on with the same files.
import { once } from 'node:events';
import { MongoClient } from 'mongodb';
import { type Build, startProcess } from '../built-server.ts';
import { seededRandom } from '../seeded-random.ts';
import { inspectFiles } from './inspect.ts';
import { emptyState, textOf } from './model.ts';
import { DATABASE, type Draws } from './moves.ts';
import { type Books, isHalfDone, settle, write } from './writer.ts';

export const WRITERS = 20;
/** Acknowledged commands after which the process is killed, at most. */
const LATEST_KILL = 600;

export interface Figures {
  rounds: number;
  acknowledged: number;
  /** Commands that got no answer and were found whole, and those that were found absent. */
  unansweredThere: number;
  unansweredAbsent: number;
  /** Writers whose acknowledged writes are not there, and those of whose last command a part is. */
  lost: number;
  halfDone: number;
  /** Compared at the end of the last round. */
  documents: number;
  indexEntries: number;
  /** Everything that is wrong, in words; the rounds end with the first that finds something. */
  faults: string[];
}

function drawsOf(seed: number): Draws {
  const random = seededRandom(seed);
  return { below: (limit) => Math.floor(random() * limit), chance: (share) => random() < share };
}

/** Runs the rounds, or those until the first with a fault. */
export async function crashRounds(
  build: Build,
  directory: string,
  options: { seed: number; rounds: number; writers?: number },
): Promise<Figures> {
  const writers = options.writers ?? WRITERS;
  const figures: Figures = {
    rounds: 0,
    acknowledged: 0,
    unansweredThere: 0,
    unansweredAbsent: 0,
    lost: 0,
    halfDone: 0,
    documents: 0,
    indexEntries: 0,
    faults: [],
  };
  const books = Array.from(
    { length: writers },
    (_, writer): Books => ({ writer, state: emptyState(), pending: undefined, serial: 0, acknowledged: 0 }),
  );
  for (let round = 0; round < options.rounds && figures.faults.length === 0; round++) {
    await runUntilKilled(build, directory, books, options.seed * 10_000 + round);
    const found = await inspectFiles(directory, writers);
    const faults = [...found.errors, ...compare(books, found.states, figures)];
    figures.faults = faults.map((fault) => `seed ${options.seed}, round ${round}: ${fault}`);
    figures.rounds += 1;
    figures.documents = found.documents;
    figures.indexEntries = found.indexEntries;
    figures.acknowledged = books.reduce((sum, each) => sum + each.acknowledged, 0);
  }
  return figures;
}

async function runUntilKilled(build: Build, directory: string, books: Books[], seed: number): Promise<void> {
  const server = await startProcess(build, directory);
  const client = await new MongoClient(server.uri, {
    serverSelectionTimeoutMS: 500,
    maxPoolSize: books.length,
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
      if (isHalfDone(each, found)) figures.halfDone += 1;
      else figures.lost += 1;
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
