/** Checks requests against the official description of the Pinterest API, where it is at hand. */
import { existsSync, readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';

const SPEC = new URL('../../../../shared/specs/pinterest/openapi.json', import.meta.url);
const BASE = '/v5';

/** Where the description contradicts itself. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'GET /pins/{pin_id}/analytics metric_types':
    'each name must be in exactly one of two lists, and the lists share most names; pins.ts checks them',
};

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: object;
  readonly $ref?: string;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: Readonly<Record<string, { readonly schema: object }>>;
  };
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly parameters: Readonly<Record<string, Parameter>> };
}

interface CheckedRequest {
  readonly method: string;
  readonly url: URL;
  readonly contentType: string;
  /** The parsed JSON body, or the fields of a form. */
  readonly body?: unknown;
}

type SpecCheck = (request: CheckedRequest) => readonly string[];

/** Read once for all simulators of a process: it takes a second. */
let loaded: { readonly check: SpecCheck | undefined } | undefined;

/** Answers what is wrong with a request; undefined when the description is not at hand. */
export function loadSpec(): SpecCheck | undefined {
  loaded ??= { check: readSpec() };
  return loaded.check;
}

function readSpec(): SpecCheck | undefined {
  if (!existsSync(SPEC)) return undefined;
  const description = JSON.parse(readFileSync(SPEC, 'utf8')) as Description;
  const ajv = new Ajv({ strict: false, validateFormats: false, coerceTypes: true });
  ajv.addSchema({ ...description, $id: 'pinterest' });
  const paths = Object.keys(description.paths)
    .map((path) => ({ path, pattern: new RegExp(`^${BASE}${path.replace(/\{[^}]+\}/g, '([^/]+)')}$`) }))
    // A fixed path wins over one with a parameter.
    .sort((a, b) => a.path.split('{').length - b.path.split('{').length);
  const compiled = new Map<object, ValidateFunction>();
  const check = (schema: object, value: unknown, where: string): string[] => {
    const validate = compiled.get(schema) ?? ajv.compile(rooted(schema) as object);
    compiled.set(schema, validate);
    return validate(structuredClone(value)) ? [] : [`${where}: ${ajv.errorsText(validate.errors)}`];
  };

  return ({ method, url, contentType, body }) => {
    const found = paths.find(
      ({ path, pattern }) => pattern.test(url.pathname) && description.paths[path]?.[method.toLowerCase()],
    );
    const operation = found && description.paths[found.path]?.[method.toLowerCase()];
    if (!found || !operation) return [`${method} ${url.pathname}: no such operation`];
    const where = `${method} ${found.path}`;
    const parameters = (operation.parameters ?? []).map((each) =>
      each.$ref ? description.components.parameters[each.$ref.split('/').at(-1) ?? ''] : each,
    );
    const faults = [...url.searchParams].flatMap(([name, value]) => {
      if (EXCEPTIONS[`${where} ${name}`]) return [];
      const parameter = parameters.find((each) => each?.in === 'query' && each.name === name);
      return parameter
        ? check(parameter.schema, value, `${where} ${name}`)
        : [`${where}: no query parameter ${name}`];
    });
    const values = found.pattern.exec(url.pathname)?.slice(1) ?? [];
    const inPath = parameters.filter((each) => each?.in === 'path');
    faults.push(
      ...values.flatMap((value, index) => check(inPath[index]?.schema ?? {}, value, `${where} path`)),
    );
    const content = operation.requestBody?.content[contentType.split(';')[0] ?? ''];
    if (body !== undefined && !content) faults.push(`${where}: no body of type ${contentType}`);
    if (body === undefined && operation.requestBody?.required) faults.push(`${where}: the body is missing`);
    if (body !== undefined && content) faults.push(...check(content.schema, body, `${where} body`));
    return faults;
  };
}

/** References inside a part of the description, made to point into the whole. */
function rooted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rooted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      key === '$ref' && typeof each === 'string' ? each.replace(/^#/, 'pinterest#') : rooted(each),
    ]),
  );
}
