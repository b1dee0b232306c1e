/** By how much a process grows while publishers send what is given: a process of its own, in which nothing else has run. */
import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { StoredBytes } from '../../../src/core/media.ts';
import type { MediaItem } from '../../../src/core/words.ts';
import { createFileBlobStore } from '../../../src/stores/blob-files.ts';
import type { RiseReport, RiseTask } from './memory-child.ts';
import type { Network } from './network.ts';
import { type Sink, startSink } from './sink.ts';

const CHUNK = Buffer.alloc(1_000_000, 'bell');

/** A folder of stored media with one file in it, whose beginning stands for every smaller one. */
export interface StoredFile extends StoredBytes {
  readonly directory: string;
  remove(): Promise<void>;
}

export async function storeFile(bytes: number): Promise<StoredFile> {
  const directory = await mkdtemp(join(tmpdir(), 'carillon-rise-'));
  const chunks = function* (): Generator<Buffer> {
    for (let left = bytes; left > 0; left -= CHUNK.length)
      yield CHUNK.subarray(0, Math.min(left, CHUNK.length));
  };
  const limits = { maxBytes: bytes, signal: new AbortController().signal };
  const stored = await (await createFileBlobStore(directory)).write(Readable.from(chunks()), limits);
  return { directory, ...stored, remove: () => rm(directory, { recursive: true, force: true }) };
}

/** What one publisher sends. None of the media is larger than the file, which they are read from. */
export interface Sending {
  readonly network: Network;
  readonly media: readonly MediaItem[];
}

/** A report for each sending, of one process that does them in turn. What takes them lives in this process, so that it is not counted. */
export async function measureRises(
  { directory, sha256 }: StoredFile,
  sendings: readonly Sending[],
): Promise<readonly RiseReport[]> {
  const sinks = new Map<Network, Sink>();
  try {
    for (const { network } of sendings) if (!sinks.has(network)) sinks.set(network, await startSink(network));
    return await inChild({
      directory,
      urls: Object.fromEntries([...sinks].map(([network, { url }]) => [network, url])),
      sendings: sendings.map(({ network, media }) => ({
        network,
        media: media.map((item) => ({ ...item, sha256 })),
      })),
    });
  } finally {
    for (const sink of sinks.values()) await sink.stop();
  }
}

function inChild(task: RiseTask): Promise<readonly RiseReport[]> {
  const script = fileURLToPath(new URL('memory-child.ts', import.meta.url));
  return new Promise((resolve, reject) => {
    const child = fork(script, [JSON.stringify(task)], { execArgv: ['--import', 'tsx'] });
    child.once('message', (reports) => resolve(reports as RiseReport[]));
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new Error(`the measured process ended with code ${code} and no report`)),
    );
  });
}
