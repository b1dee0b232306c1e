// Operators on a single value: comparison, membership, types, arithmetic, bits.
import { Double, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import { binary, decimal, itMatches, long, regex } from './matching.ts';

const id = new ObjectId('0123456789abcdef01234567');
const otherId = new ObjectId('0123456789abcdef01234568');
const day = new Date('2026-01-02T03:04:05Z');

itMatches([
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
]);
