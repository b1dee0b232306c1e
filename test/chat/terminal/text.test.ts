import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { commandFromOneLine, fromOneLine, toOneLine } from '../../../src/chat/terminal/escapes.ts';
import { paintPlain, wrapLine } from '../../../src/chat/terminal/layout.ts';
import { KeyStream, PASTE_END, pasteAsLine } from '../../../src/chat/terminal/paste.ts';
import { safeText } from '../../../src/chat/terminal/safe-text.ts';
import { cutToWidth, displayWidth } from '../../../src/chat/terminal/width.ts';
import { parseCommandText } from '../../../src/core/command-text.ts';
import { COMMANDS } from './scripted-desk.ts';

describe('displayWidth', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['é', 1],
    ['e\u0301', 1],
    ['漢字', 4],
    ['한글', 4],
    ['ｱ', 1],
    ['Ａ', 2],
    ['😀', 2],
    ['👩‍👧', 2],
    ['🇮🇹', 2],
    ['❤', 1],
    ['❤\uFE0F', 2],
    ['1\uFE0F⃣', 2],
    ['✓ ok', 4],
    ['שלום', 4],
    ['ทำ', 2],
    ['a\u200Db', 2],
    ['…–│›', 4],
  ])('%s is %i wide', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  it('cuts between signs, never inside one', () => {
    expect(cutToWidth('ab漢字👩‍👧c', 3)).toEqual(['ab', '漢', '字', '👩‍👧c']);
    expect(cutToWidth('', 3)).toEqual(['']);
  });
});

describe('wrapLine', () => {
  const wrap = (text: string, columns: number, lead = '', hanging = '') =>
    wrapLine(
      {
        lead: { text: lead, style: 'plain' },
        hanging: { text: hanging, style: 'plain' },
        spans: [{ text, style: 'plain' }],
      },
      columns,
      paintPlain,
    );

  it('breaks between words, hangs what follows, and cuts a word that is too long', () => {
    expect(wrap('one two three four', 15, '• ', '  ')).toEqual(['• one two', '  three four']);
    expect(wrap('abcdefghijklmnop', 11)).toEqual(['abcdefghij', 'klmnop']);
    expect(wrap('漢字漢字漢字', 11)).toEqual(['漢字漢字漢', '字']);
  });

  it('keeps line breaks, empty lines and indentation', () => {
    expect(wrap('one\n\n  two', 20, '│ ', '│ ')).toEqual(['│ one', '│', '│   two']);
  });

  it('keeps every row within the columns', () => {
    for (let columns = 12; columns < 60; columns += 7) {
      for (const row of wrap(
        'Ein längerer Satz 漢字漢字漢字 mit 👩‍👧👩‍👧👩‍👧 und https://a.example/so-long-that-it-does-not-fit-anywhere',
        columns,
        '│ ',
        '│ ',
      )) {
        expect(displayWidth(row)).toBeLessThan(columns);
      }
    }
  });
});

describe('safeText', () => {
  it('leaves nothing that a terminal obeys', () => {
    const all = String.fromCodePoint(...Array.from({ length: 0x2100 }, (_, index) => index));
    expect(safeText(all)).not.toMatch(/[\0-\x09\x0B-\x1F\x7F-\x9F\u2028\u2029\u202A-\u202E\u2066-\u2069]/);
    expect(safeText('\ud800')).toBe('<U+D800>');
  });

  it('leaves words of any script alone', () => {
    const words = 'Ünï — 漢字 שלום \u200Fعربي 👩‍👧 می\u200Cخواهم';
    expect(safeText(words)).toBe(words);
  });
});

describe('one line for several', () => {
  it.each([
    'plain',
    'a\nb\n\nc',
    'back\\slash',
    'C:\\new\\table',
    '\\n',
    '\\\\n',
    'ends with \\',
    '\\\n',
    '\\\\\n\\n\n',
    '\\x\\\\x',
  ])('gives %j back', (text) => {
    expect(toOneLine(text)).not.toContain('\n');
    expect(fromOneLine(toOneLine(text))).toBe(text);
  });

  it('leaves backslashes alone that stand for nothing', () => {
    expect(fromOneLine('¯\\_(ツ)_/¯ \\o/')).toBe('¯\\_(ツ)_/¯ \\o/');
  });

  const post = COMMANDS.find(({ name }) => name === 'post')!;
  const read = (typed: string) => parseCommandText(post, commandFromOneLine(post.options, typed));

  it('breaks lines in words, not in paths', () => {
    expect(read('media:C:\\new.png alt:"two\\nlines \\"x\\"" to:x One\\nTwo \\\\n')).toEqual({
      media: ['C:\\new.png'],
      alt: ['two\nlines "x"'],
      to: 'x',
      text: 'One\nTwo \\n',
    });
    expect(read('media:"C:\\new folder\\n.png" x')).toEqual({ media: ['C:\\new folder\\n.png'], text: 'x' });
    expect(read('alt:"a \\\\n b" x')).toEqual({ alt: ['a \\n b'], text: 'x' });
  });
});

describe('pastes', () => {
  async function keys(
    ...chunks: (string | Buffer)[]
  ): Promise<{ keys: string; pastes: (string | undefined)[] }> {
    const terminal = new PassThrough();
    const stream = new KeyStream(terminal);
    for (const chunk of chunks) terminal.write(chunk);
    terminal.end();
    const seen = (await stream.toArray()).map(String).join('');
    return {
      keys: seen,
      pastes: Array.from({ length: seen.split(PASTE_END).length - 1 }, () => stream.takePaste()),
    };
  }

  it('stand in their place among the keys', async () => {
    expect(await keys('ab\x1b[200~one\ntwo\x1b[201~cd\x1b[200~x\x1b[201~')).toEqual({
      keys: `ab${PASTE_END}cd${PASTE_END}`,
      pastes: ['one\ntwo', 'x'],
    });
  });

  it('are found wherever the chunks are cut', async () => {
    const whole = Buffer.from('é\x1b[200~漢\x1b[A字\n\x1b[201~\x1b[A');
    for (let at = 1; at < whole.length; at += 1) {
      const cut = await keys(whole.subarray(0, at), whole.subarray(at));
      // A cut right after Escape cannot be told from the Escape key, which must not wait for the next one.
      if (whole[at - 1] === 0x1b && whole[at] === 0x5b && whole[at + 1] === 0x32) continue;
      expect(cut).toEqual({ keys: `é${PASTE_END}\x1b[A`, pastes: ['漢\x1b[A字\n'] });
    }
  });

  it('become one line without control characters', () => {
    expect(pasteAsLine('one\r\ntwo\rC:\\new\n\n')).toBe('one\\ntwo\\nC:\\\\new');
    expect(pasteAsLine('/post a\\nb\n')).toBe('/post a\\nb');
    expect(pasteAsLine('a\x1b[31mb\x07')).toBe('a[31mb');
  });
});
