/** Reads the parameters of a request: JSON, or multipart with files that other fields name by `attach://`. */
import type { IncomingMessage } from 'node:http';

interface RequestBody {
  params: Record<string, unknown>;
  files: Map<string, Buffer>;
}

/** Parameters that stay text although they may look like JSON (a caption `123` is no number). */
const TEXT_FIELDS = new Set([
  'text',
  'caption',
  'title',
  'description',
  'chat_id',
  'secret_token',
  'url',
  'file_id',
  'callback_query_id',
]);

export async function readBody(request: IncomingMessage): Promise<RequestBody> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const type = request.headers['content-type'] ?? '';
  const boundary = /multipart\/form-data;\s*boundary=(.+)$/.exec(type)?.[1];
  if (boundary !== undefined) return readMultipart(body, boundary);
  return {
    params: body.length === 0 ? {} : (JSON.parse(body.toString('utf8')) as Record<string, unknown>),
    files: new Map(),
  };
}

function readMultipart(body: Buffer, boundary: string): RequestBody {
  const params: Record<string, unknown> = {};
  const files = new Map<string, Buffer>();
  const mark = Buffer.from(`--${boundary}`);
  for (let start = body.indexOf(mark); start !== -1; ) {
    const next = body.indexOf(mark, start + mark.length);
    if (next === -1) break;
    const part = body.subarray(start + mark.length + 2, next - 2);
    const split = part.indexOf('\r\n\r\n');
    const head = part.subarray(0, split).toString('utf8');
    const content = part.subarray(split + 4);
    const name = /name="([^"]+)"/.exec(head)?.[1];
    if (name !== undefined && /filename="/.test(head)) files.set(name, content);
    else if (name !== undefined) params[name] = readField(name, content.toString('utf8'));
    start = next;
  }
  return { params, files };
}

function readField(name: string, value: string): unknown {
  if (name === 'chat_id' && /^-?\d+$/.test(value)) return Number(value);
  if (TEXT_FIELDS.has(name)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
