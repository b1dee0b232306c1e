import { describe, expect, it, vi } from 'vitest';
import { card, notify } from './scripted-desk.ts';
import { from, lacks, shows, start, types } from './tty-chat.ts';

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
