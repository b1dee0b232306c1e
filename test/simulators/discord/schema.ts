/**
 * Checks request bodies against Discord's own OpenAPI description where it is at hand: unknown fields are refused, and a
 * union is narrowed by `type` first so that its errors can be read.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';

const DESCRIPTION = new URL('../../../../shared/specs/discord/openapi.json', import.meta.url);

type Json = Record<string, unknown>;

/** True where the official description is at hand; tests that prove something by it skip themselves otherwise. */
export const hasDescription = existsSync(DESCRIPTION);

/** What Discord's documentation has and its description has not; each with its reason. */
const ALLOWED: readonly { readonly schema: string; readonly property: string; readonly definition: Json }[] =
  [
    {
      // Announced on 2026-08-05; the description is of 2026-07-18.
      schema: 'ApplicationCommandAttachmentOption',
      property: 'file_types',
      definition: { type: 'array', maxItems: 10, items: { type: 'string' } },
    },
  ];

let description: { ajv: Ajv2020; paths: Record<string, Json> } | undefined;
const compiled = new Map<string, ValidateFunction | undefined>();

/** Compiles the check of one operation, once; it takes a while, which must not count against an answer's time. */
export function prepare(method: string, path: string): ValidateFunction | undefined {
  const key = `${method} ${path}`;
  if (hasDescription && !compiled.has(key)) compiled.set(key, compile(method, path));
  return compiled.get(key);
}

/** The faults of a JSON body for one operation, such as `post` `/channels/{channel_id}/messages`; empty when it is right. */
export function schemaFaults(method: string, path: string, body: unknown): string[] {
  if (!hasDescription) return [];
  const validate = prepare(method, path);
  if (!validate) return [`${method} ${path} is no operation of Discord's description`];
  if (validate(body)) return [];
  const errors = (validate.errors ?? []).filter(
    (error) => error.keyword !== 'if' && error.keyword !== 'anyOf',
  );
  return errors.map(
    (error) => `${error.instancePath || '/'} ${error.message} ${JSON.stringify(error.params)}`,
  );
}

function compile(method: string, path: string): ValidateFunction | undefined {
  description ??= load();
  const operation = description.paths[path]?.[method] as Json | undefined;
  if (!operation) return undefined;
  const pointer = ['paths', path, method, 'requestBody', 'content', 'application/json', 'schema']
    .map((part) =>
      part.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D'),
    )
    .join('/');
  return description.ajv.getSchema(`discord#/${pointer}`) ?? undefined;
}

function load(): { ajv: Ajv2020; paths: Record<string, Json> } {
  const document = JSON.parse(readFileSync(DESCRIPTION, 'utf8')) as Json;
  const schemas = (document.components as { schemas: Record<string, Json> }).schemas;
  for (const { schema, property, definition } of ALLOWED) {
    const properties = schemas[schema]?.properties as Json | undefined;
    if (!properties)
      throw new Error(`Discord's description has no ${schema} any more; look at the exceptions in schema.ts`);
    properties[property] = definition;
  }
  const strict = tightened(document, schemas) as Json;
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
  ajv.addFormat('snowflake', /^(0|[1-9][0-9]*)$/);
  ajv.addFormat('nonce', /^.{1,25}$/);
  for (const format of ['int32', 'int64', 'double', 'uri', 'date-time']) ajv.addFormat(format, true);
  ajv.addSchema(strict, 'discord');
  return { ajv, paths: strict.paths as Record<string, Json> };
}

/** Closes every object, and turns unions of typed objects into a choice by their `type`. */
function tightened(value: unknown, schemas: Record<string, Json>): unknown {
  if (Array.isArray(value)) return value.map((part) => tightened(part, schemas));
  if (typeof value !== 'object' || value === null) return value;
  const schema = Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, tightened(part, schemas)]),
  ) as Json;
  if (schema.type === 'object' && schema.properties && schema.additionalProperties === undefined) {
    schema.additionalProperties = false;
  }
  for (const union of ['oneOf', 'anyOf']) {
    const choice = Array.isArray(schema[union]) ? byType(schema[union] as Json[], schemas) : undefined;
    if (!choice) continue;
    delete schema[union];
    Object.assign(schema, choice);
  }
  return schema;
}

function byType(branches: readonly Json[], schemas: Record<string, Json>): Json | undefined {
  const typed = branches.map((branch) => {
    const name = String(branch.$ref ?? '').replace('#/components/schemas/', '');
    const type = (schemas[name]?.properties as Record<string, Json> | undefined)?.type;
    return { branch, types: type?.enum as unknown[] | undefined };
  });
  if (typed.length < 2 || typed.some(({ types }) => !types)) return undefined;
  return {
    required: ['type'],
    properties: { type: { enum: typed.flatMap(({ types }) => types ?? []) } },
    allOf: typed.map(({ branch, types }) => ({
      if: { properties: { type: { enum: types } }, required: ['type'] },
      // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
      then: branch,
    })),
  };
}
