/** Writes a backup archive entry by entry, taking the sum of each; it appears under its name when it is whole and checked. */
import { createHash } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ENTRY } from './archive.ts';
import { Refusal } from './refusal.ts';
import { BLOCK_BYTES, paddingOf, writeHeader } from './tar-format.ts';

const END = Buffer.alloc(2 * BLOCK_BYTES);

export class ArchiveWriter {
  readonly sums = new Map<string, string>();
  /** Where it is written until `publish`. */
  readonly part: string;
  readonly #file: string;
  readonly #handle: FileHandle;
  readonly #modified: Date;

  private constructor(file: string, part: string, handle: FileHandle, modified: Date) {
    this.#file = file;
    this.part = part;
    this.#handle = handle;
    this.#modified = modified;
  }

  /** Begins beside the final name; what a backup that died left there is replaced. */
  static async create(file: string, modified: Date): Promise<ArchiveWriter> {
    const part = `${file}.part`;
    await rm(part, { force: true });
    return new ArchiveWriter(file, part, await open(part, 'wx', 0o600), modified);
  }

  /** Adds a file of known size. Error: Refusal when the chunks are more or fewer than `bytes`. */
  async add(name: string, bytes: number, chunks: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<void> {
    const hash = createHash('sha256');
    await this.#write(writeHeader({ name, bytes }, this.#modified));
    let written = 0;
    for await (const chunk of chunks) {
      hash.update(chunk);
      written += chunk.length;
      await this.#write(chunk);
    }
    if (written !== bytes)
      throw new Refusal(`${name} changed while it was read: ${bytes} bytes were announced, ${written} came`);
    await this.#write(Buffer.alloc(paddingOf(bytes)));
    this.sums.set(name, hash.digest('hex'));
  }

  /** Adds a small file. */
  async addText(name: string, text: string): Promise<void> {
    const bytes = Buffer.from(text);
    await this.add(name, bytes.length, [bytes]);
  }

  /** Adds the sums and the end, and waits until all of it is on the disk. */
  async finish(): Promise<void> {
    const lines = [...this.sums].map(([name, sum]) => `${sum}  ${name}\n`);
    await this.addText(ENTRY.sums, lines.join(''));
    await this.#write(END);
    await this.#handle.sync();
    await this.#handle.close();
  }

  /** Gives the finished archive its name. */
  async publish(): Promise<void> {
    await rename(this.part, this.#file);
    if (process.platform === 'win32') return;
    const folder = await open(dirname(this.#file));
    await folder.sync().finally(() => folder.close());
  }

  /** Leaves nothing behind. */
  async discard(): Promise<void> {
    await this.#handle.close();
    await rm(this.part, { force: true });
  }

  async #write(bytes: Buffer): Promise<void> {
    let offset = 0;
    while (offset < bytes.length) offset += (await this.#handle.write(bytes, offset)).bytesWritten;
  }
}
