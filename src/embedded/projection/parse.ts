/** Reads a projection: which fields are kept, left out or computed, and of which kind the whole is. */
import { fieldEntries } from '../bson/field-order.ts';
import { type Document, isDocument, isNumeric } from '../bson/types.ts';
import { MongoError, unknownName } from '../errors.ts';
import { compileExpression, type ExpressionOptions, isExpressionOperator } from '../expressions.ts';
import { type Branch, type Compute, insertPath, newBranch } from './tree.ts';

export interface ParsedProjection {
  readonly kind: 'inclusion' | 'exclusion';
  readonly tree: Branch;
}

/**
 * What a dialect makes of an operator document before it counts as an expression; undefined for "not mine". `default
 * inclusion` decides where no other field does.
 */
export type Special = (
  path: string,
  operator: string,
  operand: unknown,
) => 'inclusion' | 'default inclusion' | 'neutral' | undefined;

interface Entry {
  readonly path: string;
  readonly what: 'include' | 'exclude' | Compute;
}

/**
 * @param special takes what only find's projections know (`$slice`, `$elemMatch`, `$`)
 * @throws MongoError 31253, 31254 when inclusion and exclusion are mixed; `_id` may always be left out
 */
export function parseProjection(
  specification: Document,
  options: ExpressionOptions,
  special?: Special,
): ParsedProjection {
  const entries: Entry[] = [];
  let kind: 'inclusion' | 'exclusion' | undefined;
  let otherwise: 'inclusion' | undefined;
  collect(specification, '', entries, options, (path, operator, operand) => {
    const answer = special?.(path, operator, operand);
    if (answer === 'inclusion') kind ??= 'inclusion';
    if (answer === 'default inclusion') otherwise = 'inclusion';
    return answer;
  });
  const tree = newBranch();
  for (const { path, what } of entries) {
    const wanted = what === 'exclude' ? 'exclusion' : 'inclusion';
    if (path !== '_id' || typeof what === 'function') {
      if (kind !== undefined && kind !== wanted) {
        if (typeof what === 'function')
          throw new MongoError(31252, 'Cannot use expression other than $meta in exclusion projection');
        const code = wanted === 'exclusion' ? 31254 : 31253;
        const verb = wanted === 'exclusion' ? 'exclusion' : 'inclusion';
        throw new MongoError(
          code,
          `${special ? '' : 'Invalid $project :: caused by :: '}Cannot do ${verb} on field ${path} in ${kind} projection`,
        );
      }
      kind = wanted;
    }
    insertPath(tree, path, typeof what === 'function' ? { kind: 'compute', compute: what } : { kind: what });
  }
  return { kind: kind ?? otherwise ?? kindOfIdAlone(entries), tree };
}

function kindOfIdAlone(entries: readonly Entry[]): 'inclusion' | 'exclusion' {
  return entries.some(({ path, what }) => path === '_id' && what === 'include') ? 'inclusion' : 'exclusion';
}

function collect(
  specification: Document,
  prefix: string,
  entries: Entry[],
  options: ExpressionOptions,
  special: Special,
): void {
  for (const [name, value] of fieldEntries(specification)) {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    if (special(path, '', value) !== undefined) continue;
    if (typeof value === 'boolean' || isNumeric(value)) {
      entries.push({
        path,
        what: isNumeric(value)
          ? Number(value) === 0
            ? 'exclude'
            : 'include'
          : value
            ? 'include'
            : 'exclude',
      });
      continue;
    }
    const [first, ...others] = isDocument(value) ? Object.keys(value) : [];
    if (isDocument(value) && first === undefined) {
      throw new MongoError(
        51270,
        `An empty sub-projection is not a valid value. Found empty object at path '${path}'`,
      );
    }
    if (isDocument(value) && first?.startsWith('$')) {
      if (others.length === 0 && special(path, first, value[first]) !== undefined) continue;
      if (!isExpressionOperator(first)) throw unknownName(31325, `Unknown expression ${first}`);
    } else if (isDocument(value)) {
      collect(value, path, entries, options, special);
      continue;
    }
    const evaluate = compileExpression(value, options);
    entries.push({ path, what: (root) => evaluate(root) });
  }
}
