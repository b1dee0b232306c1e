/** `$push` with `$each`, `$position`, `$sort` and `$slice`: insert, then sort, then cut. */
import { fieldEntries } from '../bson/field-order.ts';
import { isDocument, isNumeric, typeName, typeOf } from '../bson/types.ts';
import { badValue, unknownName } from '../errors.ts';
import type { Collation } from '../order/collation.ts';
import { compareValues } from '../order/compare.ts';
import { elementOrder } from '../order/element-order.ts';

type Arrange = (array: readonly unknown[]) => unknown[];
type Compare = (left: unknown, right: unknown) => number;

const KNOWN = new Set(['$each', '$position', '$sort', '$slice']);

/** The function from the array before to the array after. */
export function pushModifiers(operand: unknown, collation: Collation | undefined): Arrange {
  if (!isDocument(operand) || operand.$each === undefined) return (array) => [...array, operand];
  for (const name of Object.keys(operand)) {
    if (!KNOWN.has(name)) throw unknownName(2, `Unrecognized clause in $push: ${name}`);
  }
  const { $each: each, $position: at, $sort: order, $slice: limit } = operand;
  if (!Array.isArray(each)) {
    throw badValue(
      `The argument to $each in $push must be an array but it was of type: ${typeName(typeOf(each))}`,
    );
  }
  const position = wholeNumber('$position', at);
  const slice = wholeNumber('$slice', limit);
  const compare = order === undefined ? undefined : sortOrder(order, collation);
  return (array) => {
    const result = position === undefined ? [...array, ...each] : insertAt(array, each, position);
    if (compare) result.sort(compare);
    if (slice === undefined) return result;
    return slice >= 0 ? result.slice(0, slice) : result.slice(slice);
  };
}

function insertAt(array: readonly unknown[], each: readonly unknown[], position: number): unknown[] {
  const index = position >= 0 ? Math.min(position, array.length) : Math.max(array.length + position, 0);
  return [...array.slice(0, index), ...each, ...array.slice(index)];
}

function wholeNumber(name: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const number = isNumeric(value) ? Number(value) : Number.NaN;
  if (!Number.isInteger(number)) {
    const given = name === '$position' ? ', not of type' : ' but was given type';
    throw badValue(`The value for ${name} must be an integer value${given}: ${typeName(typeOf(value))}`);
  }
  return number;
}

/** `$sort: 1` compares whole elements; a document names fields, a missing one counts as null. */
function sortOrder(order: unknown, collation: Collation | undefined): Compare {
  if (isDocument(order)) {
    const fields = fieldEntries(order);
    for (const [path, direction] of fields) {
      checkSortPath(path);
      sortDirection(direction);
    }
    if (fields.length === 0) throw badValue('The sort pattern is empty when it should be a set of fields.');
    return elementOrder(order, collation);
  }
  const direction = sortDirection(order);
  return (left, right) => compareValues(left, right, collation) * direction;
}

function checkSortPath(path: string): void {
  if (path === '') throw badValue('The sort field cannot be empty');
  if (path.split('.').includes(''))
    throw badValue(`The $sort field is a dotted field but has an empty part: ${path}`);
}

function sortDirection(direction: unknown): 1 | -1 {
  const sign = isNumeric(direction) ? Number(direction) : Number.NaN;
  if (sign !== 1 && sign !== -1) throw badValue('The $sort element value must be either 1 or -1');
  return sign;
}
