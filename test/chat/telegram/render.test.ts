import { describe, expect, it } from 'vitest';
import { renderReply } from '../../../src/chat/telegram/render.ts';
import type { Reply } from '../../../src/core/reply.ts';
import { parseHtml } from '../../simulators/telegram/html.ts';

const reply = (blocks: Reply['blocks'], more: Partial<Reply> = {}): Reply => ({
  tone: 'info',
  blocks,
  ...more,
});
const visible = (shown: Reply): string => parseHtml(renderReply(shown).html).text;

describe('a reply as Telegram HTML', () => {
  it('draws every kind of piece, with all of a person’s text escaped', () => {
    const at = new Date('2027-01-03T08:00:00Z');
    const { html } = renderReply(
      reply(
        [
          {
            kind: 'text',
            line: ['a < b & ', { kind: 'strong', text: '<b>' }, { kind: 'code', text: '#K7 & "x"' }],
          },
          { kind: 'text', line: [{ kind: 'link', text: 'here', url: 'https://e.com/?a=1&b="2"' }] },
          { kind: 'text', line: [{ kind: 'time', at, text: 'Sun 3 Jan 2027, 09:00 (Europe/Rome)' }] },
          { kind: 'quote', text: 'the <own> words' },
          { kind: 'list', items: [['one'], ['two']] },
          {
            kind: 'rows',
            rows: [
              { mark: 'ok', label: ['x'], detail: ['published'] },
              { mark: 'failed', label: ['tumblr'] },
            ],
          },
        ],
        { tone: 'success', title: ['Done ', { kind: 'code', text: '#K7' }] },
      ),
    );
    expect(html.split('\n')).toEqual([
      '✅ <b>Done </b><code>#K7</code>',
      'a &lt; b &amp; <b>&lt;b&gt;</b><code>#K7 &amp; &quot;x&quot;</code>',
      '<a href="https://e.com/?a=1&amp;b=&quot;2&quot;">here</a>',
      '<tg-time unix="1798963200" format="wDT">Sun 3 Jan 2027, 09:00 (Europe/Rome)</tg-time>',
      '<blockquote>the &lt;own&gt; words</blockquote>',
      '• one',
      '• two',
      '✅ x · published',
      '❌ tumblr',
    ]);
    expect(parseHtml(html).entities.find((entity) => entity.type === 'date_time')).toMatchObject({
      unix_time: 1798963200,
    });
  });

  it('has a sign for every mark and tone, each of its own', () => {
    const marks = ['draft', 'waiting', 'working', 'ok', 'question', 'failed', 'off'] as const;
    const signs = marks.map((mark) => visible(reply([{ kind: 'rows', rows: [{ mark, label: ['x'] }] }])));
    expect(new Set(signs).size).toBe(marks.length);
    expect(visible(reply([], { tone: 'error', title: ['No'] }))).toBe('❌ No');
    expect(visible(reply([{ kind: 'text', line: ['careful'] }], { tone: 'warning' }))).toBe('⚠️ careful');
  });

  it('has no halves of characters, for which Telegram refuses the whole message', () => {
    const { html, keyboard } = renderReply(
      reply([{ kind: 'quote', text: 'a\ud83d b' }], {
        buttons: [[{ label: 'x\udc00', style: 'default', action: 'a.b' }]],
      }),
    );
    expect(html).toBe('<blockquote>a\ufffd b</blockquote>');
    expect(keyboard!.inline_keyboard[0]![0]!.text).toBe('x\ufffd');
  });

  it('is never empty, which Telegram refuses', () => {
    expect(visible(reply([])).trim()).not.toBe('');
    expect(visible(reply([{ kind: 'quote', text: '  ' }])).trim()).not.toBe('');
  });

  it('makes no link of what is no web address', () => {
    expect(
      renderReply(reply([{ kind: 'text', line: [{ kind: 'link', text: 'x', url: 'javascript:alert(1)' }] }]))
        .html,
    ).toBe('x (javascript:alert(1))');
  });

  it('fences in marks that turn the direction of writing', () => {
    const line = ['name ', 'evil\u202Etxet', ' after'];
    expect(visible(reply([{ kind: 'text', line }]))).toBe('name \u2068evil\u202Etxet\u2069 after');
  });

  it('draws the rows of buttons, and refuses an action that Telegram cannot carry', () => {
    const button = { label: 'Go', style: 'success', action: 'post.go:K7QPD' } as const;
    expect(renderReply(reply([], { buttons: [[button], []] })).keyboard).toEqual({
      inline_keyboard: [[{ text: 'Go', callback_data: 'post.go:K7QPD', style: 'success' }]],
    });
    expect(renderReply(reply([], { buttons: [[]] })).keyboard).toBeUndefined();
    expect(() => renderReply(reply([], { buttons: [[{ ...button, action: 'ä'.repeat(33) }]] }))).toThrow(
      '66 bytes',
    );
  });
});

describe('a reply that is too long', () => {
  it('shortens the quote first and says how much is missing', () => {
    const words = 'word & '.repeat(2_000);
    const shown = visible(
      reply([
        { kind: 'text', line: ['Scheduled'] },
        { kind: 'quote', text: words },
        { kind: 'text', line: ['the end'] },
      ]),
    );
    expect(shown.length).toBeLessThanOrEqual(4096);
    expect(shown.length).toBeGreaterThan(4000);
    expect(shown).toMatch(/^Scheduled\n/);
    expect(shown).toMatch(/\nthe end$/);
    const missing = Number(/… \(([\d,]+) more characters\)/.exec(shown)![1]!.replace(',', ''));
    const kept = shown.split('\n')[1]!.split('…')[0]!;
    // The blank at the cut is trimmed and counted as neither.
    expect(words.length - (kept.length + missing)).toBeLessThanOrEqual(1);
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
    'cuts no tag, entity or visible character in two (%i)',
    (shift) => {
      const family = '👩‍👩‍👧‍👦';
      const words = `${'x'.repeat(shift)}${`${family}<&>`.repeat(600)}`;
      const shown = visible(reply([{ kind: 'quote', text: words }]));
      expect(shown.length).toBeLessThanOrEqual(4096);
      const kept = shown.slice(0, shown.indexOf('…'));
      expect(words.startsWith(kept)).toBe(true);
      expect(kept.slice(shift).replaceAll(family, '').replace(/[<&>]/g, '')).toBe('');
    },
  );

  it('shortens long lines, then leaves out the last ones, and says so', () => {
    const line = visible(
      reply([
        { kind: 'text', line: ['y'.repeat(100_000)] },
        { kind: 'text', line: ['the end'] },
      ]),
    );
    expect(line.length).toBeLessThanOrEqual(4096);
    expect(line).toMatch(/more characters\)\nthe end$/);
    const rows = Array.from({ length: 500 }, (_, index) => ({
      mark: 'ok' as const,
      label: [`account number ${index}`],
    }));
    const list = visible(reply([{ kind: 'rows', rows }]));
    expect(list.length).toBeLessThanOrEqual(4096);
    const shown = list.split('\n').length - 1;
    expect(list).toContain(`… ${500 - shown} more lines do not fit`);
  });

  it('folds a long quote and leaves a short one open', () => {
    expect(renderReply(reply([{ kind: 'quote', text: 'z'.repeat(500) }])).html).toMatch(
      /^<blockquote expandable>/,
    );
    expect(renderReply(reply([{ kind: 'quote', text: 'z' }])).html).toMatch(/^<blockquote>/);
  });
});
