/**
 * The embedded database: rates over the wire, without it and of bare LMDB; Agenda's polls; start; memory.
 * `--documents 1000000` adds the program's own queries and the memory at that size, `--seconds` changes the time of each rate.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { type ServerProcess, startProcess } from '../embedded/built-server.ts';
import { measurePolls } from './embedded/agenda.ts';
import { EMBEDDED_BUILD } from './embedded/build.ts';
import { memoryOf } from './embedded/memory.ts';
import { measureProduct } from './embedded/product.ts';
import { type Row, ratesOf } from './embedded/rates.ts';
import { documentOf, engineSide, lmdbSide, wireSide } from './embedded/sides.ts';
import {
  below,
  type Figure,
  megabytes,
  milliseconds,
  numberOption,
  printFigures,
  printTable,
} from './figures.ts';

const SECONDS = 1;
const DOCUMENTS = 100_000;
const BATCH = 5_000;
/** Writes, where the disk and not the wire is the limit, are held against bare LMDB. */
const IS_WRITE = /^insert|^findAndModify/;
const LEAST_PART = 1 / 3;
const IDLE_POLL_MAX_MS = 2;

export async function run(options: readonly string[]): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'embedded-bench-'));
  try {
    const figures = [
      ...(await rates(folder, numberOption(options, 'seconds', SECONDS) * 1000)),
      ...(await polls(folder)),
      ...(await startAndMemory(folder, options)),
    ];
    console.log('');
    return printFigures(figures);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function rates(folder: string, time: number): Promise<readonly Figure[]> {
  const server = await startProcess(EMBEDDED_BUILD, join(folder, 'wire'));
  const sides = [
    await wireSide(server.uri),
    await engineSide(join(folder, 'engine')),
    await lmdbSide(folder),
  ] as const;
  try {
    const rows = await ratesOf(sides, time);
    const show = (value: number | undefined) => (value ? Math.round(value).toLocaleString('en') : '–');
    const part = ([, without, bare]: Row['rates']) => (without && bare ? (without / bare).toFixed(2) : '–');
    printTable(
      ['per second', 'over the wire', 'without it', 'bare lmdb', 'without : lmdb', "the wire's own µs"],
      rows.map(({ what, rates: all }) => [what, ...all.map(show), part(all), wireCost(what, all)]),
    );
    return rows
      .filter(({ what }) => IS_WRITE.test(what))
      .map(({ what, rates: [, without = 0, bare = 1] }) => ({
        what: `${what}, part of bare lmdb`,
        value: (without / bare).toFixed(2),
        target: `> ${LEAST_PART.toFixed(2)}`,
        isMet: without / bare > LEAST_PART,
      }));
  } finally {
    await Promise.all(sides.map((side) => side.close()));
    await server.kill();
  }
}

/** What one call takes longer over the wire, where calls go one after another: driver, socket, and the other process. */
function wireCost(what: string, [overWire, without]: Row['rates']): string {
  // Of writes the flush takes most, and how long it takes differs from one turn to the next.
  if (!overWire || !what.endsWith('one after another') || IS_WRITE.test(what)) return '';
  return String(Math.round(1e6 / overWire - (without ? 1e6 / without : 0)));
}

async function polls(folder: string): Promise<readonly Figure[]> {
  const server = await startProcess(EMBEDDED_BUILD, join(folder, 'polls'));
  try {
    const { idleMs, claimMs } = await measurePolls(server.uri);
    return [
      below('Agenda, 100,000 jobs, nothing due: one poll', idleMs, IDLE_POLL_MAX_MS, milliseconds),
      { what: 'Agenda, 100,000 jobs, all due: one claim', value: milliseconds(claimMs) },
    ];
  } finally {
    await server.kill();
  }
}

async function startAndMemory(folder: string, options: readonly string[]): Promise<readonly Figure[]> {
  const directory = join(folder, 'memory');
  const begin = performance.now();
  let server = await startProcess(EMBEDDED_BUILD, directory);
  const figures: Figure[] = [
    { what: 'start with Node, empty', value: milliseconds(performance.now() - begin) },
  ];
  try {
    figures.push(...(await memory(server, 'empty')));
    await insert(server.uri, DOCUMENTS);
    const filled = `${DOCUMENTS.toLocaleString('en')} documents`;
    figures.push(...(await memory(server, `after writing ${filled}`)));
    const wanted = numberOption(options, 'documents', DOCUMENTS);
    if (options.includes('--documents')) {
      await printProduct(server.uri, wanted);
      figures.push(...(await memory(server, `after the queries over ${wanted.toLocaleString('en')} posts`)));
    }
    server.child.kill('SIGTERM');
    await new Promise((resolve) => server.child.once('exit', resolve));
    const again = performance.now();
    server = await startProcess(EMBEDDED_BUILD, directory);
    figures.push({ what: 'start with Node, filled', value: milliseconds(performance.now() - again) });
    figures.push(...(await memory(server, 'filled, after a start')));
    return figures;
  } finally {
    await server.kill();
  }
}

async function memory(server: ServerProcess, when: string): Promise<readonly Figure[]> {
  if (process.platform !== 'linux') return [];
  const { anonymousBytes, mappedBytes } = await memoryOf(server.child.pid ?? 0);
  return [
    {
      what: `memory, ${when}`,
      value: `${megabytes(anonymousBytes)} own, ${megabytes(mappedBytes)} mapped`,
    },
  ];
}

async function insert(uri: string, count: number): Promise<void> {
  const client = await new MongoClient(uri).connect();
  try {
    const documents = client.db('memory').collection('documents');
    await documents.createIndex({ n: 1 });
    for (let start = 0; start < count; start += BATCH)
      await documents.insertMany(
        Array.from({ length: BATCH }, (_, index) => documentOf(start + index)) as never,
      );
  } finally {
    await client.close();
  }
}

async function printProduct(uri: string, documents: number): Promise<void> {
  console.log(`\n  the program's queries over ${documents.toLocaleString('en')} posts and deliveries`);
  const rows = await measureProduct(uri, documents);
  printTable(
    ['', 'call', 'keys', 'documents', 'returned'],
    rows.map(({ what, milliseconds: time, keys, documents: read, returned }) => [
      what,
      milliseconds(time),
      String(keys),
      String(read),
      String(returned),
    ]),
  );
}
