/** How requests are checked against the official description of the Pinterest API. */

/** Where the description contradicts itself. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'GET /pins/{pin_id}/analytics metric_types':
    'each name must be in exactly one of two lists, and the lists share most names; pins.ts checks them',
};

export const PINTEREST_SPEC = { network: 'pinterest', base: '/v5', exceptions: EXCEPTIONS };
