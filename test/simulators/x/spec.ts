/** How requests are checked against the official description of the X API. */

/** Where we differ from the description on purpose. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'GET /2/users/{id}/tweets tweet.fields':
    'the name before August 2026, which prose and libraries still use; the new name is tried when it is refused or ignored',
  'GET /2/tweets/{id} tweet.fields':
    'the name before August 2026, which prose and libraries still use; the new name is tried when it is refused or ignored',
};

export const X_SPEC = { network: 'x', exceptions: EXCEPTIONS };
