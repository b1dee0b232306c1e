// Values that are equal, and where a path finds them.
import { Binary, Double, ObjectId } from 'bson';
import { binary, decimal, itMatches, long } from './matching.ts';

const id = new ObjectId('0123456789abcdef01234567');
const otherId = new ObjectId('0123456789abcdef01234568');
const day = new Date('2026-01-02T03:04:05Z');

itMatches([
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
]);
