/** Refusals in the forms that X uses. */
import { Refusal } from '../refusal.ts';

const PROBLEMS = 'https://api.x.com/2/problems';

export function problem(status: number, type: string, title: string, detail: string): unknown {
  return { type: type === 'about:blank' ? type : `${PROBLEMS}/${type}`, title, detail, status };
}

/** 400 with the parameters that are wrong, as the API words it. */
export function invalid(parameter: string, found: unknown, message: string): Refusal {
  return new Refusal(400, {
    errors: [{ parameters: { [parameter]: [String(found)] }, message }],
    title: 'Invalid Request',
    detail: 'One or more parameters to your request was invalid.',
    type: `${PROBLEMS}/invalid-request`,
  });
}

export const unauthorized = (): Refusal =>
  new Refusal(401, problem(401, 'about:blank', 'Unauthorized', 'Unauthorized'));

export const forbidden = (detail: string): Refusal =>
  new Refusal(403, problem(403, 'about:blank', 'Forbidden', detail));

export const notFound = (what: string, value: string): Refusal =>
  new Refusal(
    404,
    problem(404, 'resource-not-found', 'Not Found Error', `Could not find ${what} with id: [${value}].`),
  );
