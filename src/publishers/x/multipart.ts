/** A multipart/form-data body in one buffer: the library's own copies byte by byte, which is slow for megabytes. */
import type { BodyMemory } from '../body-memory.ts';

export interface MultipartBody {
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** @param boundary letters and digits that do not occur in the parts @param file `fill` writes its bytes into the place that it is given */
export async function multipart(
  memory: BodyMemory,
  boundary: string,
  fields: Readonly<Record<string, string>>,
  file: { name: string; bytes: number; fill(target: Buffer): Promise<void> },
): Promise<MultipartBody> {
  const parts = Object.entries(fields)
    .map(
      ([name, value]) =>
        `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    )
    .join('');
  // A file name is needed for the part to be taken as a file; what it says is of no use to X.
  const fileHead = `--${boundary}\r\nContent-Disposition: form-data; name="${file.name}"; filename="media"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  const head = Buffer.from(parts + fileHead);
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  const bytes = memory.take(head.length + file.bytes + tail.length);
  head.copy(bytes);
  await file.fill(bytes.subarray(head.length, head.length + file.bytes));
  tail.copy(bytes, head.length + file.bytes);
  return { contentType: `multipart/form-data; boundary=${boundary}`, bytes };
}
