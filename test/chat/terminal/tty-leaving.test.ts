import { describe, expect, it, vi } from 'vitest';
import { notify } from './scripted-desk.ts';
import { type Chat, shows, start, types } from './tty-chat.ts';

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
