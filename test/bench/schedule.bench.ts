/**
 * How long `/schedule` takes, from the message or interaction to the answer that a person sees, with many people at once:
 * the built program in a process of its own, its embedded database, and the real chat clients against simulators. A post is
 * durable before it is answered. `npm run bench -- schedule [--each 1000] [--flight 20]`
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { below, type Figure, median, milliseconds, numberOption, percentile, printTable } from './figures.ts';
import { type Program, startProgram } from './program.ts';
import { type ChatUnderLoad, inDiscord, inTelegram, inTerminal } from './schedule-chats.ts';

const TARGET_P99_MS = 100;
const EACH = 1000;
/** Requests that are under way at the same time. */
const IN_FLIGHT = 20;
/** Before anything is counted, as a share of what is: the program compiles what it has run some hundred times. */
const WARM_UP = 0.5;

const CHATS: Readonly<Record<string, (flight: number) => Promise<ChatUnderLoad>>> = {
  terminal: inTerminal,
  Discord: inDiscord,
  Telegram: inTelegram,
};

export async function run(options: readonly string[]): Promise<readonly Figure[]> {
  const each = numberOption(options, 'each', EACH);
  const flight = numberOption(options, 'flight', IN_FLIGHT);
  const rows: string[][] = [];
  const figures: Figure[] = [];
  for (const [name, open] of Object.entries(CHATS)) {
    const { times, perSecond, cpuMs } = await measure(open, each, flight);
    const p99 = percentile(times, 0.99);
    figures.push(
      below(`/schedule in ${name}, p99 of ${each} at ${flight} in flight`, p99, TARGET_P99_MS, milliseconds),
    );
    rows.push([
      name,
      milliseconds(median(times)),
      milliseconds(p99),
      milliseconds(Math.max(...times)),
      perSecond.toFixed(0),
      cpuMs === undefined ? '' : milliseconds(cpuMs),
      `< ${TARGET_P99_MS} ms`,
      p99 < TARGET_P99_MS ? 'met' : 'MISSED',
    ]);
  }
  printTable(['', 'p50', 'p99', 'max', 'posts/s', 'processor per post', 'target p99', ''], rows);
  return figures;
}

async function measure(
  open: (flight: number) => Promise<ChatUnderLoad>,
  each: number,
  flight: number,
): Promise<{ times: readonly number[]; perSecond: number; cpuMs: number | undefined }> {
  const folder = await mkdtemp(join(tmpdir(), 'carillon-bench-'));
  const chat = await open(flight);
  let program: Program | undefined;
  try {
    program = await startProgram({ DATA_DIR: folder, ...chat.environment });
    await chat.ready(program);
    await many(chat, Math.ceil(each * WARM_UP), flight);
    const usage = process.platform === 'linux' ? program.usage : undefined;
    const before = await usage?.();
    const begin = performance.now();
    const times = await many(chat, each, flight);
    const took = performance.now() - begin;
    const after = await usage?.();
    return {
      times,
      perSecond: (each / took) * 1000,
      cpuMs: before && after && (after.cpuMs - before.cpuMs) / each,
    };
  } finally {
    await program?.stop();
    await chat.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** So many posts by `flight` people, each of whom writes again as soon as the answer is there. */
async function many(chat: ChatUnderLoad, count: number, flight: number): Promise<readonly number[]> {
  const times: number[] = [];
  let left = count;
  await Promise.all(
    Array.from({ length: flight }, async (_, person) => {
      while (left-- > 0) {
        const begin = performance.now();
        await chat.schedule(person);
        times.push(performance.now() - begin);
      }
    }),
  );
  return times;
}
