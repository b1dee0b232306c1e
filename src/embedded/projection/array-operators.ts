/** What only find's projections have: `$slice`, `$elemMatch` and the positional `$`. */
import { getField, setField } from '../bson/fields.ts';
import { type Document, isDocument, isNumeric, typeName, typeOf } from '../bson/types.ts';
import { MongoError } from '../errors.ts';
import { compilePositional, type FilterOptions } from '../matcher.ts';

/** Changes the projected document after the tree has been applied. */
export type PostStep = (projected: Document, original: Document) => Document;

/** `$slice: n` or `$slice: [skip, n]`, through arrays on the path. */
export function sliceStep(path: string, operand: unknown): PostStep {
  const cut = slicer(operand);
  const components = path.split('.');
  return (projected) => mapAtPath(projected, components, 0, cut) as Document;
}

function slicer(operand: unknown): (array: readonly unknown[]) => unknown[] {
  const numbers = (Array.isArray(operand) ? operand : [operand]).map((value) => {
    if (isNumeric(value)) return Math.trunc(Number(value));
    throw new MongoError(
      28667,
      `Invalid $slice syntax. The given syntax { $slice: ${String(value)} } did not match the find() syntax`,
    );
  });
  const [first = 0, count] = numbers;
  if (count === undefined) return (array) => (first >= 0 ? array.slice(0, first) : array.slice(first));
  if (count <= 0) throw new MongoError(28724, `$slice limit must be positive, found ${count}`);
  return (array) => {
    const start = first >= 0 ? first : Math.max(array.length + first, 0);
    return array.slice(start, start + count);
  };
}

function mapAtPath(
  value: unknown,
  components: readonly string[],
  index: number,
  change: (array: readonly unknown[]) => unknown,
): unknown {
  if (index === components.length) return Array.isArray(value) ? change(value) : value;
  if (Array.isArray(value)) {
    return value.map((element) =>
      isDocument(element) ? mapAtPath(element, components, index, change) : element,
    );
  }
  if (!isDocument(value)) return value;
  const name = components[index] as string;
  const before = getField(value, name);
  const after = mapAtPath(before, components, index + 1, change);
  if (after === before) return value;
  const copy: Document = { ...value };
  setField(copy, name, after);
  return copy;
}

/** `$elemMatch`: the first matching element, as a field at the end; nothing when there is none. */
export function elemMatchStep(path: string, operand: unknown, options: FilterOptions): PostStep {
  if (path.includes('.')) throw new MongoError(31275, 'Cannot use $elemMatch projection on a nested field.');
  if (!isDocument(operand)) {
    throw new MongoError(
      31274,
      `elemMatch: Invalid argument, object required, but got ${typeName(typeOf(operand))}`,
    );
  }
  const locate = compilePositional({ [path]: { $elemMatch: operand } }, options);
  return (projected, original) => {
    const array = getField(original, path);
    const position = Array.isArray(array) ? locate(original) : undefined;
    const { [path]: _replaced, ...others } = projected;
    if (position !== undefined) setField(others, path, [(array as unknown[])[position]]);
    return others;
  };
}

/** `'a.$': 1`: of the array only the element that the filter matched. */
export function positionalStep(path: string, filter: Document, options: FilterOptions): PostStep {
  const locate = compilePositional(filter, options);
  const components = path.split('.');
  return (projected, original) => {
    const position = locate(original);
    if (position === undefined) {
      throw new MongoError(
        51246,
        "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array",
      );
    }
    return firstArrayAt(projected, components, 0, position) as Document;
  };
}

/** The position belongs to the first array on the path. */
function firstArrayAt(
  value: unknown,
  components: readonly string[],
  index: number,
  position: number,
): unknown {
  if (Array.isArray(value)) {
    if (position >= value.length) {
      throw new MongoError(
        51247,
        "Executor error during find command :: caused by :: positional operator '.$' element mismatch",
      );
    }
    return [value[position]];
  }
  if (index === components.length || !isDocument(value)) return value;
  const name = components[index] as string;
  const copy: Document = { ...value };
  const before = getField(value, name);
  if (before !== undefined) setField(copy, name, firstArrayAt(before, components, index + 1, position));
  return copy;
}
