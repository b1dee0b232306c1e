/** Encoded values as text, for explain: `5`, `"abc"`, `new Date(0)`. What is rare is told by its bracket and bytes. */
import { ObjectId } from 'bson';
import { describeValue } from '../bson/describe.ts';
import { Bracket } from './canonical-type.ts';

const NAMES = new Map<number, string>(Object.entries(Bracket).map(([name, bracket]) => [bracket, name]));
const TWO_POW_32 = 4294967296;

/** The value that the bytes of a bound begin with; a lone bracket is the place before its first value. */
export function describeBytes(bytes: Buffer): string {
  const bracket = bytes[0] ?? 0;
  const body = bytes.subarray(1);
  const name = NAMES.get(bracket) ?? NAMES.get(bracket - 1);
  switch (bracket) {
    case Bracket.minKey:
      return 'MinKey';
    case Bracket.maxKey:
      return 'MaxKey';
    case Bracket.undefined:
    case Bracket.null:
      return body.length === 0 && name !== undefined ? name : hex(bytes);
    case Bracket.number:
      if (body.length >= 8) return describeValue(readDouble(body));
      break;
    case Bracket.string:
      if (body.length > 0) return JSON.stringify(readText(body));
      break;
    case Bracket.bool:
      if (body.length > 0) return String(body[0] === 1);
      break;
    case Bracket.objectId:
      if (body.length >= 12) return describeValue(new ObjectId(body.subarray(0, 12)));
      break;
    case Bracket.date:
      if (body.length >= 8)
        return `new Date(${(body.readUInt32BE(0) - 0x80000000) * TWO_POW_32 + body.readUInt32BE(4)})`;
      break;
  }
  return body.length === 0 && name !== undefined ? `<${name}>` : hex(bytes);
}

function readDouble(body: Buffer): number {
  const bits = Buffer.from(body.subarray(0, 8));
  if (bits.every((byte) => byte === 0)) return Number.NaN;
  if ((bits[0] ?? 0) >= 0x80) bits[0] = (bits[0] ?? 0) & 0x7f;
  else for (let index = 0; index < bits.length; index++) bits[index] = ~(bits[index] ?? 0);
  return bits.readDoubleBE(0);
}

function readText(body: Buffer): string {
  const end = body.indexOf(0);
  const text = end < 0 ? body : body.subarray(0, end);
  const plain: number[] = [];
  for (let index = 0; index < text.length; index++) {
    const byte = text[index] ?? 0;
    plain.push(byte === 1 ? (text[++index] ?? 1) - 1 : byte);
  }
  return Buffer.from(plain).toString('utf8');
}

function hex(bytes: Buffer): string {
  return `<${bytes.toString('hex')}>`;
}
