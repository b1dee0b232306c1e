/** Refusals in the form that Pinterest uses. */
import { Refusal } from '../refusal.ts';

export const refusal = (status: number, code: number, message: string, headers = {}): Refusal =>
  new Refusal(status, { code, message }, headers);

export const invalid = (message: string): Refusal => refusal(400, 1, message);
export const expired = (): Refusal => refusal(401, 2, 'Authentication failed.');

/** Unknown fields are refused, though the description does not forbid them: nothing may be sent that it does not name. */
export function only(where: string, body: unknown, allowed: readonly string[]): Record<string, unknown> {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalid(`${where} must be an object`);
  for (const name of Object.keys(body))
    if (!allowed.includes(name)) throw invalid(`${where} has no field ${name}`);
  return body as Record<string, unknown>;
}
