// Operators on arrays, and the paths that lead to their elements.
import { BSONRegExp, Double } from 'bson';
import { itUpdates } from './updating.ts';

itUpdates([
  ['$push', { a: [1] }, { $push: { a: 2, b: { c: 1 } } }, { a: [1, 2], b: [{ c: 1 }] }],
  ['$push of an array', { a: [] }, { $push: { a: [1, 2] } }, { a: [[1, 2]] }],
  [
    '$push with $each, $position',
    { a: [1, 4] },
    { $push: { a: { $each: [2, 3], $position: 1 } } },
    { a: [1, 2, 3, 4] },
  ],
  [
    '$push at a negative position',
    { a: [1, 2, 5] },
    { $push: { a: { $each: [3, 4], $position: -1 } } },
    { a: [1, 2, 3, 4, 5] },
  ],
  [
    '$push at a negative position before the beginning',
    { a: [1] },
    { $push: { a: { $each: [0], $position: -9 } } },
    { a: [0, 1] },
  ],
  [
    '$push with $slice on a missing field',
    {},
    { $push: { a: { $each: [1, 2, 3], $slice: 2 } } },
    { a: [1, 2] },
  ],
  [
    '$push with a negative $slice',
    { a: [1, 2] },
    { $push: { a: { $each: [3], $slice: -2 } } },
    { a: [2, 3] },
  ],
  ['$push with $slice 0', { a: [1] }, { $push: { a: { $each: [], $slice: 0 } } }, { a: [] }],
  ['$push with $sort', { a: [3, 1] }, { $push: { a: { $each: [2], $sort: -1 } } }, { a: [3, 2, 1] }],
  [
    '$push with $sort by two fields and $slice',
    {
      a: [
        { x: 2, y: 1 },
        { x: 1, y: 1 },
      ],
    },
    { $push: { a: { $each: [{ x: 1, y: 2 }], $sort: { x: 1, y: -1 }, $slice: 2 } } },
    {
      a: [
        { x: 1, y: 2 },
        { x: 1, y: 1 },
      ],
    },
  ],
  ['$push with nothing', { a: [1] }, { $push: { a: { $each: [] } } }, undefined],
  [
    '$addToSet',
    { a: [1, 1] },
    { $addToSet: { a: { $each: [1, 2, 2, new Double(2)] }, b: 1 } },
    { a: [1, 1, 2], b: [1] },
  ],
  ['$addToSet of a known value', { a: [{ x: 1, y: 2 }] }, { $addToSet: { a: { x: 1, y: 2 } } }, undefined],
  [
    '$addToSet heeds field order',
    { a: [{ x: 1, y: 2 }] },
    { $addToSet: { a: { y: 2, x: 1 } } },
    {
      a: [
        { x: 1, y: 2 },
        { y: 2, x: 1 },
      ],
    },
  ],
  ['$addToSet removes doubles on a missing field', {}, { $addToSet: { a: { $each: [1, 1] } } }, { a: [1] }],
  [
    '$pop',
    { a: [1, 2, 3], b: [1, 2], c: [] },
    { $pop: { a: 1, b: -1, c: 1, d: 1 } },
    { a: [1, 2], b: [2], c: [] },
  ],
  ['$pull of a value', { a: [1, 2, new Double(1), [1]] }, { $pull: { a: 1 } }, { a: [2, [1]] }],
  [
    '$pull by operators',
    { a: [1, 5, 9], b: ['x', 'y'] },
    { $pull: { a: { $gte: 5 }, b: { $in: ['x'] } } },
    { a: [1], b: ['y'] },
  ],
  [
    '$pull by a filter',
    { a: [{ x: 1, y: 1 }, { x: 1, y: 2 }, 3] },
    { $pull: { a: { x: 1, y: { $gt: 1 } } } },
    { a: [{ x: 1, y: 1 }, 3] },
  ],
  [
    '$pull with $or',
    { a: [{ x: 1 }, { x: 2 }, { x: 3 }] },
    { $pull: { a: { $or: [{ x: 1 }, { x: 3 }] } } },
    { a: [{ x: 2 }] },
  ],
  ['$pull by a pattern', { a: ['ab', 'b'] }, { $pull: { a: new BSONRegExp('^a', '') } }, { a: ['b'] }],
  ['$pull of a whole array', { a: [[1, 2], [1]] }, { $pull: { a: [1, 2] } }, { a: [[1]] }],
  ['$pull of nothing', { a: [1] }, { $pull: { a: 2, b: 3 } }, undefined],
  ['$pullAll', { a: [1, 2, 3, { x: 1 }] }, { $pullAll: { a: [1, { x: 1 }] } }, { a: [2, 3] }],

  ['positional $', { a: [1, 2, 3] }, { $set: { 'a.$': 9 } }, { a: [1, 9, 3] }, { filter: { a: 2 } }],
  [
    'two positional paths, condition inside $and',
    { a: [{ x: 1 }, { x: 2 }] },
    { $set: { 'a.$.y': 1, 'a.$.z': 2 } },
    { a: [{ x: 1 }, { x: 2, y: 1, z: 2 }] },
    { filter: { $and: [{ 'a.x': 2 }] } },
  ],
  [
    'positional with two conditions',
    {
      a: [
        { x: 1, y: 2 },
        { x: 2, y: 2 },
      ],
    },
    { $inc: { 'a.$.y': 1 } },
    {
      a: [
        { x: 1, y: 2 },
        { x: 2, y: 3 },
      ],
    },
    { filter: { a: { $elemMatch: { x: 2, y: 2 } } } },
  ],
  [
    'positional with a nested array',
    { a: [{ b: [1] }, { b: [2] }] },
    { $set: { 'a.$.b.0': 5 } },
    { a: [{ b: [1] }, { b: [5] }] },
    { filter: { 'a.b': 2 } },
  ],
  [
    'positional by the document before the update',
    { a: [1, 2] },
    { $set: { 'a.$': 1, b: 1 } },
    { a: [1, 1], b: 1 },
    { filter: { a: 2 } },
  ],
  [
    'positional $unset and $push elsewhere',
    { a: [1, 2], b: [] },
    { $unset: { 'a.$': 1 }, $push: { b: 1 } },
    { a: [1, null], b: [1] },
    { filter: { a: 2 } },
  ],
  ['$[]', { a: [1, 2] }, { $inc: { 'a.$[]': 10 } }, { a: [11, 12] }],
  [
    '$[] and a nested field',
    { a: [{ b: [{ c: 1 }] }, { b: [] }] },
    { $set: { 'a.$[].b.$[].c': 2 } },
    { a: [{ b: [{ c: 2 }] }, { b: [] }] },
  ],
  [
    '$[identifier]',
    { a: [{ x: 1 }, { x: 5 }] },
    { $set: { 'a.$[big].y': true } },
    { a: [{ x: 1 }, { x: 5, y: true }] },
    { arrayFilters: [{ 'big.x': { $gt: 3 } }] },
  ],
  [
    '$[identifier] on scalars',
    { a: [1, 5, 9] },
    { $set: { 'a.$[e]': 0 } },
    { a: [1, 0, 0] },
    { arrayFilters: [{ e: { $gte: 5 } }] },
  ],
  [
    'two identifiers on one element',
    { a: [{ x: 1, y: 1 }] },
    { $set: { 'a.$[i].x': 2, 'a.$[j].y': 3 } },
    { a: [{ x: 2, y: 3 }] },
    { arrayFilters: [{ 'i.x': 1 }, { 'j.y': 1 }] },
  ],
  [
    '$[identifier] with $or',
    { a: [1, 2, 3] },
    { $set: { 'a.$[e]': 0 } },
    { a: [0, 2, 0] },
    { arrayFilters: [{ $or: [{ e: 1 }, { e: 3 }] }] },
  ],
  [
    '$pull inside elements',
    { a: [{ b: [1, 2] }, { b: [2] }] },
    { $pull: { 'a.$[].b': 2 } },
    { a: [{ b: [1] }, { b: [] }] },
  ],
]);
