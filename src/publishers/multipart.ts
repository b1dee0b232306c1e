/** A multipart/form-data body (RFC 7578) that is streamed: no file is ever in memory whole. */
import type { Random } from '../core/clock.ts';
import type { Pieces } from '../core/pieces.ts';
import type { HttpBody } from './http.ts';
import { piecesBody } from './pieces.ts';

export interface FormField {
  readonly name: string;
  readonly value: string;
  readonly contentType?: string;
}

export interface FormFile {
  readonly name: string;
  /** Letters, digits, dots and dashes only: what a person called the file is none of the network's business. */
  readonly fileName: string;
  readonly contentType: string;
  readonly bytes: number;
  open(): Pieces;
}

type FormPart = FormField | FormFile;

const BOUNDARY_BYTES = 24;

/** The parts in their order. */
export function multipart(parts: readonly FormPart[], random: Random): HttpBody {
  const boundary = `carillon${Buffer.from(random.bytes(BOUNDARY_BYTES)).toString('hex')}`;
  const pieces = parts.flatMap((part) => {
    const head = Buffer.from(`--${boundary}\r\n${headOf(part)}\r\n\r\n`);
    return [head, 'value' in part ? Buffer.from(part.value) : part, Buffer.from('\r\n')];
  });
  pieces.push(Buffer.from(`--${boundary}--\r\n`));
  return piecesBody(`multipart/form-data; boundary=${boundary}`, pieces);
}

function headOf(part: FormPart): string {
  const fileName = 'value' in part ? '' : `; filename="${part.fileName}"`;
  const contentType = part.contentType === undefined ? '' : `\r\nContent-Type: ${part.contentType}`;
  return `Content-Disposition: form-data; name="${part.name}"${fileName}${contentType}`;
}
