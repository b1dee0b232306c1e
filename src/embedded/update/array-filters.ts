/** `arrayFilters`: conditions on array elements, each under an identifier that paths use as `$[identifier]`. */
import { describeValue } from '../bson/describe.ts';
import { type Document, isDocument } from '../bson/types.ts';
import { badValue, failedToParse, MongoError } from '../errors.ts';
import { compileFilter, type FilterOptions } from '../matcher.ts';
import type { ElementFilters } from './apply.ts';

const IDENTIFIER = /^[a-z][a-zA-Z0-9]*$/;
const IN_PATH = /\$\[([^\]]*)\]/g;

const NO_FILTERS: ElementFilters = new Map();

/**
 * Compiles the filters.
 * @throws MongoError when an identifier is malformed, defined twice, used without a filter, or defined without use
 */
export function compileArrayFilters(
  arrayFilters: readonly Document[],
  paths: readonly string[],
  update: Document,
  options: FilterOptions,
): ElementFilters {
  if (arrayFilters.length === 0 && !paths.some((path) => path.includes('$['))) return NO_FILTERS;
  const filters = new Map<string, (element: unknown) => boolean>();
  for (const filter of arrayFilters) {
    if ('$expr' in filter) throw new MongoError(224, '$expr is not allowed in this context');
    const matches = compileFilter(filter, options);
    const identifier = identifierOf(filter);
    if (identifier === undefined) {
      throw failedToParse('Cannot use an expression without a top-level field name in arrayFilters');
    }
    if (!IDENTIFIER.test(identifier)) {
      throw badValue(
        `Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${identifier}'`,
      );
    }
    if (filters.has(identifier)) {
      throw failedToParse(`Found multiple array filters with the same top-level field name ${identifier}`);
    }
    filters.set(identifier, (element) => matches({ [identifier]: element }));
  }
  checkUse(filters, paths, update);
  return filters;
}

function checkUse(filters: ElementFilters, paths: readonly string[], update: Document): void {
  const used = new Set<string>();
  for (const path of paths) {
    for (const [, identifier = ''] of path.matchAll(IN_PATH)) {
      if (identifier !== '' && !filters.has(identifier)) {
        throw badValue(`No array filter found for identifier '${identifier}' in path '${path}'`);
      }
      used.add(identifier);
    }
  }
  for (const identifier of filters.keys()) {
    if (used.has(identifier)) continue;
    throw failedToParse(
      `The array filter for identifier '${identifier}' was not used in the update ${describeValue(update)}`,
    );
  }
}

/** The first component of every path in the filter; they must agree. */
function identifierOf(filter: Document): string | undefined {
  let found: string | undefined;
  for (const [name, value] of Object.entries(filter)) {
    const identifiers = name.startsWith('$') ? nestedIdentifiers(value) : [name.split('.')[0] as string];
    for (const identifier of identifiers) {
      if (found !== undefined && found !== identifier) {
        throw failedToParse(
          `Error parsing array filter :: caused by :: Expected a single top-level field name, found '${found}' and '${identifier}'`,
        );
      }
      found = identifier;
    }
  }
  return found;
}

function nestedIdentifiers(clauses: unknown): string[] {
  if (!Array.isArray(clauses)) return [];
  return clauses.flatMap((clause) => {
    const identifier = isDocument(clause) ? identifierOf(clause) : undefined;
    return identifier === undefined ? [] : [identifier];
  });
}
