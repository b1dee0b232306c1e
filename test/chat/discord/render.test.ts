/** Replies as Discord messages: everything literal, everything within Discord's limits, nothing left out in silence. */
import { describe, expect, it } from 'vitest';
import { escapeText } from '../../../src/chat/discord/markdown.ts';
import { render } from '../../../src/chat/discord/render.ts';
import type { Button, Reply } from '../../../src/core/reply.ts';
import { messageFaults } from '../../simulators/discord/message-rules.ts';
import { schemaFaults } from '../../simulators/discord/schema.ts';
import { asRead } from '../../simulators/discord/view.ts';

interface Drawn {
  accent: number | undefined;
  text: string;
  rows: { label?: string; custom_id?: string; style: number }[][];
}

function draw(reply: Partial<Reply>, notes: string[] = []): Drawn {
  const body = render({ tone: 'info', blocks: [], ...reply }, notes);
  expect(schemaFaults('post', '/channels/{channel_id}/messages', body)).toEqual([]);
  expect(messageFaults(body as unknown as Record<string, unknown>)).toEqual([]);
  const [container] = body.components;
  const parts = container?.components as unknown as {
    type: number;
    content: string;
    components: Drawn['rows'][number];
  }[];
  return {
    accent: container?.accent_color as number | undefined,
    text: parts
      .filter(({ type }) => type === 10)
      .map(({ content }) => content)
      .join('\n'),
    rows: parts.filter(({ type }) => type === 1).map(({ components }) => components),
  };
}

const MOMENT = {
  kind: 'time',
  at: new Date('2026-11-25T08:00:00Z'),
  text: 'Wed 25 Nov 2026, 09:00 (Europe/Rome)',
} as const;

describe('a reply', () => {
  it('is one container in the colour of its tone', () => {
    const colours = (['info', 'success', 'warning', 'error'] as const).map((tone) => draw({ tone }).accent);
    expect(new Set(colours).size).toBe(4);
  });

  it('shows times in the reader’s zone, and in a text also in the workspace’s', () => {
    const { text } = draw({ blocks: [{ kind: 'text', line: ['Goes out ', MOMENT] }] });
    expect(text).toBe('Goes out <t:1795593600:F> (<t:1795593600:R>) · Wed 25 Nov 2026, 09:00 (Europe/Rome)');
    const rows = draw({ blocks: [{ kind: 'rows', rows: [{ mark: 'waiting', label: [MOMENT] }] }] });
    expect(rows.text).toBe('🕒 <t:1795593600:F> (<t:1795593600:R>)');
  });

  it('draws titles, quotes, lists, rows, links and code', () => {
    const { text } = draw(
      {
        title: ['Post ', { kind: 'code', text: '#K7QPD' }],
        blocks: [
          { kind: 'quote', text: 'Hello\nworld' },
          {
            kind: 'rows',
            rows: [{ mark: 'ok', label: [{ kind: 'strong', text: 'x' }], detail: ['published'] }],
          },
          { kind: 'list', items: [[{ kind: 'link', text: 'see [it]', url: 'https://x.com/a_(b)?c=%2F d' }]] },
          { kind: 'text', line: [{ kind: 'code', text: 'a`b' }] },
        ],
      },
      ['A note.'],
    );
    expect(text.split('\n')).toEqual([
      '### Post `#K7QPD`',
      '> Hello',
      '> world',
      '✅ **x**',
      '-# published',
      '- [see \\[it\\]](https://x.com/a_%28b%29?c=%2F%20d)',
      '`` a`b ``',
      '-# A note.',
    ]);
  });

  it('is never empty', () => {
    expect(draw({}).text).not.toBe('');
  });
});

