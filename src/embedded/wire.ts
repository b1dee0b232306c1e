// The MongoDB wire protocol as bytes: OP_MSG and the legacy OP_QUERY/OP_REPLY pair that drivers open with.
// Knows nothing of commands. Format: https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/
import type { Document } from './bson/types.ts';

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const HEADER_BYTES = 16;
const SMALLEST_DOCUMENT_BYTES = 5;
const CHECKSUM_BYTES = 4;
const FLAG_CHECKSUM_PRESENT = 1;
const FLAG_MORE_TO_COME = 2;
/** The low 16 flag bits are "required": a receiver that does not know one of them must refuse the message. */
const REQUIRED_FLAGS = 0xffff;

/** What `hello` announces, and what is enforced on every message. Same values as MongoDB. */
export const MAX_MESSAGE_BYTES = 48_000_000;
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

/** The bytes break the protocol. The only safe answer is to close the connection: the next message's start is unknown. */
export class ProtocolError extends Error {
  override name = 'ProtocolError';
}

/** One request, still as BSON: the command's body, and the documents that travelled outside it, by field name. */
export interface RequestMessage {
  requestId: number;
  kind: 'message' | 'query';
  body: Uint8Array;
  sequences: Map<string, Uint8Array[]>;
  /** The client waits for no answer (write concern w:0). */
  unanswered: boolean;
  /** Database of a legacy OP_QUERY, taken from "db.$cmd". */
  database?: string;
}

/**
 * Length of the message that starts at the buffer's beginning, in bytes.
 * @returns undefined while fewer than 4 bytes are there
 * @throws ProtocolError when the length cannot be true
 */
export function messageLength(buffer: Buffer): number | undefined {
  if (buffer.length < 4) return undefined;
  const length = buffer.readInt32LE(0);
  if (length < HEADER_BYTES + SMALLEST_DOCUMENT_BYTES || length > MAX_MESSAGE_BYTES) {
    throw new ProtocolError(
      `message length ${length}, possible ${HEADER_BYTES + SMALLEST_DOCUMENT_BYTES} to ${MAX_MESSAGE_BYTES}`,
    );
  }
  return length;
}

/**
 * Reads one whole message.
 * @throws ProtocolError for an unknown operation code, unknown required flags or lengths that do not add up
 */
export function parseMessage(message: Buffer): RequestMessage {
  const requestId = message.readInt32LE(4);
  const operation = message.readInt32LE(12);
  if (operation === OP_MSG) return parseOpMsg(message, requestId);
  if (operation === OP_QUERY) return parseOpQuery(message, requestId);
  throw new ProtocolError(
    `operation code ${operation}, possible ${OP_MSG} (OP_MSG) and ${OP_QUERY} (OP_QUERY)`,
  );
}

function parseOpMsg(message: Buffer, requestId: number): RequestMessage {
  if (message.length < HEADER_BYTES + 4) throw new ProtocolError('OP_MSG without flags');
  const flags = message.readUInt32LE(HEADER_BYTES);
  if (flags & REQUIRED_FLAGS & ~(FLAG_CHECKSUM_PRESENT | FLAG_MORE_TO_COME)) {
    throw new ProtocolError(`OP_MSG flags 0x${flags.toString(16)} hold a required bit that is unknown`);
  }
  // The checksum guards against broken networks; this server is reached over a socket of the same machine only.
  const end = message.length - (flags & FLAG_CHECKSUM_PRESENT ? CHECKSUM_BYTES : 0);
  const sequences = new Map<string, Uint8Array[]>();
  let body: Uint8Array | undefined;
  let position = HEADER_BYTES + 4;
  while (position < end) {
    const sectionKind = message.readUInt8(position);
    position += 1;
    if (sectionKind === 0) {
      if (body) throw new ProtocolError('OP_MSG with two bodies');
      body = documentAt(message, position, end);
      position += body.length;
    } else if (sectionKind === 1) {
      position = readSequence(message, position, end, sequences);
    } else {
      throw new ProtocolError(`OP_MSG section kind ${sectionKind}, possible 0 and 1`);
    }
  }
  if (!body) throw new ProtocolError('OP_MSG without a body');
  return { requestId, kind: 'message', body, sequences, unanswered: (flags & FLAG_MORE_TO_COME) !== 0 };
}

