/**
 * What the built program costs once nobody has done anything for a minute (`--seconds` for less): processor and memory,
 * with the terminal alone and with both chats, which are simulators in this process. Linux only: it reads /proc.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startDiscordSimulator } from '../simulators/discord/index.ts';
import { startTelegramSimulator } from '../simulators/telegram/index.ts';
import { below, type Figure, MB, megabytes, numberOption, printFigures } from './figures.ts';
import { startProgram } from './program.ts';

const SECONDS = 60;
/** Over so long the processor time is taken, as a part of the time before: rare work, such as a sweep, should be in it. */
const MEASURED_PART = 0.75;
const TERMINAL_MAX_BYTES = 160 * MB;
const CHATS_MAX_BYTES = 210 * MB;
const CPU_MAX_PERCENT = 1;

const percent = (value: number): string => `${value.toFixed(2)} %`;

export async function run(options: readonly string[]): Promise<readonly Figure[]> {
  if (process.platform !== 'linux') {
    console.log('  Only Linux tells the memory and processor time of another process this way.');
    return [];
  }
  const seconds = numberOption(options, 'seconds', SECONDS);
  const discord = await startDiscordSimulator();
  const telegram = await startTelegramSimulator();
  try {
    const terminal = await idle(seconds, {});
    const chats = await idle(seconds, {
      DISCORD_TOKEN: discord.token,
      DISCORD_API_URL: discord.url,
      TELEGRAM_TOKEN: telegram.token,
      TELEGRAM_API_URL: telegram.url,
    });
    const after = `after ${seconds} s`;
    return printFigures([
      below(`terminal alone, memory ${after}`, terminal.residentBytes, TERMINAL_MAX_BYTES, megabytes),
      below(`terminal alone, processor ${after}`, terminal.cpuPercent, CPU_MAX_PERCENT, percent),
      below(`both chats, memory ${after}`, chats.residentBytes, CHATS_MAX_BYTES, megabytes),
      below(`both chats, processor ${after}`, chats.cpuPercent, CPU_MAX_PERCENT, percent),
    ]);
  } finally {
    await Promise.all([discord.stop(), telegram.stop()]);
  }
}

async function idle(
  seconds: number,
  environment: Readonly<Record<string, string>>,
): Promise<{ residentBytes: number; cpuPercent: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'carillon-idle-bench-'));
  try {
    const program = await startProgram({ DATA_DIR: folder, ...environment });
    try {
      // V8 tidies its memory in the first idle seconds, which costs once and is no part of idling.
      await sleep(seconds * 1000);
      const begin = performance.now();
      const before = await program.usage();
      await sleep(seconds * 1000 * MEASURED_PART);
      const { residentBytes, cpuMs } = await program.usage();
      return { residentBytes, cpuPercent: ((cpuMs - before.cpuMs) / (performance.now() - begin)) * 100 };
    } finally {
      await program.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
