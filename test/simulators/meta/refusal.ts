/** Refusals in the form of the Graph API. */
import { Refusal } from '../refusal.ts';

export interface GraphError {
  readonly message?: string;
  readonly code: number;
  readonly error_subcode?: number;
  readonly is_transient?: boolean;
  readonly error_user_msg?: string;
}

/** A body as the Graph API writes it. */
export function graphError({ message = 'Something was wrong.', ...error }: GraphError): unknown {
  return { error: { message, type: 'OAuthException', ...error, fbtrace_id: 'AbC123' } };
}

export const refuse = (code: number, message: string, more: Partial<GraphError> = {}): Refusal =>
  new Refusal(code === 190 ? 401 : 400, graphError({ code, message, ...more }));

export const unknownObject = (id: string): Refusal =>
  refuse(
    100,
    `Unsupported get request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions`,
    {
      error_subcode: 33,
    },
  );

/** The upload hosts have a form of their own. */
export const refuseBytes = (type: string, message: string, retriable: boolean, status = 400): Refusal =>
  new Refusal(status, { debug_info: { retriable, type, message } });
