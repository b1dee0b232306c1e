/** A multipart/form-data body in one buffer: the library's own copies byte by byte, which is slow for megabytes. */

export interface MultipartBody {
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** @param boundary letters and digits that do not occur in the parts */
export function multipart(
  boundary: string,
  fields: Readonly<Record<string, string>>,
  file: { name: string; bytes: Buffer },
): MultipartBody {
  const head = Object.entries(fields)
    .map(
      ([name, value]) =>
        `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    )
    .join('');
  // A file name is needed for the part to be taken as a file; what it says is of no use to X.
  const fileHead = `--${boundary}\r\nContent-Disposition: form-data; name="${file.name}"; filename="media"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    bytes: Buffer.concat([Buffer.from(head + fileHead), file.bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}
