import { Binary, BSONRegExp, Decimal128, Double, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import { describe, expect, it } from 'vitest';
import { compileFilter, positionalMatch } from '../../src/embedded/matcher.ts';
import { parseCollation } from '../../src/embedded/order.ts';

type Doc = Record<string, unknown>;
const id = new ObjectId('0123456789abcdef01234567');
const otherId = new ObjectId('0123456789abcdef01234568');
const day = new Date('2026-01-02T03:04:05Z');
const long = (text: string) => Long.fromString(text);
const decimal = (text: string) => Decimal128.fromString(text);
const binary = (...bytes: number[]) => new Binary(Buffer.from(bytes));
const regex = (pattern: string, flags = '') => new BSONRegExp(pattern, flags);

/** filter, documents that match, documents that do not. Expectations: MongoDB 7's manual and server tests. */
const cases: readonly [string, Doc, readonly Doc[], readonly Doc[]][] = [
  ['empty filter', {}, [{}, { a: 1 }], []],
  [
    'equality',
    { a: 1 },
    [{ a: 1 }, { a: [1] }, { a: [2, 1] }, { a: new Double(1) }, { a: long('1') }, { a: decimal('1.0') }],
    [{}, { a: 2 }, { a: '1' }, { a: [[1]] }, { a: null }, { a: true }],
  ],
  ['equality of strings', { a: 'x' }, [{ a: 'x' }, { a: ['y', 'x'] }], [{ a: 'X' }, { a: 'xx' }]],
  ['equality of booleans', { a: true }, [{ a: true }], [{ a: 1 }, { a: 'true' }]],
  [
    'equality of null',
    { a: null },
    [{ a: null }, {}, { a: [null] }, { b: 1 }],
    [{ a: 0 }, { a: [] }, { a: '' }, { a: false }],
  ],
  ['equality of dates', { a: day }, [{ a: new Date(day) }], [{ a: day.getTime() }, { a: new Date(0) }]],
  [
    'equality of object ids',
    { a: id },
    [{ a: new ObjectId(id.id) }],
    [{ a: otherId }, { a: id.toHexString() }],
  ],
  [
    'equality of binaries by bytes',
    { a: binary(0xff, 0xfe) },
    [{ a: binary(0xff, 0xfe) }],
    [{ a: binary(0xff, 0xfd) }, { a: new Binary(Buffer.from([0xff, 0xfe]), 4) }],
  ],
  ['equality of arrays', { a: [1, 2] }, [{ a: [1, 2] }, { a: [[1, 2]] }], [{ a: [2, 1] }, { a: [1, 2, 3] }]],
  [
    'equality of documents heeds order',
    { a: { x: 1, y: 2 } },
    [{ a: { x: 1, y: 2 } }, { a: { x: long('1'), y: 2 } }],
    [{ a: { y: 2, x: 1 } }, { a: { x: 1 } }, { a: { x: 1, y: 2, z: 3 } }],
  ],
  ['equality of the empty document', { a: {} }, [{ a: {} }], [{ a: { b: 1 } }, {}, { a: [] }]],
  [
    '64-bit numbers are exact',
    { a: long('9007199254740993') },
    [{ a: long('9007199254740993') }, { a: decimal('9007199254740993') }],
    [{ a: long('9007199254740992') }, { a: 9007199254740992 }],
  ],
  ['NaN equals NaN', { a: Number.NaN }, [{ a: Number.NaN }, { a: decimal('NaN') }], [{ a: 1 }]],
  ['decimal 0.1 is not double 0.1', { a: decimal('0.1') }, [{ a: decimal('0.10') }], [{ a: 0.1 }]],
  [
    'inherited names are missing',
    { constructor: null, toString: { $exists: false } },
    [{}],
    [{ constructor: 1 }],
  ],

  [
    'dotted path',
    { 'a.b': 1 },
    [{ a: { b: 1 } }, { a: [{ b: 1 }] }, { a: [{ b: 2 }, { b: [3, 1] }] }, { a: { b: [1] } }],
    [{ a: 1 }, { 'a.b': 1 }, { a: [[{ b: 1 }]] }, { a: { c: 1 } }],
  ],
  [
    'null at a dotted path',
    { 'a.b': null },
    [{}, { a: {} }, { a: 5 }, { a: { b: null } }, { a: [{ b: 1 }, {}] }, { a: null }],
    [{ a: [1, 2] }, { a: [] }, { a: [{ b: 1 }] }, { a: { b: 0 } }],
  ],
  [
    'array position',
    { 'a.1': 5 },
    [{ a: [4, 5] }, { a: { 1: 5 } }, { a: [{ 1: 5 }] }],
    [{ a: [5, 4] }, { a: [4, [5]] }],
  ],
  [
    'array position, then field',
    { 'a.0.b': 1 },
    [{ a: [{ b: 1 }] }, { a: [{ b: [1] }, 2] }],
    [{ a: [{ b: 2 }, { b: 1 }] }],
  ],
  ['a position with a leading zero is a name', { 'a.01': 5 }, [{ a: { '01': 5 } }], [{ a: [4, 5] }]],

  [
    '$gt',
    { a: { $gt: 5 } },
    [{ a: 6 }, { a: [1, 6] }, { a: long('6') }, { a: 5.5 }, { a: decimal('5.0001') }],
    [{ a: 5 }, { a: '6' }, { a: null }, {}, { a: Number.NaN }],
  ],
  [
    '$gte and $lt on one array may be met by different elements',
    { a: { $gte: 5, $lt: 3 } },
    [{ a: [1, 9] }],
    [{ a: [4] }, { a: 5 }],
  ],
  [
    '$lt of a date never matches null',
    { a: { $lt: day } },
    [{ a: new Date(0) }],
    [{ a: null }, {}, { a: 0 }, { a: day }],
  ],
  ['$lte null', { a: { $lte: null } }, [{ a: null }, {}, { a: [null] }], [{ a: 1 }, { a: [] }]],
  ['$gt null', { a: { $gt: null } }, [], [{ a: null }, {}, { a: 1 }]],
  ['$gte of strings by UTF-8', { a: { $gt: '\uffee' } }, [{ a: '\u{1f600}' }], [{ a: 'z' }]],
  [
    '$lt of longs',
    { a: { $lt: long('9007199254740993') } },
    [{ a: long('9007199254740992') }, { a: 9007199254740992 }],
    [{ a: long('9007199254740993') }],
  ],
  [
    '$gte of decimals',
    { a: { $gte: decimal('1.5') } },
    [{ a: decimal('1.50') }, { a: 2 }, { a: 1.5 }],
    [{ a: decimal('1.49') }, { a: 1 }],
  ],
  ['$lt NaN, $gte NaN', { a: { $gte: Number.NaN } }, [{ a: Number.NaN }], [{ a: 1 }]],
  [
    '$gt MinKey, $lt MaxKey',
    { a: { $gt: new MinKey(), $lt: new MaxKey() } },
    [{ a: 1 }, { a: 'x' }, { a: null }],
    [],
  ],
  [
    '$gt of documents',
    { a: { $gt: { x: 1 } } },
    [{ a: { x: 2 } }, { a: { x: 1, y: 0 } }],
    [{ a: { x: 1 } }, { a: 5 }],
  ],
  ['$gt of arrays', { a: { $gt: [1, 2] } }, [{ a: [1, 3] }, { a: [[2]] }], [{ a: [1, 1] }, { a: 5 }]],
  [
    '$lt of timestamps is unsigned',
    { a: { $lt: new Timestamp({ t: 0xffffffff, i: 1 }) } },
    [{ a: new Timestamp({ t: 1, i: 1 }) }],
    [{ a: new Timestamp({ t: 0xffffffff, i: 2 }) }],
  ],

  ['$ne', { a: { $ne: 1 } }, [{ a: 2 }, {}, { a: [2] }], [{ a: 1 }, { a: [1, 2] }]],
  ['$ne null', { a: { $ne: null } }, [{ a: 1 }, { a: [] }], [{ a: null }, {}, { a: [null, 1] }]],
  [
    '$in',
    { a: { $in: [1, 'x', null] } },
    [{ a: 1 }, { a: 'x' }, {}, { a: [5, 'x'] }],
    [{ a: 2 }, { a: 'y' }],
  ],
  ['$in with patterns', { a: { $in: [regex('^b', 'i'), 1] } }, [{ a: 'Bear' }, { a: 1 }], [{ a: 'abc' }]],
  [
    '$in with many operands',
    { a: { $in: [1, 2, 3, 4, 5, 6, 7, 8, 9, long('10'), id, 'x'] } },
    [{ a: long('3') }, { a: 10 }, { a: decimal('4.0') }, { a: new ObjectId(id.id) }, { a: ['q', 'x'] }],
    [{ a: 11 }, { a: 'y' }, {}, { a: otherId }, { a: id.toHexString() }],
  ],
  ['$in with nothing', { a: { $in: [] } }, [], [{}, { a: null }]],
  ['$nin', { a: { $nin: [1, null] } }, [{ a: 2 }, { a: [] }], [{ a: 1 }, {}, { a: [3, 1] }]],
  ['$exists', { a: { $exists: true } }, [{ a: null }, { a: [] }, { a: 0 }], [{}]],
  [
    '$exists false on a path through an array',
    { 'a.b': { $exists: false } },
    [{}, { a: [] }, { a: [1] }, { a: [{}] }],
    [{ a: [{}, { b: 1 }] }],
  ],
  ['$type', { a: { $type: 'string' } }, [{ a: 'x' }, { a: [1, 'x'] }], [{ a: 1 }, {}]],
  [
    '$type double of an integral double',
    { a: { $type: 'double' } },
    [{ a: new Double(1) }, { a: 1.5 }],
    [{ a: 1 }, { a: long('1') }],
  ],
  [
    '$type number',
    { a: { $type: 'number' } },
    [{ a: 1 }, { a: 1.5 }, { a: long('1') }, { a: decimal('1') }],
    [{ a: '1' }],
  ],
  [
    '$type by code and list',
    { a: { $type: [7, 'binData', 'timestamp'] } },
    [{ a: id }, { a: binary(1) }, { a: new Timestamp({ t: 1, i: 1 }) }],
    [{ a: 1 }],
  ],
  ['$type array', { a: { $type: 'array' } }, [{ a: [] }, { a: [[1]] }], [{ a: 1 }]],
  ['$type null', { a: { $type: 'null' } }, [{ a: null }], [{}]],
  [
    '$size',
    { a: { $size: 2 } },
    [{ a: [1, 2] }, { a: [[], []] }],
    [{ a: [1] }, { a: 'ab' }, {}, { a: [[1, 2]] }],
  ],
  [
    '$mod',
    { a: { $mod: [4, 1] } },
    [{ a: 5 }, { a: 5.9 }, { a: [2, 9] }, { a: long('9007199254740993') }, { a: decimal('5.5') }],
    [{ a: 4 }, { a: '5' }, { a: -5 }, { a: Number.NaN }],
  ],
  ['$mod keeps the sign', { a: { $mod: [4, -1] } }, [{ a: -5 }], [{ a: 5 }]],

  ['$all', { a: { $all: [1, 2] } }, [{ a: [2, 3, 1] }], [{ a: [1] }, { a: 1 }, {}]],
  ['$all on a scalar', { a: { $all: [1] } }, [{ a: 1 }, { a: [1] }], [{ a: 2 }]],
  ['$all with nothing', { a: { $all: [] } }, [], [{ a: [] }, {}]],
  ['$all with null', { a: { $all: [null] } }, [{}, { a: [null, 1] }], [{ a: 1 }]],
  [
    '$all with $elemMatch',
    { a: { $all: [{ $elemMatch: { x: 1, y: 1 } }, { $elemMatch: { x: 2 } }] } },
    [{ a: [{ x: 1, y: 1 }, { x: 2 }] }],
    [{ a: [{ x: 1 }, { y: 1 }, { x: 2 }] }],
  ],
  [
    '$elemMatch on documents',
    { a: { $elemMatch: { x: 1, y: { $gt: 1 } } } },
    [{ a: [{ x: 1, y: 2 }] }],
    [{ a: [{ x: 1 }, { y: 2 }] }, { a: { x: 1, y: 2 } }],
  ],
  [
    '$elemMatch on values',
    { a: { $elemMatch: { $gt: 1, $lt: 4 } } },
    [{ a: [0, 3] }],
    [{ a: [0, 9] }, { a: 3 }, { a: [[3]] }],
  ],
  [
    '$elemMatch with $size sees the element',
    { a: { $elemMatch: { $size: 1 } } },
    [{ a: [[5]] }],
    [{ a: [5] }, { a: [[5, 6]] }],
  ],
  [
    '$elemMatch with $or',
    { a: { $elemMatch: { $or: [{ x: 1 }, { y: 1 }] } } },
    [{ a: [{ y: 1 }] }],
    [{ a: [{ z: 1 }] }],
  ],
  [
    '$elemMatch with $not',
    { a: { $elemMatch: { $not: { $gt: 2 } } } },
    [{ a: [5, 1] }],
    [{ a: [5] }, { a: [] }],
  ],
  [
    '$elemMatch through a path',
    { 'a.b': { $elemMatch: { c: 1 } } },
    [{ a: [{ b: [{ c: 1 }] }] }, { a: { b: [{ c: 1 }] } }],
    [{ a: { b: { c: 1 } } }],
  ],
  [
    '$elemMatch on nested arrays by position',
    { a: { $elemMatch: { 0: 7 } } },
    [{ a: [[7, 8]] }, { a: [{ 0: 7 }] }],
    [{ a: [[8, 7]] }],
  ],

  [
    '$and, $or, $nor',
    { $and: [{ a: 1 }, { $or: [{ b: 1 }, { b: 2 }] }], $nor: [{ c: 1 }] },
    [{ a: 1, b: 2 }],
    [
      { a: 1, b: 2, c: 1 },
      { a: 1, b: 3 },
    ],
  ],
  ['$not', { a: { $not: { $gt: 5 } } }, [{ a: 3 }, {}, { a: 'x' }], [{ a: 6 }, { a: [1, 9] }]],
  ['$not with several operators', { a: { $not: { $gt: 1, $lt: 5 } } }, [{ a: 0 }, { a: 6 }], [{ a: 3 }]],
  ['$not with a pattern', { a: { $not: regex('x') } }, [{ a: 'y' }, {}], [{ a: 'x' }]],
  ['$comment', { a: { $eq: 1, $comment: 'why' }, $comment: 'x' }, [{ a: 1 }], [{ a: 2 }]],
  ['$eq with an operator-like value', { a: { $eq: { $x: 1 } } }, [{ a: { $x: 1 } }], [{ a: {} }]],
  [
    'a DBRef is a value',
    { a: { $ref: 'c', $id: id } },
    [{ a: { $ref: 'c', $id: new ObjectId(id.id) } }],
    [{ a: { $ref: 'd', $id: id } }],
  ],
  [
    'a field of a DBRef',
    { 'a.$id': id },
    [{ a: { $ref: 'c', $id: id } }],
    [{ a: { $ref: 'c', $id: otherId } }],
  ],

  [
    '$regex',
    { a: { $regex: '^ab', $options: 'i' } },
    [{ a: 'ABC' }, { a: ['x', 'abc'] }],
    [{ a: 'xab' }, { a: 1 }],
  ],
  ['$regex with $in', { a: { $regex: 'b', $in: ['ab', 'c'] } }, [{ a: 'ab' }], [{ a: 'c' }, { a: 'b' }]],
  [
    'a BSON regular expression',
    { a: regex('b.d', 's') },
    [{ a: 'b\nd' }, { a: regex('b.d', 's') }],
    [{ a: 'bd' }, { a: regex('b.d') }],
  ],
  ['inline flags', { a: regex('(?i)abc') }, [{ a: 'xABC' }], [{ a: 'xyz' }]],
  [
    'a dot stops at a newline only',
    { a: regex('a.c') },
    [{ a: 'a\u2028c' }, { a: 'a\rc' }, { a: 'a\u{1f600}c' }],
    [{ a: 'a\nc' }],
  ],
  [
    'a dollar matches before a last newline',
    { a: regex('c$') },
    [{ a: 'abc' }, { a: 'abc\n' }],
    [{ a: 'abc\n\n' }, { a: 'c\nd' }],
  ],
  ['multiline', { a: regex('^b$', 'm') }, [{ a: 'a\nb\nc' }], [{ a: 'a\u2028b' }]],
  ['extended', { a: regex('a b # c\n c', 'x') }, [{ a: 'abc' }], [{ a: 'a b c' }]],
  [
    'PCRE escapes',
    { a: regex('\\Aa\\h\\Q.*\\E[[:digit:]]\\z') },
    [{ a: 'a .*7' }],
    [{ a: 'a .*7\n' }, { a: 'a xx7' }],
  ],
  ['an escaped ordinary character', { a: regex('a\\-b\\_c\\/') }, [{ a: 'a-b_c/' }], [{ a: 'ab_c/' }]],
  ['braces as literals', { a: regex('{x}]') }, [{ a: '{x}]' }], [{ a: 'x' }]],
  ['named group and back reference', { a: regex('(?P<q>["\'])x\\1') }, [{ a: '"x"' }], [{ a: '"x\'' }]],

  [
    '$bitsAllSet by mask',
    { a: { $bitsAllSet: 6 } },
    [{ a: 7 }, { a: long('6') }, { a: new Double(6) }, { a: binary(6) }],
    [{ a: 2 }, { a: 6.5 }, { a: 'x' }],
  ],
  [
    '$bitsAllSet by position, negative value',
    { a: { $bitsAllSet: [1, 63, 200] } },
    [{ a: -1 }, { a: long('-2') }],
    [{ a: 1 }],
  ],
  [
    '$bitsAnySet by binary',
    { a: { $bitsAnySet: binary(0, 1) } },
    [{ a: 256 }, { a: binary(0, 1) }],
    [{ a: 255 }],
  ],
  [
    '$bitsAllClear, $bitsAnyClear',
    { a: { $bitsAllClear: 1, $bitsAnyClear: 6 } },
    [{ a: 2 }, { a: 0 }],
    [{ a: 1 }, { a: 6 }],
  ],

  ['$expr', { $expr: { $gt: ['$a', '$b'] } }, [{ a: 2, b: 1 }], [{ a: 1, b: 2 }, {}]],
  [
    'the claim of Agenda',
    {
      name: 'x',
      disabled: { $ne: true },
      $or: [{ lockedAt: { $eq: null }, nextRunAt: { $lte: day } }, { lockedAt: { $lte: day } }],
    },
    [
      { name: 'x', nextRunAt: day },
      { name: 'x', lockedAt: new Date(0), nextRunAt: null },
    ],
    [
      { name: 'x', nextRunAt: null },
      { name: 'x', disabled: true, nextRunAt: day },
      { name: 'x', lockedAt: null },
    ],
  ],
];

describe('compileFilter', () => {
  it.each(cases)('%s', (_, filter, matching, others) => {
    const matches = compileFilter(filter);
    for (const document of matching) expect([document, matches(document)]).toEqual([document, true]);
    for (const document of others) expect([document, matches(document)]).toEqual([document, false]);
  });

  it.each([
    [{ a: { $foo: 1 } }, 2, 'unknown operator: $foo'],
    [{ a: { $gt: 1, b: 2 } }, 2, 'unknown operator: b'],
    [{ $foo: 1 }, 2, 'unknown top level operator: $foo'],
    [{ $or: [] }, 2, 'nonempty array'],
    [{ $or: { a: 1 } }, 2, '$or must be an array'],
    [{ a: { $in: 1 } }, 2, '$in needs an array'],
    [{ a: { $in: [{ $gt: 1 }] } }, 2, 'cannot nest $ under $in'],
    [{ a: { $not: 1 } }, 2, '$not needs a regex or a document'],
    [{ a: { $not: {} } }, 2, '$not cannot be empty'],
    [{ a: { $all: 1 } }, 2, '$all needs an array'],
    [{ a: { $elemMatch: 1 } }, 2, '$elemMatch needs an Object'],
    [{ a: { $type: 'text' } }, 2, 'Unknown type name alias: text'],
    [{ a: { $type: 99 } }, 2, 'Invalid numerical type code: 99'],
    [{ a: { $mod: [0, 1] } }, 2, 'divisor cannot be 0'],
    [{ a: { $mod: [1] } }, 2, 'not enough elements'],
    [{ a: { $size: -1 } }, 2, 'non-negative'],
    [{ a: { $size: 1.5 } }, 2, 'Expected an integer: $size: 1.5'],
    [{ $nor: [5] }, 2, 'entries need to be full objects'],
    [{ a: { $regex: '(' } }, 51091, 'Regular expression is invalid'],
    [{ a: { $regex: 'a', $options: 'g' } }, 51108, 'invalid flag'],
    [{ a: { $options: 'i' } }, 2, '$options needs a $regex'],
    [{ a: { $ne: regex('a') } }, 2, "Can't have regex as arg to $ne"],
    [{ a: { $gt: regex('a') } }, 2, "Can't have RegEx as arg to predicate over field 'a'"],
    [{ a: { $bitsAllSet: -1 } }, 9, 'Expected a non-negative number in: $bitsAllSet: -1'],
    [{ a: { $elemMatch: { $expr: true } } }, 2, '$expr can only be applied to the top-level document'],
  ] as [Doc, number, string][])('refuses %j as MongoDB does', (filter, code, message) => {
    expect(() => compileFilter(filter)).toThrowError(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  it.each([
    { $where: 'true' },
    { $text: { $search: 'x' } },
    { $jsonSchema: {} },
    { a: { $near: [0, 0] } },
    { a: { $geoWithin: {} } },
    { a: regex('a++') },
    { a: regex('(?>a)') },
    { a: regex('a(?i)b') },
  ] as Doc[])('refuses %j as not supported', (filter) => {
    expect(() => compileFilter(filter)).toThrowError(
      /not supported by the embedded database; set MONGODB_URI/,
    );
  });

  it('compares in a collation', () => {
    const base = compileFilter({ a: 'Resume' }, { collation: parseCollation({ locale: 'en', strength: 1 }) });
    const accents = compileFilter(
      { a: 'Resume' },
      { collation: parseCollation({ locale: 'en', strength: 2 }) },
    );
    expect([base({ a: 'résumé' }), base({ a: 'RESUME' }), base({ a: 'resumes' })]).toEqual([
      true,
      true,
      false,
    ]);
    expect([accents({ a: 'résumé' }), accents({ a: 'RESUME' })]).toEqual([false, true]);
    const range = compileFilter(
      { a: { $lt: 'b' } },
      { collation: parseCollation({ locale: 'en', strength: 2 }) },
    );
    expect([range({ a: 'A' }), range({ a: '_' }), range({ a: 'B' })]).toEqual([true, true, false]);
  });

  it.each([
    { locale: 'en' },
    { locale: 'sv', strength: 1 },
    { locale: 'en', strength: 2, numericOrdering: true },
  ])('refuses the collation %j', (collation) => {
    expect(() => parseCollation(collation)).toThrowError(/not supported by the embedded database/);
  });
});

describe('positionalMatch', () => {
  it.each([
    [{ a: 5 }, { a: [3, 5] }, 1],
    [{ 'a.x': 2 }, { a: [{ x: 1 }, { x: 2 }] }, 1],
    [{ a: { $elemMatch: { x: 2, y: 3 } } }, { a: [{ x: 2 }, { x: 2, y: 3 }] }, 1],
    [{ $and: [{ a: 5 }, { b: 1 }] }, { a: [3, 5], b: 1 }, 1],
    [{ $or: [{ b: 9 }, { a: 3 }] }, { a: [1, 3] }, 1],
    [{ a: 1, b: 3 }, { a: [1], b: [1, 2, 3] }, 2],
    [{ 'a.b': 7 }, { a: [{ b: [1] }, { b: [1, 1, 7] }] }, 1],
    [{ a: { $gt: 1, $lt: 9 } }, { a: [1, 5] }, 0],
    [{ a: { $ne: 4 } }, { a: [1] }, undefined],
    [{ b: 1 }, { a: [1], b: 1 }, undefined],
  ] as [Doc, Doc, number | undefined][])('%j in %j', (filter, document, position) => {
    expect(positionalMatch(filter, document)).toBe(position);
  });
});
