/** Refusals in the form that Tumblr uses. */
import { Refusal } from '../refusal.ts';

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Limit Exceeded',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

export function refusal(status: number, title: string, code = 0, headers = {}): Refusal {
  const msg = REASONS[status] ?? 'Error';
  return new Refusal(
    status,
    { meta: { status, msg }, response: [], errors: [{ title: msg, code, detail: title }] },
    headers,
  );
}

export const invalid = (what: string): Refusal => refusal(400, what, 8001);
export const notFound = (): Refusal => refusal(404, 'That post or blog does not exist.');
export const unauthorized = (): Refusal => refusal(401, 'Unable to authorize');

/** Unknown fields are refused: nothing may be sent that the documentation does not name. */
export function only(where: string, body: unknown, allowed: readonly string[]): Record<string, unknown> {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalid(`${where} must be an object`);
  for (const name of Object.keys(body))
    if (!allowed.includes(name)) throw invalid(`${where} has no field ${name}`);
  return body as Record<string, unknown>;
}
