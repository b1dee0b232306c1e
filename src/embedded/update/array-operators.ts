/** Operators that add to and take from arrays: `$push`, `$addToSet`, `$pop`, `$pull`, `$pullAll`. */
import { BSONRegExp } from 'bson';
import { describeValue } from '../bson/describe.ts';
import { type Document, isDocument, isNumeric, typeName, typeOf } from '../bson/types.ts';
import { badValue, failedToParse, typeMismatch } from '../errors.ts';
import { isOperatorDocument } from '../matcher/operators.ts';
import { compileFilter, type FilterOptions } from '../matcher.ts';
import type { Collation } from '../order/collation.ts';
import { equalValues } from '../order/compare.ts';
import { describeId } from './field-operators.ts';
import { identical } from './identical.ts';
import { type Leaf, UNCHANGED } from './outcome.ts';
import { pushModifiers } from './push-modifiers.ts';

export function pushOperator(operand: unknown, collation: Collation | undefined): Leaf {
  const arrange = pushModifiers(operand, collation);
  return {
    operator: '$push',
    whenMissing: 'create',
    apply(value, context, path) {
      if (value === undefined) return arrange([]);
      if (!Array.isArray(value)) {
        throw badValue(
          `The field '${path}' must be an array but is of type ${typeName(typeOf(value))} in document ${describeId(context)}`,
        );
      }
      const result = arrange(value);
      return result.length === value.length && identical(value, result) ? UNCHANGED : result;
    },
  };
}

export function addToSetOperator(operand: unknown, collation: Collation | undefined): Leaf {
  const candidates = addToSetCandidates(operand);
  return {
    operator: '$addToSet',
    whenMissing: 'create',
    apply(value, _, path) {
      if (value !== undefined && !Array.isArray(value)) {
        throw badValue(
          `Cannot apply $addToSet to non-array field. Field named '${path.slice(path.lastIndexOf('.') + 1)}' has non-array type ${typeName(typeOf(value))}`,
        );
      }
      const present: readonly unknown[] = value ?? [];
      const added: unknown[] = [];
      for (const candidate of candidates) {
        const equalsCandidate = (element: unknown) => equalValues(element, candidate, collation);
        if (!present.some(equalsCandidate) && !added.some(equalsCandidate)) added.push(candidate);
      }
      return value !== undefined && added.length === 0 ? UNCHANGED : [...present, ...added];
    },
  };
}

function addToSetCandidates(operand: unknown): readonly unknown[] {
  if (!isDocument(operand) || Object.keys(operand)[0] !== '$each') return [operand];
  const { $each: each, ...others } = operand;
  if (!Array.isArray(each)) {
    throw typeMismatch(
      `The argument to $each in $addToSet must be an array but it was of type ${typeName(typeOf(each))}`,
    );
  }
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw badValue(`Found unexpected fields after $each in $addToSet: ${describeValue(operand)}`);
  return each;
}

export function popOperator(operand: unknown, path: string): Leaf {
  if (!isNumeric(operand)) throw failedToParse(`Expected a number in: ${path}: ${describeValue(operand)}`);
  const side = Number(operand);
  if (side !== 1 && side !== -1)
    throw failedToParse(`$pop expects 1 or -1, found: ${describeValue(operand)}`);
  return {
    operator: '$pop',
    whenMissing: 'keep',
    apply(value, _, path) {
      if (value === undefined) return UNCHANGED;
      if (!Array.isArray(value)) {
        throw typeMismatch(
          `Path '${path}' contains an element of non-array type '${typeName(typeOf(value))}'`,
        );
      }
      if (value.length === 0) return UNCHANGED;
      return side === 1 ? value.slice(0, -1) : value.slice(1);
    },
  };
}

export function pullOperator(operand: unknown, options: FilterOptions): Leaf {
  return cullingLeaf('$pull', elementCondition(operand, options));
}

export function pullAllOperator(operand: unknown, collation: Collation | undefined): Leaf {
  if (!Array.isArray(operand)) {
    throw badValue(`$pullAll requires an array argument but was given a ${typeName(typeOf(operand))}`);
  }
  return cullingLeaf('$pullAll', (element) =>
    operand.some((value) => equalValues(element, value, collation)),
  );
}

function cullingLeaf(operator: string, goes: (element: unknown) => boolean): Leaf {
  return {
    operator,
    whenMissing: 'keep',
    apply(value) {
      if (value === undefined) return UNCHANGED;
      if (!Array.isArray(value)) throw badValue(`Cannot apply ${operator} to a non-array value`);
      const kept = value.filter((element) => !goes(element));
      return kept.length === value.length ? UNCHANGED : kept;
    },
  };
}

/** These begin a filter on the element and are not operators of a value. */
const FILTER_OPERATORS = new Set(['$and', '$or', '$nor', '$expr']);

/**
 * The condition of `$pull`: a document is a filter on elements that are documents; operators and patterns apply to the
 * element itself; anything else must be equal.
 */
function elementCondition(operand: unknown, options: FilterOptions): (element: unknown) => boolean {
  const first = isDocument(operand) ? Object.keys(operand)[0] : undefined;
  if (
    isDocument(operand) &&
    (!isOperatorDocument(operand) || (first !== undefined && FILTER_OPERATORS.has(first)))
  ) {
    const matches = compileFilter(operand, options);
    return (element) => isDocument(element) && matches(element);
  }
  if (isDocument(operand) || operand instanceof BSONRegExp) {
    const matches = compileFilter({ element: operand } satisfies Document, options);
    return (element) => matches({ element });
  }
  return (element) => equalValues(element, operand, options.collation);
}
