import { describe, expect, it } from 'vitest';
import { inputOf } from './scripted-desk.ts';
import { eventually, setStage } from './stage.ts';

const post = (
  url: string,
  body: string,
  headers: Record<string, string> = {},
  method = 'POST',
): Promise<Response> => fetch(url, { method, headers, ...(method === 'POST' ? { body } : {}) });

describe('the webhook', () => {
  it('is set with a secret and the kinds of update, and serves commands, buttons and albums', async () => {
    const { telegram, desk, frontEnd, webhookUrl } = await setStage({ webhook: true });
    expect(telegram.calls('setWebhook')[0]!.params).toEqual({
      url: webhookUrl,
      secret_token: 'simulated-secret_1',
      allowed_updates: ['message', 'callback_query'],
    });
    expect(frontEnd.status()).toEqual({ state: 'ready' });
    const anna = telegram.user('Anna');
    desk.onRun = (request) => ({
      tone: 'info',
      title: [`${request.command}: ${inputOf(request)}`],
      blocks: [],
      buttons: [[{ label: 'Go', style: 'default', action: 'post.go' }]],
    });
    anna.say('/post by webhook');
    const message = await anna.chat.waitForMessage('post: by webhook');
    await anna.press(message, 'Go');
    await anna.chat.waitForMessage('pressed post.go');
    await anna.sendAlbum([{}, {}], { caption: '/post album' });
    await anna.chat.waitForMessage('post: album');
    expect(desk.runs[1]!.media).toHaveLength(2);
    expect(telegram.calls('getUpdates')).toHaveLength(0);
    expect(new Set(telegram.webhookAnswers)).toEqual(new Set([200]));
  });

  it('answers Telegram before the work is done', async () => {
    const { telegram, desk } = await setStage({ webhook: true });
    const anna = telegram.user('Anna');
    let release = (): void => undefined;
    desk.onRun = () =>
      new Promise((resolve) => {
        release = () => resolve({ tone: 'success', title: ['Done'], blocks: [] });
      });
    anna.say('/post slow');
    await eventually(() => desk.runs.length === 1);
    await eventually(() => telegram.webhookAnswers.length === 1);
    expect(anna.chat.botMessages()).toHaveLength(0);
    release();
    await anna.chat.waitForMessage('Done');
  });

  it('refuses what does not come from Telegram', async () => {
    const { desk, webhookUrl, telegram } = await setStage({ webhook: true });
    const anna = telegram.user('Anna');
    const update = JSON.stringify({ update_id: 1, message: { ...anna.chat, text: '/post forged' } });
    const secret = { 'x-telegram-bot-api-secret-token': 'simulated-secret_1' };
    expect((await post(webhookUrl, update)).status).toBe(401);
    expect((await post(webhookUrl, update, { 'x-telegram-bot-api-secret-token': 'guess' })).status).toBe(401);
    expect((await post(webhookUrl, '', secret, 'GET')).status).toBe(405);
    expect((await post(webhookUrl, 'not json', secret)).status).toBe(400);
    expect((await post(webhookUrl, '{"hello":1}', secret)).status).toBe(400);
    expect((await post(webhookUrl, `"${'x'.repeat(1024 * 1024)}"`, secret)).status).toBe(413);
    expect(desk.runs).toHaveLength(0);
  });

  it.each(['before', 'after'] as const)(
    'lets Telegram send again what the database failed %s keeping, and works on it once',
    async (when) => {
      const { telegram, desk, inbox } = await setStage({ webhook: true });
      inbox.failNextKeep(2, when);
      const anna = telegram.user('Anna');
      anna.say('/post at last');
      await anna.chat.waitForMessage('post: at last');
      telegram.redeliver(telegram.updates[0]!);
      anna.say('/help');
      await anna.chat.waitForMessage('help:');
      expect(telegram.webhookAnswers.slice(0, 3)).toEqual([503, 503, 200]);
      expect(desk.runs.map((run) => run.command)).toEqual(['post', 'help']);
    },
  );

  it('stays set over a restart; what comes meanwhile waits at Telegram', async () => {
    const stage = await setStage({ webhook: true });
    const { telegram } = stage;
    const anna = telegram.user('Anna');
    await stage.frontEnd.stop();
    anna.say('/post while away');
    await eventually(() => telegram.webhookAnswers.length >= 2);
    expect(telegram.webhookAnswers.every((status) => status === 503)).toBe(true);
    await stage.restart();
    await anna.chat.waitForMessage('post: while away');
  });

  it('is absent from a front-end that polls', async () => {
    const { frontEnd } = await setStage();
    expect(frontEnd.handleWebhook).toBeUndefined();
  });
});

describe('a webhook that Telegram does not take', () => {
  it('stops the start with what to set', async () => {
    const { telegram, frontEnd, desk } = await setStage({ webhook: true, start: false });
    telegram.faults.refuse(
      'setWebhook',
      'Bad Request: bad webhook: An HTTPS URL must be provided for webhook',
    );
    await expect(frontEnd.start(desk)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('HTTPS URL must be provided'),
      hint: expect.stringContaining('PUBLIC_URL'),
    });
  });
});
