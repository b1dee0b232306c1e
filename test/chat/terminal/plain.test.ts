import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { createTerminalFrontEnd, type TerminalFrontEnd } from '../../../src/chat/terminal/index.ts';
import type { Reply } from '../../../src/core/reply.ts';
import type { MessageReference } from '../../../src/core/words.ts';
import { createManualClock, createSeededRandom } from '../../helpers/manual-clock.ts';
import { card, createScriptedDesk, notify, quietLog, type ScriptedDesk } from './scripted-desk.ts';

interface Piped {
  input: PassThrough;
  chat: TerminalFrontEnd;
  desk: ScriptedDesk;
  lines(): string[];
}

async function start(options: { input?: PassThrough; output?: Writable } = {}): Promise<Piped> {
  const input = options.input ?? new PassThrough();
  let written = '';
  const output =
    options.output ??
    new Writable({
      write(chunk, _encoding, done) {
        written += String(chunk);
        done();
      },
    });
  const chat = createTerminalFrontEnd({
    input,
    output,
    clock: createManualClock(),
    random: createSeededRandom(),
    log: quietLog,
    name: 'Ada',
  });
  const desk = createScriptedDesk();
  await chat.start(desk);
  return { input, chat, desk, lines: () => written.split('\n').slice(0, -1) };
}

/** A card stands in the chat: where, and how many lines there are so far. */
async function withCard() {
  const piped = await start();
  piped.input.write('/post Hello\n');
  await vi.waitFor(() => expect(piped.desk.placed).toHaveLength(1), { interval: 2 });
  return { piped, message: piped.desk.placed[0]!.message, shown: piped.lines().length };
}

const notice = (words: string, tone: Reply['tone'] = 'success'): Reply => ({
  tone,
  blocks: [{ kind: 'text', line: [words] }],
});

