/**
 * What taking in a 200 MB video costs: time, and by how much the process that does it grows at its peak. Bound: 64 MB.
 * Each row is a process of its own (media-child.ts) that has done nothing before, so that what is loaded on first use counts.
 */
import { fork } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { startEmbedded } from '../../src/embedded/index.ts';
import type { ChildReport, ChildTask } from './media-child.ts';

const MB = 1024 * 1024;
const VIDEO_BYTES = 200 * MB;
const MAX_RISE = 64 * MB;

export interface MediaRow {
  readonly way: string;
  readonly bytes: number;
  readonly milliseconds: number;
  readonly before: number;
  readonly peak: number;
}

/** Measures each way in, prints the table, and fails when one of them passes the bound. */
export async function run(): Promise<readonly MediaRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'carillon-media-bench-'));
  const path = join(folder, 'video.mp4');
  await writeVideo(path);
  const web = await serve(path);
  const { port } = web.address() as AddressInfo;
  const link = `http://127.0.0.1:${port}/video.mp4`;
  const database = await startEmbedded({
    directory: join(folder, 'database'),
    listen: { port: 0 },
    thread: 'inline',
  });
  try {
    const tasks: [string, ChildTask][] = [
      ['file → files', { file: path, directory: join(folder, 'one') }],
      ['link → files', { link, directory: join(folder, 'two') }],
      ['link → files, three at once', { link, times: 3, directory: join(folder, 'three') }],
      ['link → GridFS', { link, uri: database.uri }],
    ];
    const rows: MediaRow[] = [];
    for (const [way, task] of tasks) rows.push({ way, ...(await measure(task)) });
    print(rows);
    return rows;
  } finally {
    web.close();
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A real MP4: the small clip of the tests, with a second box of picture data that makes it heavy. */
async function writeVideo(path: string): Promise<void> {
  const clip = await readFile(new URL('../media/fixtures/clip.mp4', sourceFolder()));
  const header = Buffer.alloc(8);
  header.writeUInt32BE(VIDEO_BYTES - clip.length);
  header.write('mdat', 4, 'latin1');
  const piece = Buffer.alloc(MB, 'not all the same ');
  const heavy = function* (): Generator<Buffer> {
    yield clip;
    yield header;
    for (let rest = VIDEO_BYTES - clip.length - header.length; rest > 0; rest -= piece.length)
      yield piece.subarray(0, rest);
  };
  await pipeline(Readable.from(heavy()), createWriteStream(path));
}

/** Fixtures are not compiled: from built files they are found in the sources. */
function sourceFolder(): string {
  return import.meta.url.replace('/dist/test/', '/test/');
}

async function serve(path: string): Promise<Server> {
  const { size } = await stat(path);
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': size });
    createReadStream(path).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function measure(task: ChildTask): Promise<ChildReport> {
  const script = fileURLToPath(
    new URL(`media-child${extname(fileURLToPath(import.meta.url))}`, import.meta.url),
  );
  return new Promise((resolve, reject) => {
    const child = fork(script, [JSON.stringify(task)]);
    child.once('message', (report) => resolve(report as ChildReport));
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new Error(`the measured process ended with code ${code} and no report`)),
    );
  });
}

function print(rows: readonly MediaRow[]): void {
  const megabytes = (bytes: number): string => `${(bytes / MB).toFixed(0)} MB`.padStart(8);
  console.log(
    `${'way in'.padEnd(30)} ${'taken'.padStart(8)} ${'time'.padStart(8)} ${'before'.padStart(8)} ${'peak'.padStart(8)} ${'rise'.padStart(8)}`,
  );
  for (const { way, bytes, milliseconds, before, peak } of rows) {
    console.log(
      `${way.padEnd(30)} ${megabytes(bytes)} ${`${(milliseconds / 1000).toFixed(1)} s`.padStart(8)} ${megabytes(before)} ${megabytes(peak)} ${megabytes(peak - before)}`,
    );
  }
  const over = rows.filter(({ before, peak }) => peak - before >= MAX_RISE);
  if (over.length > 0)
    throw new Error(`More than ${MAX_RISE / MB} MB: ${over.map(({ way }) => way).join(', ')}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run();
