import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { notify, quietLog } from './scripted-desk.ts';
import { shows, start, types } from './tty-chat.ts';

describe('choices', () => {
  it('presses the button of a number', async () => {
    const started = await start();
    started.terminal.type('/schedule when:fri Same words\r');
    await shows(started, '1\u00A0Post\u00A0anyway  2\u00A0Cancel');
    started.terminal.type('1\r');
    await shows(started, '✓ Scheduled #K7QPD.');
    expect(started.desk.presses).toMatchObject([{ action: 'schedule.anyway:1', identity: 'terminal:local' }]);
    started.terminal.type('1\r');
    await shows(started, 'There is nothing to choose at the moment.');
    expect(started.desk.presses).toHaveLength(1);
  });

  it('names the choices when the number is none of them', async () => {
    const started = await start();
    started.terminal.type('/schedule when:fri Same\r');
    await shows(started, 'Cancel');
    started.terminal.type('7\r');
    await shows(started, 'There is no choice 7. Possible: 1, 2.');
  });

  it('gives a notice that comes in between other numbers', async () => {
    const started = await start();
    started.terminal.type('/schedule when:fri Same\r');
    await shows(started, '2\u00A0Cancel');
    await notify(started.chat.gateway, {
      tone: 'warning',
      blocks: [{ kind: 'text', line: ['Overdue'] }],
      buttons: [[{ label: 'Now', style: 'primary', action: 'overdue.now' }]],
    });
    await shows(started, '3\u00A0Now');
    started.terminal.type('1\r');
    await vi.waitFor(() => expect(started.desk.presses[0]?.action).toBe('schedule.anyway:1'), {
      interval: 2,
    });
    started.terminal.type('3\r');
    await vi.waitFor(() => expect(started.desk.presses[1]?.action).toBe('overdue.now'), { interval: 2 });
  });

  it('asks for text with the present one to edit, and keeps what was being typed', async () => {
    const started = await start();
    started.terminal.type('/edit\r');
    await shows(started, '1\u00A0Words');
    started.terminal.type('1\r');
    await shows(started, 'Words› Hello\\nworld \\\\n');
    expect(started.terminal.screen()).toContain('New words for #K7QPD\nEnter sends');
    started.terminal.type('!\r');
    await shows(started, 'Words are now "Hello\\nworld \\\\n!"');
    expect(started.desk.presses[0]?.answer).toBe('Hello\nworld \\n!');
    // The answer is no message to give again.
    await types(started, '\x1b[A', '› /edit');
  });

  it('lets Ctrl-C leave it as it is, and asks again when the answer is too long', async () => {
    const started = await start();
    started.terminal.type('/edit\r');
    await shows(started, '1\u00A0Words');
    started.terminal.type('1\r');
    await shows(started, 'Words›');
    started.terminal.type(`${'x'.repeat(40)}\r`);
    await shows(started, 'characters; at most 40 are possible');
    await vi.waitFor(() => expect(started.terminal.screen().match(/Words› Hello/g)).toHaveLength(2), {
      interval: 2,
    });
    started.terminal.type('\x03');
    await shows(started, 'nothing was changed.');
    expect(started.desk.presses).toEqual([]);
    expect(started.terminal.cursor()).toEqual({ line: '›', column: 2 });
  });
});

