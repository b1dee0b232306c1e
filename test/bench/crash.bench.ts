/**
 * The embedded database killed amid writers, round after round: what was acknowledged is there, nothing is half done, every
 * index agrees with its documents. `--rounds 200`, `--writers 20`, `--seed 1`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crashRounds, WRITERS } from '../embedded/crash/rounds.ts';
import { EMBEDDED_BUILD } from './embedded/build.ts';
import { type Figure, numberOption, printFigures } from './figures.ts';

const ROUNDS = 200;

export async function run(options: readonly string[]): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'crash-bench-'));
  try {
    const rounds = numberOption(options, 'rounds', ROUNDS);
    const figures = await crashRounds(EMBEDDED_BUILD, folder, {
      rounds,
      writers: numberOption(options, 'writers', WRITERS),
      seed: numberOption(options, 'seed', 1),
    });
    for (const fault of figures.faults) console.log(`  ${fault}`);
    return printFigures([
      {
        what: 'rounds',
        value: number(figures.rounds),
        target: number(rounds),
        isMet: figures.rounds === rounds,
      },
      { what: 'writes acknowledged', value: number(figures.acknowledged) },
      { what: 'writers with acknowledged writes lost', ...none(figures.lost) },
      { what: 'writers with a write half done', ...none(figures.halfDone) },
      { what: 'unanswered writes found whole', value: number(figures.unansweredThere) },
      { what: 'unanswered writes found absent', value: number(figures.unansweredAbsent) },
      { what: 'index entries checked in the last round', value: number(figures.indexEntries) },
      { what: 'faults of all kinds', ...none(figures.faults.length) },
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const number = (value: number): string => value.toLocaleString('en');

function none(count: number): Omit<Figure, 'what'> {
  return { value: number(count), target: '0', isMet: count === 0 };
}
