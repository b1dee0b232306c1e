// Operators on the elements of arrays, and those that join conditions.
import { ObjectId } from 'bson';
import { itMatches, regex } from './matching.ts';

const id = new ObjectId('0123456789abcdef01234567');
const otherId = new ObjectId('0123456789abcdef01234568');

itMatches([
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
]);