describe('completion', () => {
  it.each([
    ['/sc', '› /schedule'],
    ['/schedule pri', '› /schedule priority:'],
    ['/schedule priority:h', '› /schedule priority:high'],
    ['/schedule to:x when:tom', '› /schedule to:x when:"tomorrow 9:00"'],
    ['/schedule to:x,tu', '› /schedule to:x,tumblr'],
    ['/cancel #M', '› /cancel #M2N3P'],
    ['/cancel post:#k', '› /cancel post:#K7QPD'],
    ['/move K7QPD tom', '› /move K7QPD tomorrow 9:00'],
    ['/qui', '› /quit'],
    ['/post Hello sched', '› /post Hello sched'],
    ['plain wor', '› plain wor'],
  ])('Tab after %s', async (typed, line) => {
    const started = await start();
    await types(started, `${typed}`, `› ${typed}`);
    await types(started, '\t', line);
  });

  it('lists several with what they mean, below the messages, until the next key', async () => {
    const started = await start();
    await types(started, '/cancel post:', '› /cancel post:');
    started.terminal.type('\t');
    await shows(started, '  #K7QPD  Fri 18:30 · Hello world\n  #M2N3P  Sat 9:00 · Bye\n› /cancel post:#');
    await types(started, 'K', '› /cancel post:#K');
    expect(started.terminal.screen()).not.toContain('Sat 9:00');
  });

  it('looks for files of media, into folders and with quotes around blanks', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'carillon-paths-'));
    try {
      mkdirSync(join(folder, 'pictures'));
      writeFileSync(join(folder, 'pictures', 'an owl.png'), '');
      writeFileSync(join(folder, 'pictures', '.hidden'), '');
      const started = await start({ columns: 200 });
      await types(started, `/post media:${folder}/pi\t`, `› /post media:${folder}/pictures/`);
      await types(started, '\t', `› /post media:"${folder}/pictures/an owl.png"`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('shortens a list that the screen has no room for', async () => {
    const started = await start({ rows: 16, columns: 40 });
    started.desk.complete = () =>
      Promise.resolve(
        Array.from({ length: 25 }, (_, index) => ({
          value: `#A${index}`,
          label: 'A label of a good many words, too long',
        })),
      );
    started.terminal.type('/cancel post:\t');
    await shows(started, '  #A7  A label of a good many words,…\n  … 17 more\n› /cancel post:#A');
  });

  it('asks the desk in the name of the person', async () => {
    const started = await start();
    started.terminal.type('/schedule priority:high to:tu\t');
    await vi.waitFor(() => expect(started.desk.completions).toHaveLength(1), { interval: 2 });
    expect(started.desk.completions[0]).toMatchObject({
      identity: 'terminal:local',
      command: 'schedule',
      option: 'to',
      typed: 'tu',
      given: { priority: 'high' },
    });
  });

  it('does not wait for ever', async () => {
    const started = await start();
    let asked: AbortSignal | undefined;
    started.desk.complete = (request) => {
      asked = request.signal;
      return new Promise(() => undefined);
    };
    started.terminal.type('/post to:tu\t');
    await vi.waitFor(() => expect(asked).toBeDefined(), { interval: 2 });
    started.clock.advance(2000);
    await types(started, 'm', '› /post to:tum');
    expect(asked?.aborted).toBe(true);
  });
});

describe('pasting', () => {
  it('takes several lines as one message', async () => {
    const started = await start();
    started.terminal.type('/post to:x ');
    started.terminal.paste('first\r\n\tsecond \\n\n\n/queue\n');
    await shows(started, '/queue');
    expect(started.desk.runs).toEqual([]);
    started.terminal.type('\r');
    await vi.waitFor(() => expect(started.desk.runs).toHaveLength(1), { interval: 2 });
    expect(started.desk.runs[0]?.input).toEqual({ kind: 'text', text: 'to:x first\n\tsecond \\n\n\n/queue' });
  });

  it.each(['word ', '漢字かな ', '👩‍👧 '])('is quick for a long text of %s', async (word) => {
    const started = await start();
    const long = word.repeat(100_000 / word.length);
    const began = performance.now();
    started.terminal.type('/post ');
    started.terminal.paste(long);
    started.terminal.type('\r');
    await vi.waitFor(() => expect(started.desk.runs).toHaveLength(1), { interval: 2, timeout: 10_000 });
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(started.desk.runs[0]?.input).toEqual({ kind: 'text', text: long });
  });
});

describe('history', () => {
  it('is kept over restarts in a file of the owner alone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'carillon-history-'));
    try {
      const historyFile = join(folder, 'deep', 'history');
      const first = await start({ historyFile });
      first.terminal.type('/queue\r');
      await shows(first, '#M2N3P');
      first.terminal.type('/post One\r');
      await shows(first, '│ One');
      first.terminal.type('12\r');
      await shows(first, 'nothing to choose');
      await first.chat.stop();
      expect(readFileSync(historyFile, 'utf8')).toBe('/queue\n/post One\n');
      expect(statSync(historyFile).mode & 0o777).toBe(0o600);
      const second = await start({ historyFile });
      await types(second, '\x1b[A', '› /post One');
      await types(second, '\x1b[A', '› /queue');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is for this run only when the file cannot be used', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'carillon-history-'));
    try {
      writeFileSync(join(folder, 'file'), '');
      const warnings: string[] = [];
      const log = { ...quietLog, warn: (_facts: object, message: string) => void warnings.push(message) };
      const started = await start({ historyFile: join(folder, 'file', 'history'), log });
      started.terminal.type('/queue\r');
      await shows(started, '#M2N3P');
      await types(started, '\x1b[A', '› /queue');
      expect(warnings).toHaveLength(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
