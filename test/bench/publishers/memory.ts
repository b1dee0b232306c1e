/** By how much the process grows while a video of 500 MB is sent: each network in a process of its own. */
import { fork } from 'node:child_process';
import { copyFile, mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { below, type Figure, MB, megabytes, printTable } from '../figures.ts';
import type { MemoryReport, MemoryTask } from './memory-child.ts';
import { NETWORKS } from './network.ts';
import { startSink } from './sink.ts';

const VIDEO_BYTES = 500 * MB;
const RISE_MAX = 64 * MB;

export async function measureMemory(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'carillon-publishers-bench-'));
  const file = join(folder, 'video.mp4');
  try {
    await writeSparseVideo(file);
    const figures: Figure[] = [];
    const rows: string[][] = [];
    for (const network of NETWORKS) {
      const sink = await startSink(network);
      const { milliseconds, rise } = await measure({ network, url: sink.url, file, bytes: VIDEO_BYTES });
      await sink.stop();
      rows.push([network, `${(milliseconds / 1000).toFixed(1)} s`, megabytes(rise)]);
      figures.push(
        below(`${network}: memory for a video of ${megabytes(VIDEO_BYTES)}`, rise, RISE_MAX, megabytes),
      );
    }
    printTable([`a video of ${megabytes(VIDEO_BYTES)}`, 'time', `rise, < ${megabytes(RISE_MAX)}`], rows);
    return figures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The small clip of the tests, with a second box of picture data that takes no room on the disk. */
async function writeSparseVideo(path: string): Promise<void> {
  const clip = fileURLToPath(new URL('../../media/fixtures/clip.mp4', import.meta.url));
  await copyFile(clip, path);
  const { size } = await stat(path);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(VIDEO_BYTES - size);
  header.write('mdat', 4, 'latin1');
  const handle = await open(path, 'r+');
  await handle.write(header, 0, header.length, size);
  await handle.truncate(VIDEO_BYTES);
  await handle.close();
}

function measure(task: MemoryTask): Promise<MemoryReport> {
  const script = fileURLToPath(new URL('memory-child.ts', import.meta.url));
  return new Promise((resolve, reject) => {
    const child = fork(script, [JSON.stringify(task)]);
    child.once('message', (report) => resolve(report as MemoryReport));
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new Error(`the measured process ended with code ${code} and no report`)),
    );
  });
}
