// biome-ignore-all lint/suspicious/noThenProperty: $cond and $switch have a field of that name.
import { BSONRegExp, Decimal128, Double, Long, ObjectId } from 'bson';
import { describe, expect, it } from 'vitest';
import { encode } from '../../src/embedded/codec.ts';
import { compileExpression, evaluateLet } from '../../src/embedded/expressions.ts';

type Doc = Record<string, unknown>;
const long = (text: string | number) => Long.fromString(String(text));
const decimal = (text: string) => Decimal128.fromString(text);
const day = new Date('2026-03-29T00:30:15.123Z');
const id = new ObjectId('65a1b2c30123456789abcdef');
const MISSING = undefined;

const document: Doc = {
  i: 7,
  n: -3,
  d: 2.5,
  w: new Double(4),
  l: long('9007199254740993'),
  m: decimal('1.10'),
  s: 'Grüße',
  e: '',
  t: true,
  z: null,
  a: [3, 1, 2],
  o: { x: 1, y: { z: 'deep' } },
  list: [{ k: 'a', v: 1 }, { k: 'b', v: 2 }, 5],
  at: day,
  id,
  nested: [[1], [2, 3]],
};

const cases: readonly [unknown, unknown][] = [
  ['$i', 7],
  ['$o.y.z', 'deep'],
  ['$list.k', ['a', 'b']],
  ['$a.0', []],
  ['$missing', MISSING],
  ['$$ROOT.i', 7],
  ['$$CURRENT.o.x', 1],
  ['$$REMOVE', MISSING],
  [{ $literal: '$i' }, '$i'],
  [
    ['$i', '$missing'],
    [7, null],
  ],
  [{ p: '$i', q: '$missing' }, { p: 7 }],
  ['plain', 'plain'],
  ['$constructor', MISSING],
  [{ $eq: ['$i', 7] }, true],
  [{ $eq: ['$l', long('9007199254740992')] }, false],
  [{ $gt: ['$l', 9007199254740992] }, true],
  [{ $lt: ['$missing', null] }, true],
  [{ $cmp: ['$i', 'x'] }, -1],
  [{ $ne: ['$o', { x: 1 }] }, true],
  [{ $gte: ['$a', [3]] }, true],
  [{ $lte: [decimal('1.1'), '$m'] }, true],
  [{ $and: ['$i', '$t'] }, true],
  [{ $and: [] }, true],
  [{ $or: [] }, false],
  [{ $or: ['$z', 0, '$e'] }, true],
  [{ $not: ['$z'] }, true],
  [{ $not: '$i' }, false],
  [{ $cond: ['$t', 1, 2] }, 1],
  [{ $cond: { if: '$z', then: 1, else: '$i' } }, 7],
  [{ $ifNull: ['$z', '$missing', 'x'] }, 'x'],
  [
    {
      $switch: {
        branches: [
          { case: { $gt: ['$i', 9] }, then: 1 },
          { case: true, then: 2 },
        ],
      },
    },
    2,
  ],
  [{ $switch: { branches: [{ case: false, then: 1 }], default: 3 } }, 3],
  [{ $let: { vars: { x: '$i', y: 2 }, in: { $multiply: ['$$x', '$$y'] } } }, 14],
  [{ $add: ['$i', 1] }, 8],
  [{ $add: [2147483647, 1] }, long(2147483648)],
  [{ $add: ['$i', '$z'] }, null],
  [{ $add: ['$at', 1000] }, new Date(day.getTime() + 1000)],
  [{ $add: ['$d', 0.5] }, new Double(3)],
  [{ $add: [0.1, 0.2, 0.3] }, 0.6],
  [{ $add: ['$l', 1] }, long('9007199254740994')],
  [{ $add: [Long.MAX_VALUE, 1] }, 2 ** 63],
  [{ $add: [decimal('0.1'), decimal('0.2')] }, decimal('0.3')],
  [{ $subtract: ['$i', '$n'] }, 10],
  [{ $subtract: ['$at', new Date(0)] }, long(day.getTime())],
  [{ $subtract: [decimal('1'), decimal('0.9')] }, decimal('0.1')],
  [{ $subtract: ['$at', 1000] }, new Date(day.getTime() - 1000)],
  [{ $multiply: ['$i', 3, 2] }, 42],
  [{ $multiply: [65536, 65536] }, long(4294967296)],
  [{ $multiply: ['$m', 2] }, decimal('2.20')],
  [{ $divide: [7, 2] }, 3.5],
  [{ $divide: [6, 2] }, new Double(3)],
  [{ $divide: [decimal('1'), 3] }, decimal('0.3333333333333333333333333333333333')],
  [{ $divide: [decimal('6'), 3] }, decimal('2')],
  [{ $divide: [decimal('2'), 3] }, decimal('0.6666666666666666666666666666666667')],
  [{ $mod: ['$n', 2] }, -1],
  [{ $mod: [7.5, 2] }, 1.5],
  [{ $abs: '$n' }, 3],
  [{ $ceil: '$d' }, new Double(3)],
  [{ $floor: -2.5 }, new Double(-3)],
  [{ $floor: decimal('-1.5') }, decimal('-2')],
  [{ $ceil: decimal('1.2') }, decimal('2')],
  [{ $round: [2.5, 0] }, new Double(2)],
  [{ $round: [3.5] }, new Double(4)],
  [{ $round: [1234.567, 2] }, 1234.57],
  [{ $round: [1250, -2] }, 1200],
  [{ $trunc: [-7.89, 1] }, -7.8],
  [{ $round: [2.675, 2] }, 2.67],
  [{ $sqrt: 9 }, new Double(3)],
  [{ $pow: [2, 10] }, 1024],
  [{ $pow: [2, 40] }, long(1099511627776)],
  [{ $pow: [2, -1] }, 0.5],
  [{ $log10: 1000 }, new Double(3)],
  [{ $ln: 1 }, new Double(0)],
  [{ $concat: ['$s', '-', 'x'] }, 'Grüße-x'],
  [{ $concat: ['$s', '$z'] }, null],
  [{ $toUpper: '$s' }, 'GRüßE'],
  [{ $toLower: 'ÄB' }, 'Äb'],
  [{ $strLenCP: '$s' }, 5],
  [{ $strLenBytes: '$s' }, 7],
  [{ $substrCP: ['$s', 2, 2] }, 'üß'],
  [{ $substrBytes: ['$s', 0, 4] }, 'Grü'],
  [{ $substr: ['hello', 1, -1] }, 'ello'],
  [{ $split: ['a,b,,c', ','] }, ['a', 'b', '', 'c']],
  [{ $trim: { input: '  x y \n' } }, 'x y'],
  [{ $ltrim: { input: 'xxabx', chars: 'x' } }, 'abx'],
  [{ $rtrim: { input: 'abxx', chars: 'xb' } }, 'a'],
  [{ $indexOfCP: ['Grüße', 'e'] }, 4],
  [{ $indexOfBytes: ['Grüße', 'e'] }, 6],
  [{ $indexOfCP: ['aXbX', 'X', 2] }, 3],
  [{ $indexOfCP: ['abc', 'z'] }, -1],
  [{ $strcasecmp: ['Abc', 'aBD'] }, -1],
  [{ $replaceOne: { input: 'a.a', find: 'a', replacement: { $literal: '$&' } } }, '$&.a'],
  [{ $replaceAll: { input: 'a.a', find: '.', replacement: '' } }, 'aa'],
  [{ $regexMatch: { input: 'Hello', regex: new BSONRegExp('^h', 'i') } }, true],
  [{ $regexMatch: { input: '$z', regex: 'x' } }, false],
  [{ $regexFind: { input: 'äab12', regex: '([a-z])(\\d)' } }, { match: 'b1', idx: 2, captures: ['b', '1'] }],
  [
    { $regexFindAll: { input: 'a1b2', regex: '\\d' } },
    [
      { match: '1', idx: 1, captures: [] },
      { match: '2', idx: 3, captures: [] },
    ],
  ],
  [{ $size: '$a' }, 3],
  [{ $arrayElemAt: ['$a', -1] }, 2],
  [{ $arrayElemAt: ['$a', 9] }, MISSING],
  [{ $first: '$a' }, 3],
  [{ $last: '$a' }, 2],
  [{ $slice: ['$a', -2] }, [1, 2]],
  [{ $slice: ['$a', 1, 1] }, [1]],
  [{ $concatArrays: ['$a', [9]] }, [3, 1, 2, 9]],
  [{ $isArray: ['$a'] }, true],
  [{ $isArray: '$i' }, false],
  [{ $range: [0, 5, 2] }, [0, 2, 4]],
  [{ $reverseArray: '$a' }, [2, 1, 3]],
  [{ $in: [long(1), '$a'] }, true],
  [{ $indexOfArray: ['$a', 2] }, 2],
  [{ $filter: { input: '$a', as: 'x', cond: { $gt: ['$$x', 1] } } }, [3, 2]],
  [{ $filter: { input: '$a', cond: true, limit: 1 } }, [3]],
  [{ $map: { input: '$a', in: { $add: ['$$this', '$i'] } } }, [10, 8, 9]],
  [{ $reduce: { input: '$a', initialValue: 0, in: { $add: ['$$value', '$$this'] } } }, 6],
  [{ $zip: { inputs: [[1, 2], ['a']] } }, [[1, 'a']]],
  [
    { $zip: { inputs: [[1, 2], ['a']], useLongestLength: true, defaults: [0, 'z'] } },
    [
      [1, 'a'],
      [2, 'z'],
    ],
  ],
  [{ $sortArray: { input: '$a', sortBy: 1 } }, [1, 2, 3]],
  [{ $sortArray: { input: [{ q: 1 }, { q: 2 }], sortBy: { q: -1 } } }, [{ q: 2 }, { q: 1 }]],
  [{ $maxN: { n: 2, input: '$a' } }, [3, 2]],
  [{ $firstN: { n: 2, input: '$a' } }, [3, 1]],
  [
    {
      $setUnion: [
        [2, 1],
        [1, 3],
      ],
    },
    [1, 2, 3],
  ],
  [
    {
      $setIntersection: [
        [1, 2],
        [2, 3],
      ],
    },
    [2],
  ],
  [{ $setDifference: [[1, 2], [2]] }, [1]],
  [{ $setEquals: [[1, 1], [1]] }, true],
  [{ $setIsSubset: [[1], [1, 2]] }, true],
  [{ $anyElementTrue: [[0, 1]] }, true],
  [{ $allElementsTrue: [[0, 1]] }, false],
  [{ $mergeObjects: ['$o', { x: 2 }, '$z'] }, { x: 2, y: { z: 'deep' } }],
  [{ $objectToArray: { p: 1 } }, [{ k: 'p', v: 1 }]],
  [{ $arrayToObject: [[{ k: 'p', v: 1 }]] }, { p: 1 }],
  [{ $arrayToObject: { $literal: [['q', 2]] } }, { q: 2 }],
  [{ $getField: 'i' }, 7],
  [{ $setField: { field: 'x', input: '$o', value: 5 } }, { x: 5, y: { z: 'deep' } }],
  [{ $unsetField: { field: 'y', input: '$o' } }, { x: 1 }],
  [{ $type: '$missing' }, 'missing'],
  [{ $type: '$w' }, 'double'],
  [{ $type: '$i' }, 'int'],
  [{ $type: '$l' }, 'long'],
  [{ $isNumber: '$m' }, true],
  [{ $toString: '$id' }, id.toHexString()],
  [{ $toString: true }, 'true'],
  [{ $toString: '$at' }, '2026-03-29T00:30:15.123Z'],
  [{ $toInt: '42' }, 42],
  [{ $toInt: 3.9 }, 3],
  [{ $toLong: '$at' }, long(day.getTime())],
  [{ $toDouble: '1.5e2' }, new Double(150)],
  [{ $toDecimal: '1.10' }, decimal('1.10')],
  [{ $toBool: 'false' }, true],
  [{ $toBool: 0 }, false],
  [{ $toDate: '2026-03-29T02:30:15.123+02:00' }, day],
  [{ $toObjectId: id.toHexString() }, id],
  [{ $toDate: '$id' }, id.getTimestamp()],
  [{ $convert: { input: 'x', to: 'int', onError: -1 } }, -1],
  [{ $convert: { input: '$z', to: 'int', onNull: 0 } }, 0],
  [{ $year: '$at' }, 2026],
  [{ $month: '$at' }, 3],
  [{ $dayOfMonth: '$at' }, 29],
  [{ $hour: { date: '$at', timezone: 'Europe/Rome' } }, 1],
  [{ $hour: { date: new Date('2026-03-29T01:30:00Z'), timezone: 'Europe/Rome' } }, 3],
  [{ $dayOfWeek: '$at' }, 1],
  [{ $isoDayOfWeek: '$at' }, 7],
  [{ $dayOfYear: '$at' }, 88],
  [{ $isoWeek: '$at' }, 13],
  [{ $week: '$at' }, 13],
  [{ $isoWeekYear: new Date('2027-01-01') }, long(2026)],
  [{ $millisecond: '$at' }, 123],
  [{ $minute: { date: '$at', timezone: '+05:30' } }, 0],
  [{ $dateToString: { date: '$at' } }, '2026-03-29T00:30:15.123Z'],
  [
    { $dateToString: { date: '$at', format: '%Y-%m-%d %H:%M %z %%', timezone: 'America/New_York' } },
    '2026-03-28 20:30 -0400 %',
  ],
  [{ $dateToString: { date: '$z', onNull: '-' } }, '-'],
  [{ $dateFromParts: { year: 2026, month: 14 } }, new Date('2027-02-01')],
  [
    { $dateFromParts: { year: 2026, month: 3, day: 29, hour: 12, timezone: 'Europe/Rome' } },
    new Date('2026-03-29T10:00:00Z'),
  ],
  [
    { $dateToParts: { date: new Date(0) } },
    { year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0, millisecond: 0 },
  ],
  [{ $dateAdd: { startDate: new Date('2026-01-31'), unit: 'month', amount: 1 } }, new Date('2026-02-28')],
  [
    { $dateAdd: { startDate: '$at', unit: 'day', amount: 1, timezone: 'Europe/Rome' } },
    new Date('2026-03-29T23:30:15.123Z'),
  ],
  [{ $dateSubtract: { startDate: new Date(86_400_000), unit: 'hour', amount: 24 } }, new Date(0)],
  [
    { $dateDiff: { startDate: new Date('2026-01-31'), endDate: new Date('2026-02-01'), unit: 'month' } },
    long(1),
  ],
  [
    { $dateDiff: { startDate: new Date('2026-01-03'), endDate: new Date('2026-01-04'), unit: 'week' } },
    long(1),
  ],
  [{ $dateTrunc: { date: '$at', unit: 'month' } }, new Date('2026-03-01')],
  [
    { $dateTrunc: { date: '$at', unit: 'day', timezone: 'America/New_York' } },
    new Date('2026-03-28T04:00:00Z'),
  ],
  [{ $dateTrunc: { date: '$at', unit: 'hour', binSize: 6 } }, new Date('2026-03-29T00:00:00Z')],
  [{ $dateTrunc: { date: '$at', unit: 'week', startOfWeek: 'monday' } }, new Date('2026-03-23')],
  [{ $sum: '$a' }, 6],
  [{ $sum: ['$i', 'x', '$d'] }, 9.5],
  [{ $avg: '$a' }, new Double(2)],
  [{ $avg: [] }, null],
  [{ $min: '$a' }, 1],
  [{ $max: ['$i', '$n', '$z'] }, 7],
  [{ $stdDevPop: [[1, 3]] }, new Double(1)],
];

