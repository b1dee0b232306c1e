/** Reads multipart/form-data strictly (RFC 7578): every part has a name, its type is kept, the order too. */
import { invalid } from './refusal.ts';

export interface Part {
  readonly name: string;
  readonly fileName?: string;
  readonly contentType?: string;
  readonly content: Buffer;
}

export function readParts(contentType: string, body: Buffer): readonly Part[] {
  const boundary = /^multipart\/form-data; boundary="?([^";]+)"?$/.exec(contentType)?.[1];
  if (!boundary) throw invalid('no boundary');
  const parts: Part[] = [];
  const delimiter = Buffer.from(`--${boundary}`);
  let at = body.indexOf(delimiter);
  if (at !== 0) throw invalid('the body does not begin with the boundary');
  for (;;) {
    at += delimiter.length;
    if (body.toString('latin1', at, at + 4) === '--\r\n') {
      if (at + 4 !== body.length) throw invalid('something stands behind the last boundary');
      return parts;
    }
    const headEnd = body.indexOf('\r\n\r\n', at);
    const next = body.indexOf(`\r\n--${boundary}`, headEnd);
    if (headEnd < 0 || next < 0) throw invalid('a part does not end');
    const head = body.toString('utf8', at, headEnd);
    const name = /content-disposition: form-data; name="([^"]+)"/i.exec(head)?.[1];
    if (!name) throw invalid(`a part has no name: ${head}`);
    const fileName = / filename="([^"]*)"/i.exec(head)?.[1];
    const type = /content-type: ([^\r\n]+)/i.exec(head)?.[1];
    parts.push({
      name,
      content: body.subarray(headEnd + 4, next),
      ...(fileName === undefined ? {} : { fileName }),
      ...(type === undefined ? {} : { contentType: type }),
    });
    at = next + 2;
  }
}
