/** What PCRE's tokens are in JavaScript's `u` mode. PCRE's classes are ASCII only, also in UTF mode. */
export const AT_END = '(?![^])';
/** End of the subject, or before a newline that ends it. */
export const AT_DOLLAR = '(?=\\n?(?![^]))';
/** After a newline, but not after one that ends the subject; or at its start. */
export const AT_LINE_START = '(?:(?<![^])|(?<=\\n)(?=[^]))';

/** Escapes outside and inside classes. PCRE's classes are ASCII only, also in UTF mode. */
export const ESCAPES: Readonly<Record<string, string>> = {
  s: '[\\t\\n\\v\\f\\r ]',
  S: '[^\\t\\n\\v\\f\\r ]',
  h: '[\\t \\u00a0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000]',
  R: '(?:\\r\\n|[\\n\\v\\f\\r\\u0085\\u2028\\u2029])',
  N: '[^\\n]',
  A: '(?<![^])',
  z: AT_END,
  Z: AT_DOLLAR,
  a: '\\x07',
  e: '\\x1b',
};
export const CLASS_ESCAPES: Readonly<Record<string, string>> = {
  s: '\\t\\n\\v\\f\\r ',
  h: '\\t \\u00a0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000',
  b: '\\x08',
  a: '\\x07',
  e: '\\x1b',
};
export const SAME_IN_BOTH = new Set([...'dDwWbBnrtfv']);
export const SAME_IN_CLASS = new Set([...'dDwWnrtfv']);
export const POSIX: Readonly<Record<string, string>> = {
  alpha: 'a-zA-Z',
  digit: '0-9',
  alnum: 'a-zA-Z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\t\\n\\v\\f\\r ',
  blank: '\\t ',
  punct: '!-\\/:-@\\[-`\\{-~',
  xdigit: '0-9A-Fa-f',
  word: '\\w',
  cntrl: '\\x00-\\x1f\\x7f',
  print: ' -~',
  graph: '!-~',
};