describe('compileExpression', () => {
  it.each(cases)('%j', (expression, expected) => {
    const value = compileExpression(expression)(document);
    expect(value).toEqual(expected);
    // Types count: 3 is not 3.0.
    if (expected !== undefined) expect(encode({ value }).equals(encode({ value: expected }))).toBe(true);
  });

  it.each([
    [{ $foo: 1 }, 168, "Unrecognized expression '$foo'"],
    [{ $eq: [1] }, 16020, 'takes exactly 2 arguments. 1 were passed in.'],
    [{ $add: ['x', 1] }, 14, '$add only supports numeric or date types, not string'],
    [{ $divide: [1, 0] }, 2, "can't $divide by zero"],
    [{ $concat: [1] }, 16702, '$concat only supports strings, not int'],
    [{ $size: '$i' }, 17124, 'must be an array, but was of type: int'],
    [{ $toInt: 'x' }, 241, "Failed to parse number 'x'"],
    [{ $toInt: 3e9 }, 241, 'overflow'],
    [{ $toDate: 5 }, 241, 'Unsupported conversion from int to date'],
    [{ $a: 1, $b: 2 }, 15983, 'exactly one field'],
    ['$', 16872, 'not a valid FieldPath'],
    ['$$nope', 17276, 'Use of undefined variable: nope'],
    [{ $cond: { if: 1, then: 1 } }, 40416, "requires 'else'"],
    [{ $hour: { date: '$at', timezone: 'Mars/Base' } }, 40485, 'unrecognized time zone'],
    [{ $dateToString: { date: '$at', format: '%Q' } }, 18536, 'Invalid format character'],
  ] as [unknown, number, string][])('refuses %j', (expression, code, message) => {
    expect(() => compileExpression(expression)(document)).toThrowError(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  it.each([{ $function: {} }, { $sin: 1 }, { $meta: 'textScore' }])(
    'refuses %j as not supported',
    (expression) => {
      expect(() => compileExpression(expression)).toThrowError(
        /not supported by the embedded database; set MONGODB_URI/,
      );
    },
  );

  it('evaluates let, and uses it', () => {
    const variables = evaluateLet({ x: { $add: [1, 2] }, y: '$missing' });
    expect(variables).toEqual({ x: 3, y: null });
    expect(compileExpression({ $gt: ['$i', '$$x'] }, { let: variables })(document)).toBe(true);
  });
});
