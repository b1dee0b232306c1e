/** Memory of a process by its kind: its own (anonymous), and pages of files, which the system takes back when it needs room. */
import { readFile } from 'node:fs/promises';

export interface Memory {
  readonly anonymousBytes: number;
  readonly mappedBytes: number;
}

/** Linux only. https://www.kernel.org/doc/html/latest/filesystems/proc.html (smaps_rollup) */
export async function memoryOf(pid: number): Promise<Memory> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kilobytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0);
  const anonymousBytes = kilobytes('Anonymous') * 1024;
  return { anonymousBytes, mappedBytes: kilobytes('Rss') * 1024 - anonymousBytes };
}
