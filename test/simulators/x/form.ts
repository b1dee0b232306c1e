/** Reads multipart/form-data strictly (RFC 7578): a field is text, a file is a part with a file name. */
import { invalid } from './problems.ts';

export interface Form {
  readonly fields: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, Buffer>>;
}

export function readForm(contentType: string, body: Buffer): Form {
  const boundary = /^multipart\/form-data; boundary="?([^";]+)"?$/.exec(contentType)?.[1];
  if (!boundary) throw invalid('content-type', contentType, 'no boundary');
  const fields: Record<string, string> = {};
  const files: Record<string, Buffer> = {};
  const delimiter = Buffer.from(`--${boundary}`);
  let at = body.indexOf(delimiter);
  if (at !== 0) throw invalid('body', '', 'does not begin with the boundary');
  for (;;) {
    at += delimiter.length;
    if (body.toString('latin1', at, at + 4) === '--\r\n') return { fields, files };
    const headEnd = body.indexOf('\r\n\r\n', at);
    const next = body.indexOf(`\r\n--${boundary}`, headEnd);
    if (headEnd < 0 || next < 0) throw invalid('body', '', 'a part does not end');
    const head = body.toString('utf8', at, headEnd);
    const name = /content-disposition: form-data;[^\r\n]* name="([^"]+)"/i.exec(head)?.[1];
    if (!name) throw invalid('body', head, 'a part has no name');
    const content = body.subarray(headEnd + 4, next);
    if (/ filename="/i.test(head)) files[name] = Buffer.from(content);
    else fields[name] = content.toString('utf8');
    at = next + 2;
  }
}
