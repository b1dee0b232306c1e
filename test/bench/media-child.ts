/** The process that media.bench.ts measures: joins the media parts as the program does, takes videos in, reports its size. */
import mongoose from 'mongoose';
import type { BlobStore, IncomingMedia } from '../../src/core/media.ts';
import { createMediaIntake } from '../../src/core/services/media-intake.ts';
import { systemClock } from '../../src/lib/system-clock.ts';
import { createMediaFitter } from '../../src/media/fit.ts';
import { createMediaProbe } from '../../src/media/probe.ts';
import { createMediaSource } from '../../src/media/source.ts';
import { createFileBlobStore } from '../../src/stores/blob-files.ts';
import { createGridFsBlobStore } from '../../src/stores/blob-gridfs.ts';

export interface ChildTask {
  readonly link?: string;
  readonly file?: string;
  /** How many videos at once; 1 when left out. */
  readonly times?: number;
  /** Where files go; else `uri` names a database for GridFS. */
  readonly directory?: string;
  readonly uri?: string;
}

export interface ChildReport {
  readonly bytes: number;
  readonly milliseconds: number;
  /** Memory of the process (RSS) before anything was taken, and at most while it was. */
  readonly before: number;
  readonly peak: number;
}

const SAMPLE_MS = 5;

async function openBlobs({
  directory,
  uri,
}: ChildTask): Promise<{ blobs: BlobStore; close(): Promise<void> }> {
  if (directory !== undefined)
    return { blobs: await createFileBlobStore(directory), close: async () => undefined };
  const connection = await mongoose.createConnection(uri ?? '', { dbName: 'bench' }).asPromise();
  if (!connection.db) throw new Error('no database');
  return { blobs: await createGridFsBlobStore(connection.db), close: () => connection.close() };
}

async function measure(task: ChildTask): Promise<ChildReport> {
  const { blobs, close } = await openBlobs(task);
  const intake = createMediaIntake({
    source: createMediaSource({
      clock: systemClock,
      workingDirectory: process.cwd(),
      trustedOrigins: task.link === undefined ? [] : [task.link],
    }),
    blobs,
    probe: createMediaProbe(),
    fitter: createMediaFitter(),
    index: { remember: async () => undefined },
    clock: systemClock,
  });
  const one: IncomingMedia =
    task.link === undefined ? { kind: 'file', path: task.file ?? '' } : { kind: 'link', url: task.link };
  const before = process.memoryUsage.rss();
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, SAMPLE_MS);
  const begin = performance.now();
  const context = { workspaceId: 'bench', signal: new AbortController().signal, progress: () => undefined };
  const items = await intake.take(
    Array.from({ length: task.times ?? 1 }, () => one),
    context,
  );
  const milliseconds = performance.now() - begin;
  clearInterval(timer);
  // The system's own peak catches what falls between two samples; it counts the start as well, so it may be too high only.
  peak = Math.max(peak, process.memoryUsage.rss(), process.resourceUsage().maxRSS * 1024);
  await close();
  return { bytes: items.reduce((sum, { bytes }) => sum + bytes, 0), milliseconds, before, peak };
}

const report = await measure(JSON.parse(process.argv[2] ?? '{}') as ChildTask);
process.send?.(report);
process.disconnect?.();
