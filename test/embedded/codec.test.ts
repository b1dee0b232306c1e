import {
  Binary,
  BSONRegExp,
  Code,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  serialize,
  Timestamp,
} from 'bson';
import { describe, expect, it } from 'vitest';
import { BSON_UNDEFINED, DbPointer } from '../../src/embedded/bson/types.ts';
import { decode, encode } from '../../src/embedded/codec.ts';

type Doc = Record<string, unknown>;

const samples: readonly [string, Doc][] = [
  ['an int', { a: 1, b: -1, c: 2147483647, d: -2147483648 }],
  ['a double', { a: 1.5, b: 1e300, c: 2147483648, d: Infinity, e: Number.NaN, f: -0 }],
  ['an integral double', { a: new Double(1), b: new Double(0) }],
  ['a long', { a: Long.fromString('1'), b: Long.MAX_VALUE, c: Long.MIN_VALUE }],
  [
    'a decimal',
    { a: Decimal128.fromString('1.10'), b: Decimal128.fromString('NaN'), c: Decimal128.fromString('-0E+10') },
  ],
  [
    'text',
    {
      a: '',
      b: 'short',
      c: 'much longer than the loop for short text takes',
      d: 'Grüße',
      e: '😀',
      f: 'a\0b',
    },
  ],
  ['a name that is not ASCII or long', { größe: 1, ['x'.repeat(70)]: 2, '': 3 }],
  ['documents and arrays', { a: { b: { c: [] } }, d: [1, [2, { e: null }]], f: {} }],
  [
    'an id, a date',
    { a: new ObjectId(), b: new Date(0), c: new Date(-1), d: new Date(8.64e15), e: new Date(-8.64e15) },
  ],
  [
    'binaries',
    {
      a: new Binary(Buffer.from([1, 2])),
      b: new Binary(Buffer.alloc(16, 7), 4),
      c: new Binary(Buffer.from('old'), 2),
      d: new Binary(Buffer.alloc(0)),
    },
  ],
  ['regular expressions', { a: new BSONRegExp('a.*b', 'im'), b: new BSONRegExp('', '') }],
  ['a timestamp', { a: new Timestamp({ t: 0xfffffffe, i: 0xffffffff }) }],
  ['code', { a: new Code('f()'), b: new Code('f()', { x: new Double(1) }) }],
  ['keys, null and booleans', { a: new MinKey(), b: new MaxKey(), c: null, d: true, e: false }],
  ['a DBRef', { a: { $ref: 'c', $id: new ObjectId(), $db: 'd' } }],
];

describe('codec', () => {
  it.each(samples)('keeps %s', (_, document) => {
    const bytes = Buffer.from(serialize(document));
    expect(encode(document).equals(bytes)).toBe(true);
    expect(encode(decode(bytes)).equals(bytes)).toBe(true);
    expect(decode(bytes)).toEqual(document);
  });

  it('keeps types that the bson package would change', () => {
    const document = { a: BSON_UNDEFINED, b: new DbPointer('db.c', new ObjectId()) };
    expect(decode(encode(document))).toEqual(document);
  });

  it('reads an int as a number and an integral double as a Double', () => {
    const decoded = decode(Buffer.from(serialize({ a: new Int32(1), b: new Double(1), c: new Double(1.5) })));
    expect(decoded).toEqual({ a: 1, b: new Double(1), c: 1.5 });
  });

  it('keeps names that JavaScript objects inherit', () => {
    const document = JSON.parse('{"__proto__": {"x": 1}, "constructor": 2, "toString": 3}');
    const decoded = decode(encode(document));
    expect(Object.keys(decoded)).toEqual(['__proto__', 'constructor', 'toString']);
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
    expect(({} as Doc).x).toBeUndefined();
  });

  it('copies binary values out of the buffer they came in', () => {
    const bytes = encode({
      a: new Binary(Buffer.from([1, 2, 3])),
      b: Decimal128.fromString('5'),
      c: new ObjectId('000000000000000000000001'),
    });
    const decoded = decode(bytes);
    const expected = encode(decoded);
    bytes.fill(0xff);
    expect(encode(decoded).equals(expected)).toBe(true);
  });

  it('leaves out fields that are undefined and refuses what has no type', () => {
    expect(decode(encode({ a: undefined, b: 1 }))).toEqual({ b: 1 });
    expect(() => encode({ a: () => 1 })).toThrowError(expect.objectContaining({ code: 2 }));
    expect(() => encode({ a: new Date(Number.NaN) })).toThrowError(/invalid date/);
    expect(() => encode({ 'a\0b': 1 })).toThrowError(/zero byte/);
  });

  it('writes documents larger than its scratch buffer', () => {
    const document = {
      a: 'x'.repeat(3_000_000),
      b: new Binary(Buffer.alloc(500_000, 1)),
      c: 'ü'.repeat(100_000),
    };
    const found = decode(encode(document)) as typeof document;
    expect(Object.keys(found)).toEqual(['a', 'b', 'c']);
    // Not by `toEqual`, which takes seconds for so many bytes.
    expect(found.a === document.a && found.c === document.c).toBe(true);
    expect(Buffer.from(found.b.buffer).equals(document.b.buffer)).toBe(true);
  });

  it('refuses deep nesting', () => {
    let document: Doc = {};
    for (let depth = 0; depth < 300; depth++) document = { a: document };
    expect(() => encode(document)).toThrowError(expect.objectContaining({ code: 15 }));
    expect(() => decode(serialize(document))).toThrowError(expect.objectContaining({ code: 15 }));
  });

  it('answers every mutation of good bytes with a document or an error of its own', () => {
    const good = encode(
      Object.assign({}, ...samples.map(([, document], index) => ({ [`s${index}`]: document }))) as Doc,
    );
    let seed = 42;
    const random = (limit: number) => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return (seed >>> 8) % limit;
    };
    for (let round = 0; round < 3000; round++) {
      const bytes = Buffer.from(good);
      for (let count = random(4) + 1; count > 0; count--) bytes[random(bytes.length)] = random(256);
      const cut = random(5) === 0 ? bytes.subarray(0, random(bytes.length)) : bytes;
      try {
        decode(cut);
      } catch (error) {
        expect(error).toMatchObject({ name: 'MongoError' });
      }
    }
  });

  it.each([
    ['a size that lies', Buffer.from([99, 0, 0, 0, 0])],
    ['no end', Buffer.from([5, 0, 0, 0, 1])],
    ['an unknown type', Buffer.from([8, 0, 0, 0, 0x77, 0x61, 0, 0])],
    ['bytes after the end', Buffer.from([5, 0, 0, 0, 0, 0])],
    ['text that is not UTF-8', Buffer.from([14, 0, 0, 0, 2, 0x61, 0, 2, 0, 0, 0, 0xff, 0, 0])],
  ])('refuses %s', (_, bytes) => {
    expect(() => decode(bytes)).toThrowError(expect.objectContaining({ code: 9 }));
  });
});
