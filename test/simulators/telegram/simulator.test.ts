import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasSpec, startTelegramSimulator, type TelegramSimulator } from './index.ts';

/** The tests of the front-end are worth as much as the simulator is strict. */
describe('the simulated Bot API', () => {
  let telegram: TelegramSimulator;
  beforeEach(async () => {
    telegram = await startTelegramSimulator();
  });
  afterEach(() => telegram.stop());

  const call = async (
    method: string,
    params: object,
  ): Promise<{ ok: boolean; description?: string; result?: unknown }> => {
    const response = await fetch(`${telegram.url}/bot${telegram.token}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(params),
    });
    return (await response.json()) as { ok: boolean; description?: string };
  };

  it.each([
    ['an unescaped &', 'a & b'],
    ['an unknown tag', '<h1>x</h1>'],
    ['a tag that is not closed', '<b>x'],
    ['tags that overlap', '<b><i>x</b></i>'],
    ['a time without its instant', '<tg-time format="wDT">x</tg-time>'],
    ['a format of time that does not exist', '<tg-time unix="1" format="xyz">x</tg-time>'],
    ['an attribute that does not exist', '<b class="x">x</b>'],
    ['markup inside code', '<code><b>x</b></code>'],
  ])('refuses %s', async (_what, text) => {
    const anna = telegram.user('Anna');
    const answer = await call('sendMessage', { chat_id: anna.id, text, parse_mode: 'HTML' });
    expect(answer).toMatchObject({ ok: false, description: expect.stringContaining("can't parse entities") });
  });

  it.each([
    ['text of 4097 characters', { text: 'x'.repeat(4097) }, 'too long'],
    ['no text', { text: '<b></b>', parse_mode: 'HTML' }, 'empty'],
    [
      'callback data of 65 bytes',
      { text: 'x', reply_markup: { inline_keyboard: [[{ text: 'a', callback_data: 'x'.repeat(65) }]] } },
      'BUTTON_DATA_INVALID',
    ],
    ['a reply to nothing', { text: 'x', reply_parameters: { message_id: 77 } }, 'not found'],
    ['a topic that does not exist', { text: 'x', message_thread_id: 77 }, 'thread not found'],
  ])('refuses %s', async (_what, params, description) => {
    const anna = telegram.user('Anna');
    expect(await call('sendMessage', { chat_id: anna.id, ...params })).toMatchObject({
      ok: false,
      description: expect.stringContaining(description),
    });
  });

  it('refuses menus with impossible names', async () => {
    const answer = await call('setMyCommands', { commands: [{ command: 'Help', description: 'x' }] });
    expect(answer.description).toContain('BOT_COMMAND_INVALID');
  });

  it.runIf(hasSpec).each([
    ['an unknown field', 'sendMessage', { chat_id: 1, text: 'x', parse_modus: 'HTML' }],
    [
      'an unknown field further in',
      'sendMessage',
      { chat_id: 1, text: 'x', reply_parameters: { message_id: 1, allow: true } },
    ],
    ['a field of the wrong type', 'sendMessage', { chat_id: 1, text: 5 }],
    ['a missing field', 'sendMessage', { chat_id: 1 }],
    ['an unknown method', 'sendMesage', { chat_id: 1, text: 'x' }],
  ])('counts %s as a violation', async (_what, method, params) => {
    expect((await call(method, params)).ok).toBe(false);
    expect(telegram.violations).toHaveLength(1);
    telegram.violations.length = 0;
  });

  it('reads multipart requests with attached files', async () => {
    const anna = telegram.user('Anna');
    const form = new FormData();
    form.set('chat_id', String(anna.id));
    form.set('text', '123');
    form.set('link_preview_options', JSON.stringify({ is_disabled: true }));
    const response = await fetch(`${telegram.url}/bot${telegram.token}/sendMessage`, {
      method: 'POST',
      body: form,
    });
    expect(await response.json()).toMatchObject({ ok: true, result: { text: '123' } });
  });

  it('ends an older poll by a newer one', async () => {
    const older = call('getUpdates', { timeout: 5 });
    await telegram.waitForRequest('getUpdates', 1);
    const newer = call('getUpdates', { timeout: 0 });
    expect(await older).toMatchObject({
      ok: false,
      description: expect.stringContaining('terminated by other getUpdates'),
    });
    expect(await newer).toMatchObject({ ok: true, result: [] });
  });

  it('tells a test what the bot wrote when it waits in vain', async () => {
    const anna = telegram.user('Anna');
    await call('sendMessage', { chat_id: anna.id, text: 'something else' });
    await expect(anna.chat.waitForMessage('never', { timeout: 20 })).rejects.toThrow('something else');
    expect(() => anna.press(anna.chat.messages()[0]!, 'Go')).toThrow('There is no button “Go”');
  });
});
