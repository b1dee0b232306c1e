import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  createTerminalFrontEnd,
  type TerminalFrontEnd,
  type TerminalOptions,
} from '../../../src/chat/terminal/index.ts';
import { createManualClock, createSeededRandom } from '../../helpers/manual-clock.ts';
import { card, createScriptedDesk, notify, quietLog, type ScriptedDesk } from './scripted-desk.ts';
import { VirtualTerminal } from './virtual-terminal.ts';

interface Chat {
  terminal: VirtualTerminal;
  desk: ScriptedDesk;
  chat: TerminalFrontEnd;
  clock: ReturnType<typeof createManualClock>;
}

const open: Chat[] = [];

async function start(
  options: Partial<TerminalOptions> & { columns?: number; rows?: number } = {},
): Promise<Chat> {
  const { columns = 60, rows = 40, ...rest } = options;
  const terminal = new VirtualTerminal(columns, rows);
  const clock = createManualClock();
  const chat = createTerminalFrontEnd({
    input: terminal.input,
    output: terminal,
    clock,
    random: createSeededRandom(),
    log: quietLog,
    colour: false,
    ...rest,
  });
  const desk = createScriptedDesk();
  await chat.start(desk);
  const started = { terminal, desk, chat, clock };
  open.push(started);
  await shows(started, '/quit leaves');
  await vi.waitFor(() => expect(terminal.cursor()).toEqual({ line: '›', column: 2 }), { interval: 2 });
  return started;
}

const shows = ({ terminal }: Chat, words: string): Promise<void> =>
  vi.waitFor(() => expect(terminal.screen()).toContain(words), { interval: 2, timeout: 5000 });
const lacks = ({ terminal }: Chat, words: string): Promise<void> =>
  vi.waitFor(() => expect(terminal.screen()).not.toContain(words), { interval: 2, timeout: 5000 });
/** The line being typed, the prompt included. */
const types = async (started: Chat, keys: string, line: string): Promise<void> => {
  started.terminal.type(keys);
  await vi.waitFor(() => expect(started.terminal.screen().split('\n').at(-1)).toBe(line), {
    interval: 2,
    timeout: 5000,
  });
};
const from = ({ terminal }: Chat, words: string): string =>
  terminal.screen().slice(terminal.screen().indexOf(words));

afterEach(async () => {
  for (const { chat, desk } of open.splice(0)) {
    desk.release();
    await chat.stop();
  }
});

