/** The terminal's chat on a screen that can be looked at; it ends with the test. */
import { expect, onTestFinished, vi } from 'vitest';
import {
  createTerminalFrontEnd,
  type TerminalFrontEnd,
  type TerminalOptions,
} from '../../../src/chat/terminal/index.ts';
import { createManualClock, createSeededRandom } from '../../helpers/manual-clock.ts';
import { createScriptedDesk, quietLog, type ScriptedDesk } from './scripted-desk.ts';
import { VirtualTerminal } from './virtual-terminal.ts';

export interface Chat {
  terminal: VirtualTerminal;
  desk: ScriptedDesk;
  chat: TerminalFrontEnd;
  clock: ReturnType<typeof createManualClock>;
}

export async function start(
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
  onTestFinished(async () => {
    desk.release();
    await chat.stop();
  });
  await chat.start(desk);
  const started = { terminal, desk, chat, clock };
  await shows(started, '/quit leaves');
  await vi.waitFor(() => expect(terminal.cursor()).toEqual({ line: '›', column: 2 }), { interval: 2 });
  return started;
}

export const shows = ({ terminal }: Chat, words: string): Promise<void> =>
  vi.waitFor(() => expect(terminal.screen()).toContain(words), { interval: 2, timeout: 5000 });
export const lacks = ({ terminal }: Chat, words: string): Promise<void> =>
  vi.waitFor(() => expect(terminal.screen()).not.toContain(words), { interval: 2, timeout: 5000 });
/** The line being typed, the prompt included. */
export const types = async (started: Chat, keys: string, line: string): Promise<void> => {
  started.terminal.type(keys);
  await vi.waitFor(() => expect(started.terminal.screen().split('\n').at(-1)).toBe(line), {
    interval: 2,
    timeout: 5000,
  });
};
export const from = ({ terminal }: Chat, words: string): string =>
  terminal.screen().slice(terminal.screen().indexOf(words));
