/** Checks requests against the official description of an API (OpenAPI), where it is at hand. Unknown fields are faults. */
import { existsSync, readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';

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
  /** The parsed JSON body, or the fields of a form with files as strings. */
  readonly body?: unknown;
}

type SpecCheck = (request: CheckedRequest) => readonly string[];

interface Described {
  /** The folder of its description. */
  readonly network: string;
  /** Stands before every path. */
  readonly base?: string;
  /** What is not checked, as `METHOD /path parameter`, and why. */
  readonly exceptions: Readonly<Record<string, string>>;
}

/** Read once for all simulators of a process: it takes a second. */
const loaded = new Map<string, SpecCheck | undefined>();

/** Answers what is wrong with a request; undefined when the description is not at hand. */
export function loadSpec(described: Described): SpecCheck | undefined {
  const { network } = described;
  if (!loaded.has(network)) loaded.set(network, readSpec(described));
  return loaded.get(network);
}

function readSpec({ network, base = '', exceptions }: Described): SpecCheck | undefined {
  const file = new URL(`../../../shared/specs/${network}/openapi.json`, import.meta.url);
  if (!existsSync(file)) return undefined;
  const description = JSON.parse(readFileSync(file, 'utf8')) as Description;
  const ajv = new Ajv({ strict: false, validateFormats: false, coerceTypes: true });
  ajv.addSchema({ ...description, $id: network });
  const paths = Object.keys(description.paths).map((path) => ({
    path,
    pattern: new RegExp(`^${base}${path.replace(/\{[^}]+\}/g, '([^/]+)')}$`),
  }));
  // A fixed path wins over one with a parameter.
  paths.sort((a, b) => a.path.split('{').length - b.path.split('{').length);

  const compiled = new Map<object, ValidateFunction>();
  const check = (schema: object, value: unknown, where: string): string[] => {
    const validate = compiled.get(schema) ?? ajv.compile(rooted(schema, network) as object);
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
    const faults: string[] = [];
    for (const [name, value] of url.searchParams) {
      if (exceptions[`${where} ${name}`]) continue;
      const parameter = parameters.find((each) => each?.in === 'query' && each.name === name);
      if (!parameter) faults.push(`${where}: no query parameter ${name}`);
      else
        faults.push(
          ...check(
            parameter.schema,
            'items' in parameter.schema ? value.split(',') : value,
            `${where} ${name}`,
          ),
        );
    }
    for (const parameter of parameters) {
      if (parameter?.required && parameter.in === 'query' && !url.searchParams.has(parameter.name))
        faults.push(`${where}: ${parameter.name} is missing`);
    }
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
function rooted(value: unknown, network: string): unknown {
  if (Array.isArray(value)) return value.map((each) => rooted(each, network));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      key === '$ref' && typeof each === 'string' ? each.replace(/^#/, `${network}#`) : rooted(each, network),
    ]),
  );
}