describe('plain lines', () => {
  it('answers one message a line, in order, without colour or cursor movement', async () => {
    const piped = await start();
    piped.input.end(
      '/post to:x Hello\\nworld\n\n/queue\r\n/nonsense\nplain words\n/schedule when:tomorrow 9:00 Hi\n',
    );
    await piped.chat.ended;
    expect(piped.lines()).toEqual([
      'Post #K7QPD',
      '> Hello',
      '> world',
      '[waiting] x @acme  now',
      '[waiting] tumblr acme-blog  now',
      'Queue',
      '- #K7QPD Fri 18:30 Hello',
      '- #M2N3P Sat 9:00 Bye',
      'Error: There is no command /nonsense.',
      'See /help.',
      'Nothing was posted: a command begins with a slash. To post these words now, type /post plain words',
      'Error: when:tomorrow is only the beginning of a time; “9:00” follows it.',
      'Put a time of several words in quotes: when:"tomorrow 9:00".',
    ]);
    expect(piped.lines().join('')).not.toMatch(/[\x00-\x1f]/);
    expect(piped.desk.runs[0]).toMatchObject({ name: 'Ada', identity: 'terminal:local' });
    expect(piped.chat.status().state).toBe('down');
  });

  it('handles one command after another and ends when the last is answered', async () => {
    const piped = await start();
    let ended = false;
    void piped.chat.ended.then(() => {
      ended = true;
    });
    piped.input.end('/slow\n/queue');
    await vi.waitFor(() => expect(piped.desk.runs).toHaveLength(1), { interval: 2 });
    await notify(piped.chat.gateway, notice('Meanwhile'));
    expect(piped.desk.runs).toHaveLength(1);
    expect(ended).toBe(false);
    piped.desk.release();
    await piped.chat.ended;
    expect(piped.lines()).toEqual([
      'Meanwhile',
      'Slow is done.',
      'Queue',
      '- #K7QPD Fri 18:30 Hello',
      '- #M2N3P Sat 9:00 Bye',
    ]);
  });

  it('has commands in hand together that need not wait for each other, and answers in the order of the lines', async () => {
    const piped = await start();
    const release: (() => void)[] = [];
    piped.desk.answers.later = (request) =>
      new Promise((resolve) => {
        const words = request.input.kind === 'text' ? request.input.text : '';
        release.push(() => resolve(notice(words)));
      });
    piped.input.write('/later one\n/later two\n/later three\n/queue\n/later four\n');
    await vi.waitFor(() => expect(release).toHaveLength(3));
    release[2]?.();
    release[1]?.();
    await new Promise(setImmediate);
    // What came later is done first: it is shown when its turn comes, and the list waits for all of them.
    expect(piped.lines()).toEqual([]);
    expect(piped.desk.runs.map(({ command }) => command)).toEqual(['later', 'later', 'later']);
    release[0]?.();
    await vi.waitFor(() => expect(release).toHaveLength(4));
    release[3]?.();
    piped.input.end();
    await piped.chat.ended;
    expect(piped.lines()).toEqual([
      'one',
      'two',
      'three',
      'Queue',
      '- #K7QPD Fri 18:30 Hello',
      '- #M2N3P Sat 9:00 Bye',
      'four',
    ]);
  });

  it('loses no line of many', async () => {
    const piped = await start();
    const count = 3000;
    piped.desk.answers.queue = () => notice('ok');
    piped.input.end('/queue\n'.repeat(count));
    await piped.chat.ended;
    expect(piped.desk.runs).toHaveLength(count);
    expect(piped.lines()).toHaveLength(count);
  });

  it('presses by number and takes the next line as the answer', async () => {
    const piped = await start();
    piped.input.end('1\n/schedule when:fri Same\n1\n/edit\n1\nNew\\nwords\n/edit\n1\n');
    await piped.chat.ended;
    expect(piped.lines()).toEqual([
      'Warning: There is nothing to choose at the moment. Numbers answer the choices that a reply offers.',
      'Warning: The same words are queued for x already',
      '> Same',
      'They go out fri',
      '1 Post anyway  2 Cancel',
      'Scheduled #K7QPD.',
      'What is to change?',
      '1 Words',
      'New words for #K7QPD',
      '> Hello',
      '> world \\n',
      'The next line is the answer (Words).',
      'Words are now "New\\nwords".',
      'What is to change?',
      '1 Words',
      'New words for #K7QPD',
      '> Hello',
      '> world \\n',
      'The next line is the answer (Words).',
      'No answer was given; nothing was changed.',
    ]);
    expect(piped.desk.presses.map(({ action, answer }) => [action, answer])).toEqual([
      ['schedule.anyway:1', undefined],
      ['edit.words:K7QPD', 'New\nwords'],
    ]);
  });

  it('prints of an edited card what has changed, and nothing that only moves', async () => {
    const { piped, message, shown } = await withCard();
    const edit = (states: Parameters<typeof card>[2]) =>
      piped.chat.gateway.edit(message, card('K7QPD', 'Hello', states));
    await edit([
      ['x @acme', 'working', 'uploading 10 %'],
      ['tumblr acme-blog', 'waiting', 'now'],
    ]);
    await edit([
      ['x @acme', 'working', 'uploading 90 %'],
      ['tumblr acme-blog', 'waiting', 'now'],
    ]);
    await edit([
      ['x @acme', 'ok', 'https://x.com/1'],
      ['tumblr acme-blog', 'working', 'sending'],
    ]);
    await edit([
      ['x @acme', 'ok', 'https://x.com/1'],
      ['tumblr acme-blog', 'waiting', 'again at 10:05'],
    ]);
    await edit([
      ['x @acme', 'ok', 'https://x.com/1'],
      ['tumblr acme-blog', 'failed', 'refused'],
    ]);
    await edit([
      ['x @acme', 'ok', 'https://x.com/1'],
      ['tumblr acme-blog', 'failed', 'refused'],
    ]);
    expect(piped.lines().slice(shown)).toEqual([
      '#K7QPD [ok] x @acme  https://x.com/1',
      '#K7QPD [waiting] tumblr acme-blog  again at 10:05',
      '#K7QPD [failed] tumblr acme-blog  refused',
    ]);
    piped.input.end();
    await piped.chat.ended;
  });

  it('leaves to the notice what it tells, and prints a delay with its reason', async () => {
    const { piped, message, shown } = await withCard();
    const edit = (of: MessageReference, states: Parameters<typeof card>[2]) =>
      piped.chat.gateway.edit(of, {
        ...card('K7QPD', 'Hello', states),
        title: ['#K7QPD · otherwise'],
        noticeTells: true,
      });
    const delayed: Parameters<typeof card>[2][number] = ['tumblr acme-blog', 'waiting', 'again at 10:05'];
    await edit(message, [['x @acme', 'ok', 'https://x.com/1'], delayed]);
    await edit({ ...message, messageId: 'of an earlier run' }, [['x @acme', 'failed', 'no'], delayed]);
    await edit(message, [
      ['x @acme', 'ok', 'https://x.com/1'],
      ['tumblr acme-blog', 'failed', 'refused'],
    ]);
    const line = '#K7QPD [waiting] tumblr acme-blog  again at 10:05';
    expect(piped.lines().slice(shown)).toEqual([line, line]);
    piped.input.end();
    await piped.chat.ended;
  });

  it('does not take the passing of time for a change', async () => {
    const piped = await start();
    const at = new Date('2027-01-03T09:00:00Z');
    const reply = (text: string): Reply => ({
      tone: 'info',
      blocks: [{ kind: 'text', line: ['Due ', { kind: 'time', at, text }] }],
    });
    const message = await notify(piped.chat.gateway, reply('Sunday 09:00 (in 5 minutes)'));
    await piped.chat.gateway.edit(message, reply('Sunday 09:00 (in 4 minutes)'));
    expect(piped.lines()).toEqual(['Due Sunday 09:00 (in 5 minutes)']);
    piped.input.end();
    await piped.chat.ended;
  });

  it('shows control sequences in a text instead of sending them', async () => {
    const piped = await start();
    await notify(piped.chat.gateway, { tone: 'info', blocks: [{ kind: 'quote', text: 'a\x1b[2Jb\nc' }] });
    expect(piped.lines()).toEqual(['> a␛[2Jb', '> c']);
    piped.input.end();
    await piped.chat.ended;
  });

  it('stops reading at /quit', async () => {
    const piped = await start();
    piped.input.write('/quit\n/queue\n');
    await piped.chat.ended;
    expect(piped.desk.runs).toEqual([]);
  });

  it('ends what is in hand when it is stopped', async () => {
    const piped = await start();
    piped.input.write('/slow\n/queue\n');
    await vi.waitFor(() => expect(piped.desk.runs).toHaveLength(1), { interval: 2 });
    const stopped = piped.chat.stop();
    piped.desk.release();
    await stopped;
    expect(piped.lines()).toEqual(['Slow is done.']);
  });

  it('ends, and does not fail, when the reader of its output goes away', async () => {
    const output = new Writable({
      write(_chunk, _encoding, done) {
        done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      },
    });
    const piped = await start({ output });
    piped.input.write('/queue\n');
    await piped.chat.ended;
    expect(piped.desk.runs).toHaveLength(1);
  });

  it('ends when its input breaks', async () => {
    const piped = await start();
    piped.input.destroy(new Error('read EIO'));
    await piped.chat.ended;
    expect(piped.chat.status().state).toBe('down');
  });

  it('takes a message of 100,000 characters', async () => {
    const piped = await start();
    const words = 'w '.repeat(50_000).trim();
    piped.input.end(`/post ${words}\n`);
    await piped.chat.ended;
    expect(piped.lines()[1]).toBe(`> ${words}`);
  });
});
