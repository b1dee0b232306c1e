// Regular expressions as PCRE understands them.
import { itMatches, regex } from './matching.ts';

itMatches([
  [
    '$regex',
    { a: { $regex: '^ab', $options: 'i' } },
    [{ a: 'ABC' }, { a: ['x', 'abc'] }],
    [{ a: 'xab' }, { a: 1 }],
  ],
  ['$regex with $in', { a: { $regex: 'b', $in: ['ab', 'c'] } }, [{ a: 'ab' }], [{ a: 'c' }, { a: 'b' }]],
  [
    'a BSON regular expression',
    { a: regex('b.d', 's') },
    [{ a: 'b\nd' }, { a: regex('b.d', 's') }],
    [{ a: 'bd' }, { a: regex('b.d') }],
  ],
  ['inline flags', { a: regex('(?i)abc') }, [{ a: 'xABC' }], [{ a: 'xyz' }]],
  [
    'a dot stops at a newline only',
    { a: regex('a.c') },
    [{ a: 'a\u2028c' }, { a: 'a\rc' }, { a: 'a\u{1f600}c' }],
    [{ a: 'a\nc' }],
  ],
  [
    'a dollar matches before a last newline',
    { a: regex('c$') },
    [{ a: 'abc' }, { a: 'abc\n' }],
    [{ a: 'abc\n\n' }, { a: 'c\nd' }],
  ],
  ['multiline', { a: regex('^b$', 'm') }, [{ a: 'a\nb\nc' }], [{ a: 'a\u2028b' }]],
  ['extended', { a: regex('a b # c\n c', 'x') }, [{ a: 'abc' }], [{ a: 'a b c' }]],
  [
    'PCRE escapes',
    { a: regex('\\Aa\\h\\Q.*\\E[[:digit:]]\\z') },
    [{ a: 'a .*7' }],
    [{ a: 'a .*7\n' }, { a: 'a xx7' }],
  ],
  ['an escaped ordinary character', { a: regex('a\\-b\\_c\\/') }, [{ a: 'a-b_c/' }], [{ a: 'ab_c/' }]],
  ['braces as literals', { a: regex('{x}]') }, [{ a: '{x}]' }], [{ a: 'x' }]],
  ['named group and back reference', { a: regex('(?P<q>["\'])x\\1') }, [{ a: '"x"' }], [{ a: '"x\'' }]],
]);