function readSequence(
  message: Buffer,
  start: number,
  end: number,
  sequences: Map<string, Uint8Array[]>,
): number {
  if (start + 4 > end) throw new ProtocolError('document sequence cut off');
  const sectionEnd = start + message.readInt32LE(start);
  if (sectionEnd <= start + 4 || sectionEnd > end)
    throw new ProtocolError('document sequence longer than its message');
  const nameEnd = message.indexOf(0, start + 4);
  if (nameEnd < 0 || nameEnd >= sectionEnd) throw new ProtocolError('document sequence without a name');
  const name = message.toString('utf8', start + 4, nameEnd);
  if (sequences.has(name)) throw new ProtocolError(`two document sequences named "${name}"`);
  const documents: Uint8Array[] = [];
  let position = nameEnd + 1;
  while (position < sectionEnd) {
    const document = documentAt(message, position, sectionEnd);
    documents.push(document);
    position += document.length;
  }
  sequences.set(name, documents);
  return sectionEnd;
}

function parseOpQuery(message: Buffer, requestId: number): RequestMessage {
  const nameEnd = message.indexOf(0, HEADER_BYTES + 4);
  if (nameEnd < 0) throw new ProtocolError('OP_QUERY without a collection name');
  const collection = message.toString('utf8', HEADER_BYTES + 4, nameEnd);
  const body = documentAt(message, nameEnd + 1 + 8, message.length);
  const database = collection.endsWith('.$cmd') ? collection.slice(0, -'.$cmd'.length) : '';
  return { requestId, kind: 'query', body, sequences: new Map(), unanswered: false, database };
}

function documentAt(message: Buffer, position: number, end: number): Uint8Array {
  if (position + SMALLEST_DOCUMENT_BYTES > end) throw new ProtocolError('document cut off');
  const length = message.readInt32LE(position);
  if (length < SMALLEST_DOCUMENT_BYTES || position + length > end) {
    throw new ProtocolError(`document length ${length}, ${end - position} bytes left`);
  }
  if (message[position + length - 1] !== 0) throw new ProtocolError('document without its closing zero');
  return message.subarray(position, position + length);
}

/** The answer to a request, as the buffers to write. The reply's BSON is not copied. */
export function frameReply(
  request: Pick<RequestMessage, 'requestId' | 'kind'>,
  replyId: number,
  reply: Buffer,
): Buffer[] {
  return request.kind === 'message'
    ? [opMsgHead(request.requestId, replyId, reply.length), reply]
    : [opReplyHead(request.requestId, replyId, reply.length), reply];
}

function opMsgHead(responseTo: number, replyId: number, replyBytes: number): Buffer {
  const head = Buffer.alloc(HEADER_BYTES + 5);
  writeHeader(head, head.length + replyBytes, replyId, responseTo, OP_MSG);
  return head;
}

function opReplyHead(responseTo: number, replyId: number, replyBytes: number): Buffer {
  const head = Buffer.alloc(HEADER_BYTES + 20);
  writeHeader(head, head.length + replyBytes, replyId, responseTo, OP_REPLY);
  head.writeInt32LE(8, HEADER_BYTES); // AwaitCapable, which every server since 1.6 says
  head.writeInt32LE(1, HEADER_BYTES + 16); // one document follows
  return head;
}

function writeHeader(
  head: Buffer,
  length: number,
  requestId: number,
  responseTo: number,
  operation: number,
): void {
  head.writeInt32LE(length, 0);
  head.writeInt32LE(requestId, 4);
  head.writeInt32LE(responseTo, 8);
  head.writeInt32LE(operation, 12);
}

/** The command's name is the first field of its body, as the protocol demands. */
export function commandName(command: Document): string {
  return Object.keys(command)[0] ?? '';
}
