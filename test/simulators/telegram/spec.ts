/**
 * Checks requests against the official description of the Bot API where it lies beside the repository
 * (../shared/specs/telegram/api.json, Bot API 10.1), made into JSON Schema. Unknown fields are refused. What is newer
 * than 10.1 and used by the bot is added in OVERLAY, from the types of grammY (Bot API 10.3).
 */
import { existsSync, readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';

const SPEC = new URL('../../../../shared/specs/telegram/api.json', import.meta.url);

export const hasSpec = existsSync(SPEC);

interface Field {
  name: string;
  types: string[];
  required: boolean;
}
interface Api {
  methods: Record<string, { fields?: Field[] }>;
  types: Record<string, { fields?: Field[]; subtypes?: string[] }>;
}

const OVERLAY: Record<string, Field[]> = {
  sendMessage: [
    { name: 'ephemeral_message_parameters', types: ['EphemeralMessageParameters'], required: false },
  ],
};
const OVERLAY_TYPES: Api['types'] = {
  EphemeralMessageParameters: {
    fields: [
      { name: 'receiver_user_id', types: ['Integer'], required: true },
      { name: 'callback_query_id', types: ['String'], required: false },
      { name: 'replace_callback_query_message', types: ['Boolean'], required: false },
    ],
  },
};

const SCALARS: Record<string, object> = {
  Integer: { type: 'integer' },
  Float: { type: 'number' },
  String: { type: 'string' },
  Boolean: { type: 'boolean' },
};

type SpecCheck = (method: string, params: Record<string, unknown>) => string | undefined;

let known: SpecCheck | undefined;

/** Answers what is wrong with the parameters of a method; undefined when nothing is, or when there is no description. */
export function specCheck(): SpecCheck {
  // The description is large; one process reads and compiles it once.
  known ??= createSpecCheck();
  return known;
}

function createSpecCheck(): SpecCheck {
  if (!hasSpec) return () => undefined;
  const api = JSON.parse(readFileSync(SPEC, 'utf8')) as Api;
  Object.assign(api.types, OVERLAY_TYPES);
  const ajv = new Ajv({ strict: false, allErrors: true });
  ajv.addSchema({
    $id: 'telegram',
    definitions: Object.fromEntries(
      Object.entries(api.types).map(([name, type]) => [name, typeSchema(type)]),
    ),
  });
  const compiled = new Map<string, ValidateFunction>();
  return (method, params) => {
    const description = api.methods[method];
    if (description === undefined) return `there is no method ${method}`;
    let check = compiled.get(method);
    if (check === undefined) {
      check = ajv.compile(objectSchema([...(description.fields ?? []), ...(OVERLAY[method] ?? [])]));
      compiled.set(method, check);
    }
    if (check(params)) return undefined;
    return (check.errors ?? [])
      .map((error) => `${method}${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`)
      .join('; ');
  };
}

function typeSchema(type: Api['types'][string]): object {
  if (type.subtypes?.length) return { anyOf: type.subtypes.map(reference) };
  return objectSchema(type.fields ?? []);
}

function objectSchema(fields: readonly Field[]): object {
  return {
    type: 'object',
    additionalProperties: false,
    required: fields.filter((field) => field.required).map((field) => field.name),
    properties: Object.fromEntries(
      fields.map((field) => [field.name, { anyOf: field.types.map(valueSchema) }]),
    ),
  };
}

function valueSchema(type: string): object {
  if (type.startsWith('Array of '))
    return { type: 'array', items: valueSchema(type.slice('Array of '.length)) };
  return SCALARS[type] ?? reference(type);
}

/** A file is either uploaded (`attach://`) or named. */
function reference(type: string): object {
  return type === 'InputFile' ? { type: 'string' } : { $ref: `telegram#/definitions/${type}` };
}
