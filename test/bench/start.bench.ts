/** From the spawn of the built program to its word that it is ready: in an empty folder, and in one that it knows. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { below, type Figure, median, milliseconds, numberOption, printFigures } from './figures.ts';
import { startProgram } from './program.ts';

const TARGET_MS = 1500;
const TIMES = 5;

export async function run(options: readonly string[]): Promise<readonly Figure[]> {
  const times = numberOption(options, 'times', TIMES);
  const folder = await mkdtemp(join(tmpdir(), 'carillon-start-bench-'));
  try {
    const fresh: number[] = [];
    const known: number[] = [];
    const cpu: number[] = [];
    for (let round = 0; round < times; round += 1) {
      const DATA_DIR = join(folder, String(round));
      fresh.push((await startOnce(DATA_DIR)).startMs);
      const again = await startOnce(DATA_DIR);
      known.push(again.startMs);
      if (again.cpuMs !== undefined) cpu.push(again.cpuMs);
    }
    return printFigures([
      below(`empty folder, median of ${times}`, median(fresh), TARGET_MS, milliseconds),
      below(`known folder, median of ${times}`, median(known), TARGET_MS, milliseconds),
      // A busy machine stretches the time of a start, but not its processor time.
      ...(cpu.length > 0
        ? [{ what: 'processor time of the latter, median', value: milliseconds(median(cpu)) }]
        : []),
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function startOnce(DATA_DIR: string): Promise<{ startMs: number; cpuMs: number | undefined }> {
  const program = await startProgram({ DATA_DIR });
  try {
    const cpuMs = process.platform === 'linux' ? (await program.usage()).cpuMs : undefined;
    return { startMs: program.startMs, cpuMs };
  } finally {
    await program.stop();
  }
}