describe('a person’s words', () => {
  it.each([
    '**bold** _it_ ~~no~~ `code` ||spoiler||',
    '# heading\n## two\n-# small\n- list\n1. one\n> quote\n>>> all',
    '[click](https://evil.example) <@123> <#45> <t:1:F> </cmd:1> <:e:1>',
    'back\\slash snake_case 2 * 3 * 4',
    'https://example.org/a_b_c*d?e=[f]~g and *after*',
  ])('are shown as they were written: %s', (words) => {
    expect(asRead(escapeText(words))).toBe(words);
    const markup = escapeText(words)
      .replace(/https?:\/\/\S+/g, '')
      .replace(/\\./g, 'E');
    expect(markup).not.toMatch(/[*_~`|<>[\]]/);
    expect(markup).not.toMatch(/^\s*(#{1,3}|-#?|\d+\.) /m);
  });

  it('leave addresses whole', () => {
    expect(escapeText('see https://example.org/a_b_c now')).toBe('see https://example.org/a_b_c now');
  });

  it('cannot turn the line around or hide in it', () => {
    expect(escapeText('a\u202Eb\u2066c\u0000d\r\ne')).toBe('abcd\ne');
  });
});

describe('limits', () => {
  it.each([
    ['plain', 'word '.repeat(20_000)],
    ['markup', '*_~`|<>[]'.repeat(3000)],
    ['lines', '# \n'.repeat(4000)],
    ['emoji', '👩‍👩‍👧‍👦'.repeat(2000)],
    ['one character of many marks', `e${'\u0301'.repeat(9000)}`],
  ])('a long quote (%s) is shortened in the open', (_name, words) => {
    const { text } = draw({
      title: ['Post'],
      blocks: [
        { kind: 'quote', text: words },
        { kind: 'text', line: ['The end.'] },
      ],
    });
    expect(text.length).toBeLessThanOrEqual(4000);
    expect(text).toMatch(/Shown: the first [\d,]+ of [\d,]+ characters\. The post keeps them all\./);
    expect(text.endsWith('The end.')).toBe(true);
  });

  it('a quote that just fits is whole', () => {
    const words = 'x'.repeat(3990);
    expect(draw({ blocks: [{ kind: 'quote', text: words }] }).text).toBe(`> ${words}`);
  });

  it('cuts whole characters only', () => {
    const family = '👩‍👩‍👧‍👦';
    const { text } = draw({ blocks: [{ kind: 'quote', text: family.repeat(2000) }] });
    const [quote = ''] = text.split('\n');
    expect(quote.slice(2, -1).replaceAll(family, '')).toBe('');
  });

  it('several quotes share the room', () => {
    const { text } = draw({
      blocks: [
        { kind: 'quote', text: 'a'.repeat(9000) },
        { kind: 'quote', text: 'b'.repeat(9000) },
      ],
    });
    const [a = 0, b = 0] = ['a', 'b'].map((letter) => text.split(letter).length);
    expect(Math.min(a, b)).toBeGreaterThan(1500);
  });

  it('a list that is too long says how much is missing', () => {
    const items = Array.from({ length: 500 }, (_, index) => [`entry number ${index}`]);
    const { text } = draw({
      blocks: [
        { kind: 'list', items },
        { kind: 'text', line: ['The end.'] },
      ],
    });
    const shown = text.match(/entry number/g)?.length ?? 0;
    expect(text).toContain(`… and ${500 - shown} more that do not fit into one message.`);
    expect(text.endsWith('The end.')).toBe(true);
    expect(text.length).toBeGreaterThan(3500);
  });

  it('a frame that is itself too long is cut', () => {
    const { text } = draw({ blocks: [{ kind: 'text', line: ['y'.repeat(9000)] }] });
    expect(text.length).toBeLessThanOrEqual(4000);
    expect(text.endsWith('…')).toBe(true);
  });

  it('buttons keep their rows while they fit, and are packed when they do not', () => {
    const button = (index: number): Button => ({
      label: `B${index}`,
      style: 'default',
      action: `a.b:${index}`,
    });
    const pairs = draw({ buttons: [[button(1), button(2)], [button(3)]] });
    expect(pairs.rows.map((row) => row.map(({ label }) => label))).toEqual([['B1', 'B2'], ['B3']]);
    const many = draw({ buttons: Array.from({ length: 25 }, (_, index) => [button(index)]) });
    expect(many.rows.map(({ length }) => length)).toEqual([5, 5, 5, 5, 5]);
    const wide = draw({ buttons: [Array.from({ length: 7 }, (_, index) => button(index))] });
    expect(wide.rows.map(({ length }) => length)).toEqual([5, 2]);
  });

  it('long labels are cut and equal actions are one button', () => {
    const [row] = draw({
      buttons: [
        [
          { label: 'L'.repeat(200), style: 'danger', action: 'a.b:1' },
          { label: 'Again', style: 'danger', action: 'a.b:1' },
        ],
      ],
    }).rows;
    expect(row).toMatchObject([{ custom_id: 'a.b:1', style: 4 }]);
    expect(row?.[0]?.label).toHaveLength(80);
  });
});
