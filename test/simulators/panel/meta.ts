/** How both networks of Meta refuse. */
import type { GraphServers } from '../meta/graph.ts';
import { graphError } from '../meta/refusal.ts';
import type { SimulatedNetwork } from './network.ts';

/** Meta names minutes, in a header: https://developers.facebook.com/docs/graph-api/overview/rate-limiting */
export function metaRateLimited(type: string, code: number): SimulatedNetwork['rateLimited'] {
  return (until) => {
    const minutes = Math.max(1, Math.ceil((until.getTime() - Date.now()) / 60_000));
    const usage = { type, call_count: 100, total_time: 10, total_cputime: 10 };
    const business = { '1': [{ ...usage, estimated_time_to_regain_access: minutes }] };
    return {
      do: 'answer',
      status: 400,
      body: graphError({ code, message: 'There have been too many calls to this account.' }),
      headers: { 'x-business-use-case-usage': JSON.stringify(business) },
    };
  };
}

export const metaServerError: SimulatedNetwork['serverError'] = {
  do: 'answer',
  status: 500,
  body: graphError({ code: 2, message: 'An unexpected error has occurred.', is_transient: true }),
};

/** https://developers.facebook.com/docs/graph-api/guides/error-handling: 463 expired, 460 the password was changed. */
export function metaTokens(servers: GraphServers): SimulatedNetwork['lasting'] {
  const refuse = (error_subcode: number, message: string) => () =>
    servers.refuseAll({ code: 190, error_subcode, message });
  return {
    'expired token': refuse(463, 'Error validating access token: Session has expired.'),
    'revoked token': refuse(460, 'The session has been invalidated because the password was changed.'),
  };
}
