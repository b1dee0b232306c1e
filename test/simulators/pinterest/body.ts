/** Reads what comes with a request, and makes the pictures in it short where their bytes are of no use. */
import { invalid } from './refusal.ts';

/** JSON or a form; undefined where there is none, and for what goes to the store. */
export function readBody(contentType: string, raw: Buffer): unknown {
  if (raw.length === 0 || contentType.startsWith('multipart/')) return undefined;
  if (contentType === 'application/json') return JSON.parse(raw.toString('utf8'));
  if (contentType === 'application/x-www-form-urlencoded')
    return Object.fromEntries(new URLSearchParams(raw.toString('utf8')));
  throw invalid(`no body of type ${contentType}`);
}

/** For the record: pictures are told by their length. */
export const told = (body: unknown): unknown => withData(body ?? null, (data) => `${data.length} characters`);

const SAMPLE_CHARACTERS = 100;

/**
 * For the check against the description: pictures by their beginning. Its regular expression for base64 fails over megabytes with
 * “Maximum call stack size exceeded” once a process has so many others that V8 makes them without optimizing: each character
 * then takes a place on a stack that does not grow beyond 64 MB.
 */
export const sampled = (body: unknown): unknown =>
  body === undefined ? undefined : withData(body, (data) => data.slice(0, SAMPLE_CHARACTERS));

/** The same body with something else for each picture in it. */
function withData(body: unknown, replace: (data: string) => string): unknown {
  return JSON.parse(
    JSON.stringify(body, (key, value: unknown) =>
      key === 'data' && typeof value === 'string' ? replace(value) : value,
    ),
  );
}
