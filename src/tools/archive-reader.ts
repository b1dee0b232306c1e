/** Reads a backup archive: where each entry lies, what it holds, and whether all of it is as it was written. */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import {
  ARCHIVE_FORMAT,
  type Contents,
  type Description,
  ENTRY,
  isKnownEntry,
  mediaHash,
} from './archive.ts';
import type { Progress } from './progress.ts';
import { Refusal } from './refusal.ts';
import { BLOCK_BYTES, paddingOf, readHeader, type TarEntry } from './tar-format.ts';

/** Read at once, in bytes. */
const CHUNK_BYTES = 1024 * 1024;

interface PlacedEntry extends TarEntry {
  readonly offset: number;
}

export interface Archive {
  readonly description: Description;
  readonly contents: Contents;
  readonly database: PlacedEntry;
  /** Media whose content is what their name says. */
  readonly media: readonly (PlacedEntry & { readonly sha256: string })[];
  /** Names of media that were damaged already when the backup was made. */
  readonly damaged: readonly string[];
  chunks(entry: TarEntry): AsyncIterable<Buffer>;
  close(): Promise<void>;
}

/** Reads the whole file and checks every sum and count. Error: Refusal, which says what is wrong. */
export async function openArchive(file: string, progress: Progress): Promise<Archive> {
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    throw new Refusal(
      error.code === 'ENOENT' ? `there is no file ${file}` : `${file} cannot be read: ${error.message}`,
    );
  });
  try {
    const entries = await listEntries(handle, file);
    const sums = await checkSums(handle, file, entries, progress);
    const media = [...entries.values()].flatMap((entry) => {
      const sha256 = mediaHash(entry.name);
      return sha256 === undefined ? [] : [{ ...entry, sha256 }];
    });
    const archive = {
      description: await readDescription(handle, file, entries),
      contents: await readJson<Contents>(handle, file, entry(entries, ENTRY.contents, file)),
      database: entry(entries, ENTRY.database, file),
      media: media.filter(({ name, sha256 }) => sums.get(name) === sha256),
      damaged: media.filter(({ name, sha256 }) => sums.get(name) !== sha256).map(({ name }) => name),
      chunks: (from: TarEntry) => chunksOf(handle, entry(entries, from.name, file)),
      close: () => handle.close(),
    };
    if (archive.contents.media.files !== media.length)
      throw new Refusal(`${file} announces ${archive.contents.media.files} media and holds ${media.length}`);
    return archive;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function listEntries(handle: FileHandle, file: string): Promise<Map<string, PlacedEntry>> {
  const entries = new Map<string, PlacedEntry>();
  const { size } = await handle.stat();
  for (let offset = 0; offset < size; ) {
    const block = Buffer.alloc(BLOCK_BYTES);
    const { bytesRead } = await handle.read(block, 0, BLOCK_BYTES, offset);
    const header = bytesRead < BLOCK_BYTES ? 'a header is cut off' : readHeader(block);
    if (header === undefined) break;
    if (typeof header === 'string')
      throw new Refusal(`${file} is no backup of Carillon, or is damaged: ${header}`);
    if (!isKnownEntry(header.name) || entries.has(header.name))
      throw new Refusal(
        `${file} is no backup of Carillon: it holds "${header.name}"${entries.has(header.name) ? ' twice' : ''}`,
      );
    offset += BLOCK_BYTES;
    if (offset + header.bytes > size) throw new Refusal(`${file} is cut off in the middle of ${header.name}`);
    entries.set(header.name, { ...header, offset });
    offset += header.bytes + paddingOf(header.bytes);
  }
  if (!entries.has(ENTRY.sums))
    throw new Refusal(`${file} is cut off: its last entry ${ENTRY.sums} is missing`);
  return entries;
}

async function checkSums(
  handle: FileHandle,
  file: string,
  entries: ReadonlyMap<string, PlacedEntry>,
  progress: Progress,
): Promise<Map<string, string>> {
  const lines = (await readText(handle, entry(entries, ENTRY.sums, file))).split('\n').filter(Boolean);
  const sums = new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)] as const));
  const all = [...entries.values()];
  const total = all.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  for (const each of all) {
    if (each.name === ENTRY.sums) continue;
    const hash = createHash('sha256');
    for await (const chunk of chunksOf(handle, each)) {
      hash.update(chunk);
      done += chunk.length;
      progress('checking the backup', done, total);
    }
    if (sums.get(each.name) !== hash.digest('hex'))
      throw new Refusal(`${file} is damaged: the sum of ${each.name} is wrong`);
  }
  const missing = [...sums.keys()].find((name) => !entries.has(name));
  if (missing !== undefined) throw new Refusal(`${file} is damaged: ${missing} is missing`);
  return sums;
}

async function readDescription(
  handle: FileHandle,
  file: string,
  entries: ReadonlyMap<string, PlacedEntry>,
): Promise<Description> {
  const found = await readJson<Description>(handle, file, entry(entries, ENTRY.description, file));
  if (found.program !== 'carillon') throw new Refusal(`${file} is a backup of ${String(found.program)}`);
  if (found.format > ARCHIVE_FORMAT)
    throw new Refusal(
      `${file} is a backup of format ${found.format}, this version reads up to ${ARCHIVE_FORMAT}: use a newer version`,
    );
  return found;
}

function entry(entries: ReadonlyMap<string, PlacedEntry>, name: string, file: string): PlacedEntry {
  const found = entries.get(name);
  if (!found) throw new Refusal(`${file} is no backup of Carillon: ${name} is missing`);
  return found;
}

async function* chunksOf(handle: FileHandle, { offset, bytes }: PlacedEntry): AsyncGenerator<Buffer> {
  for (let done = 0; done < bytes; ) {
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, bytes - done));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset + done);
    if (bytesRead === 0) throw new Refusal('the backup became shorter while it was read');
    done += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

async function readText(handle: FileHandle, from: PlacedEntry): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of chunksOf(handle, from)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** What our own writer wrote and a sum has confirmed. */
async function readJson<T>(handle: FileHandle, file: string, from: PlacedEntry): Promise<T> {
  try {
    return JSON.parse(await readText(handle, from)) as T;
  } catch (error) {
    if (error instanceof SyntaxError) throw new Refusal(`${file} is damaged: ${from.name} cannot be read`);
    throw error;
  }
}