describe('a chat on a terminal', () => {
  it('begins with what it is, three examples and the way to help', async () => {
    const started = await start({ columns: 80 });
    expect(started.terminal.screen()).toBe(
      [
        'Carillon',
        'Write a post here, say when, and it goes out on time. For example:',
        '• /post to:x Hello world',
        '• /schedule to:x,tumblr when:"tomorrow 9:00" Hello world',
        '• /queue',
        '/help shows every command · Tab completes · /quit leaves',
        '',
        '›',
      ].join('\n'),
    );
    expect(started.terminal.input.isRaw).toBe(true);
    expect(started.chat.status()).toEqual({ state: 'ready' });
  });

  it('hands a command to the desk and shows the reply above the prompt', async () => {
    const started = await start();
    started.terminal.type('/post to:x Hello\\nworld\r');
    await shows(started, '◷ tumblr');
    expect(from(started, '› /post')).toBe(
      [
        '› /post to:x Hello\\nworld',
        'Post #K7QPD',
        '│ Hello',
        '│ world',
        '◷ x @acme           now',
        '◷ tumblr acme-blog  now',
        '',
        '›',
      ].join('\n'),
    );
    expect(started.desk.runs[0]).toMatchObject({
      identity: 'terminal:local',
      name: 'you',
      conversation: { frontend: 'terminal', id: 'local', kind: 'direct' },
      command: 'post',
      input: { kind: 'text', text: 'to:x Hello\nworld' },
      media: [],
    });
  });

  it('hints how to post plain words', async () => {
    const started = await start({ columns: 120 });
    started.terminal.type('Good morning\r');
    await shows(
      started,
      'Nothing was posted: a command begins with a slash. To post these words now, type /post Good morning',
    );
    expect(started.desk.runs).toEqual([]);
  });

  it('colours only when it may', async () => {
    const coloured = await start({ colour: true });
    coloured.terminal.type('/nonsense\r');
    await shows(coloured, '✗ There is no command /nonsense.');
    expect(coloured.terminal.raw).toContain('\x1b[31m✗ \x1b[0m');
    const plain = await start();
    plain.terminal.type('/nonsense\r');
    await shows(plain, '✗ There is no command /nonsense.');
    expect(plain.terminal.raw).not.toMatch(/\x1b\[[\d;]*m/);
  });

  it('cannot be controlled by the text of a post', async () => {
    const started = await start();
    started.desk.answers.queue = () => ({
      tone: 'info',
      title: ['\x1b]0;owned\x07', { kind: 'strong', text: '\x9b2J' }],
      blocks: [
        { kind: 'quote', text: 'a\x1b[2Jb\rc\u202Egnp' },
        {
          kind: 'rows',
          rows: [
            {
              mark: 'ok',
              label: ['\x1bc'],
              detail: [{ kind: 'link', text: 'x', url: 'https://a.example/\x1b[A' }],
            },
          ],
        },
      ],
      buttons: [[{ label: 'Go\x1b[1A\n', style: 'primary', action: 'a.b' }]],
    });
    started.terminal.type('/queue\r');
    await shows(started, 'Go');
    expect(from(started, '␛]0')).toBe(
      [
        '␛]0;owned␇<U+009B>2J',
        '│ a␛[2Jb',
        '│ c<U+202E>gnp',
        '✓ ␛c  x https://a.example/␛[A',
        '1 Go␛[1A',
        '',
        '›',
      ]
        .join('\n')
        .replace('1 Go', '1\u00A0Go'),
    );
  });
});

describe('cards and notices', () => {
  const done = (words: string) =>
    card('K7QPD', words, [
      ['x @acme', 'ok', 'published'],
      ['tumblr acme-blog', 'failed', 'refused'],
    ]);

  it('reports where a card stands and draws it anew in its place, the line being typed untouched', async () => {
    const started = await start();
    started.terminal.type('/post Hello\r');
    await shows(started, '◷ tumblr');
    started.terminal.type('/queue\r');
    await shows(started, '• #M2N3P');
    const { message, postId } = started.desk.placed[0]!;
    expect(postId).toBe('K7QPD');
    await types(started, 'half a li\x1b[D\x1b[D', '› half a li');
    await started.chat.gateway.edit(message, done('Hello'));
    expect(from(started, '› /post')).toBe(
      [
        '› /post Hello',
        'Post #K7QPD',
        '│ Hello',
        '✓ x @acme           published',
        '✗ tumblr acme-blog  refused',
        '',
        '› /queue',
        'Queue',
        '• #K7QPD Fri 18:30 Hello',
        '• #M2N3P Sat 9:00 Bye',
        '',
        '› half a li',
      ].join('\n'),
    );
    expect(started.terminal.cursor()).toEqual({ line: '› half a li', column: 9 });
    await types(started, 'X', '› half a Xli');
  });

  it('keeps a line of several rows whole while notices come in', async () => {
    const started = await start({ columns: 30 });
    const typed = 'Many words that need more than one row 漢字漢字 of this narrow terminal, and then some';
    started.terminal.type(typed);
    await shows(started, 'then some');
    const before = from(started, '› Many');
    for (let number = 1; number <= 40; number += 1) {
      await notify(started.chat.gateway, {
        tone: 'success',
        blocks: [{ kind: 'text', line: [`Post ${number} is out`] }],
      });
    }
    expect(from(started, '› Many')).toBe(before);
    expect(started.terminal.screen()).toContain(
      ['✓ Post 39 is out', '', '✓ Post 40 is out', '', '› Many'].join('\n'),
    );
    const order = [...started.terminal.all().matchAll(/Post (\d+) is/g)].map((match) => Number(match[1]));
    expect(order).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    started.terminal.type('\x15\x0bgone\r');
    await shows(started, '› gone\nNothing was posted');
  });

  it('tells what is new in a short block when the card has scrolled away', async () => {
    const started = await start({ rows: 12 });
    started.terminal.type('/post Hello\r');
    await shows(started, '◷ tumblr');
    for (let count = 0; count < 4; count += 1)
      await notify(started.chat.gateway, {
        tone: 'info',
        blocks: [{ kind: 'text', line: [`Notice ${count}`] }],
      });
    const { message } = started.desk.placed[0]!;
    const before = started.terminal.all();
    await started.chat.gateway.edit(
      message,
      card('K7QPD', 'Hello', [
        ['x @acme', 'working', '40 %'],
        ['tumblr acme-blog', 'waiting', 'now'],
      ]),
    );
    expect(started.terminal.all()).toBe(before);
    await started.chat.gateway.edit(message, done('Hello'));
    expect(from(started, '#K7QPD\n✓')).toBe(
      ['#K7QPD', '✓ x @acme           published', '✗ tumblr acme-blog  refused', '', '›'].join('\n'),
    );
    await started.chat.gateway.edit(message, done('Hello'));
    expect(started.terminal.all().match(/published/g)).toHaveLength(1);
  });

  it('does not draw over a screen that was resized or cleared', async () => {
    const started = await start();
    started.terminal.type('/post Hello\r');
    await shows(started, '◷ tumblr');
    started.terminal.resize(50, 30);
    await started.chat.gateway.edit(started.desk.placed[0]!.message, done('Hello'));
    expect(started.terminal.screen()).toContain('◷ tumblr acme-blog  now');
    expect(started.terminal.screen()).toContain('✗ tumblr acme-blog  refused');
  });

  it('shows an edit of a message of an earlier run as a message, and the same notice once', async () => {
    const started = await start();
    const conversation = { frontend: 'terminal', id: 'local', kind: 'direct' } as const;
    await started.chat.gateway.edit({ conversation, messageId: 'OLDRUN-1' }, done('From before'));
    expect(started.terminal.screen()).toContain('│ From before');
    const first = await notify(
      started.chat.gateway,
      { tone: 'info', blocks: [{ kind: 'text', line: ['Once only'] }] },
      'nonce-1',
    );
    const second = await notify(
      started.chat.gateway,
      { tone: 'info', blocks: [{ kind: 'text', line: ['Once only'] }] },
      'nonce-1',
    );
    expect(second).toEqual(first);
    expect(started.terminal.all().match(/Once only/g)).toHaveLength(1);
  });

  it('prints text of the program above the line being typed', async () => {
    const started = await start();
    await types(started, 'typing', '› typing');
    started.chat.print('a log line\x1b[2J\n');
    expect(from(started, 'a log')).toBe('a log line␛[2J\n› typing');
  });
});

describe('progress', () => {
  it('replaces what goes on in place and takes it away at the end', async () => {
    const started = await start();
    started.terminal.type('/slow\r');
    await shows(started, '… Uploading 10 %');
    const request = started.desk.runs[0]!;
    request.progress?.('Uploading 60 %');
    await notify(started.chat.gateway, { tone: 'info', blocks: [{ kind: 'text', line: ['Meanwhile'] }] });
    expect(from(started, '› /slow')).toBe('› /slow\nMeanwhile\n\n… Uploading 60 %\n›');
    started.desk.release();
    await shows(started, 'Slow is done.');
    expect(from(started, '› /slow')).toBe('› /slow\nMeanwhile\n\nSlow is done.\n\n›');
    request.progress?.('too late');
    expect(started.terminal.screen()).not.toContain('too late');
  });

  it('says that work goes on when nothing else does', async () => {
    const started = await start();
    let release: () => void = () => undefined;
    started.desk.answers.queue = () =>
      new Promise((resolve) => (release = () => resolve({ tone: 'info', blocks: [] })));
    started.terminal.type('/queue\r');
    await vi.waitFor(() => expect(started.desk.runs).toHaveLength(1), { interval: 2 });
    expect(started.terminal.screen()).not.toContain('Working');
    started.clock.advance(400);
    await shows(started, '… Working');
    release();
    await lacks(started, 'Working');
  });

  it('takes commands typed meanwhile one after another', async () => {
    const started = await start();
    started.terminal.type('/slow\r/queue\r');
    await shows(started, '… Uploading');
    await shows(started, '› /queue');
    expect(started.desk.runs.map(({ command }) => command)).toEqual(['slow']);
    started.desk.release();
    await shows(started, '• #M2N3P');
    expect(started.terminal.screen().indexOf('Slow is done.')).toBeLessThan(
      started.terminal.screen().indexOf('• #M2N3P'),
    );
  });
});

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

describe('leaving', () => {
  const ends = async ({ chat, terminal }: Chat): Promise<void> => {
    await chat.ended;
    expect(terminal.screen()).toMatch(/Goodbye\. [^›]*$/);
    expect(terminal.input.isRaw).toBe(false);
    expect(terminal.pasteMode).toBe(false);
    expect(chat.status().state).toBe('down');
  };

  it.each([
    ['/quit', '/quit\r'],
    ['/exit', '/exit\r'],
    ['Ctrl-D', '\x04'],
    ['Ctrl-C twice', '\x03\x03'],
  ])('by %s', async (_, keys) => {
    const started = await start();
    started.terminal.type(keys);
    await ends(started);
  });

  it('clears the line with the first Ctrl-C and says how to leave', async () => {
    const started = await start();
    await types(started, 'half', '› half');
    started.terminal.type('\x03');
    await shows(started, 'Line cleared. Ctrl-C again, or /quit, leaves Carillon.\n›');
    await types(started, 'x', '› x');
    expect(started.terminal.screen()).not.toContain('Line cleared');
    started.terminal.type('\x03');
    await shows(started, 'Line cleared');
    started.terminal.type('\x03');
    await ends(started);
  });

  it('by Ctrl-D under a hint, and in the middle of a question', async () => {
    const hinted = await start();
    hinted.terminal.type('\x03');
    await shows(hinted, 'Ctrl-C again');
    hinted.terminal.type('\x04');
    await ends(hinted);
    expect(hinted.terminal.screen()).not.toContain('Ctrl-C again');
    const asked = await start();
    asked.terminal.type('/edit\r');
    await shows(asked, '1\u00A0Words');
    asked.terminal.type('1\r');
    await shows(asked, 'Words›');
    await asked.chat.stop();
    expect(asked.terminal.screen()).toMatch(/No answer was given; nothing was changed\.\n\nGoodbye/);
    expect(asked.desk.presses).toEqual([]);
  });

  it('stops the command in hand with Ctrl-C first', async () => {
    const started = await start();
    started.terminal.type('/slow\r');
    await shows(started, 'Uploading');
    started.terminal.type('\x03');
    await shows(started, 'Stopped.');
    expect(started.chat.status().state).toBe('ready');
  });

  it('answers what was typed before Ctrl-D', async () => {
    const started = await start();
    started.terminal.type('/slow\r/queue\r\x04');
    await vi.waitFor(() => expect(started.desk.runs).toHaveLength(1), { interval: 2 });
    started.desk.release();
    await ends(started);
    expect(started.desk.runs.map(({ command }) => command)).toEqual(['slow', 'queue']);
  });

  it('ends what is in hand when it is stopped, and no more', async () => {
    const started = await start();
    started.terminal.type('/slow\r/queue\r');
    await shows(started, '… Uploading');
    const stopped = started.chat.stop();
    started.desk.release();
    await stopped;
    expect(started.terminal.all()).toContain('Slow is done.');
    expect(started.desk.runs.map(({ command }) => command)).toEqual(['slow']);
  });

  it('shows notices that come after it', async () => {
    const started = await start();
    started.terminal.type('\x04');
    await ends(started);
    await notify(started.chat.gateway, {
      tone: 'success',
      blocks: [{ kind: 'text', line: ['One more is out'] }],
    });
    expect(started.terminal.screen()).toMatch(/✓ One more is out$/);
  });
});

describe('faults', () => {
  it('lives on when the desk fails', async () => {
    const started = await start();
    started.desk.run = () => Promise.reject(new Error('database on fire'));
    started.terminal.type('/queue\r');
    await shows(started, '✗ Something went wrong inside Carillon.');
    expect(started.terminal.screen()).not.toContain('on fire');
    expect(started.chat.status().state).toBe('ready');
  });
});
