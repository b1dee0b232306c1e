/** `$a.b` and `$$variable.b` in expressions: arrays of documents on the way give arrays, positions do not count. */
import { fieldPathComponents } from '../bson/field-path.ts';
import { getField } from '../bson/fields.ts';
import { isDocument } from '../bson/types.ts';
import { MongoError } from '../errors.ts';
import type { Evaluate, Scope } from './scope.ts';

const USER_VARIABLE = /^[a-z\u0080-\uffff][a-zA-Z0-9_\u0080-\uffff]*$/;

/** Compiles a string that begins with `$`. */
export function compileFieldPath(text: string): Evaluate {
  if (text.startsWith('$$')) return compileVariable(text.slice(2));
  if (text === '$') throw new MongoError(16872, "'$' by itself is not a valid FieldPath");
  const components = fieldPathComponents(text.slice(1));
  const [only] = components;
  if (components.length === 1 && only !== undefined) {
    return (scope) => (isDocument(scope.root) ? getField(scope.root, only) : undefined);
  }
  return (scope) => valueAtPath(scope.root, components, 0);
}

function compileVariable(path: string): Evaluate {
  const [name = '', ...components] = fieldPathComponents(path);
  const read = variableReader(name);
  return components.length === 0 ? read : (scope) => valueAtPath(read(scope), components, 0);
}

function variableReader(name: string): Evaluate {
  switch (name) {
    case 'ROOT':
    case 'CURRENT':
      return (scope) => scope.root;
    case 'NOW':
      return (scope) => scope.now;
    case 'REMOVE':
      return () => undefined;
    default:
      return (scope) => readVariable(scope, name);
  }
}

function readVariable(scope: Scope, name: string): unknown {
  if (!scope.variables.has(name)) throw new MongoError(17276, `Use of undefined variable: ${name}`);
  return scope.variables.get(name);
}

/** @throws MongoError 16867 for a name that a user variable may not have */
export function checkVariableName(name: string): void {
  if (!USER_VARIABLE.test(name)) {
    throw new MongoError(16867, `'${name}' starts with an invalid character for a user variable name`);
  }
}

function valueAtPath(value: unknown, components: readonly string[], index: number): unknown {
  if (index === components.length) return value;
  if (Array.isArray(value)) {
    return value
      .map((element) => (isDocument(element) ? valueAtPath(element, components, index) : undefined))
      .filter((element) => element !== undefined);
  }
  return isDocument(value)
    ? valueAtPath(getField(value, components[index] as string), components, index + 1)
    : undefined;
}
