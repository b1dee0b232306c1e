import { describe, expect, it } from 'vitest';
import { COMMANDS } from './scripted-desk.ts';
import { eventually, setStage } from './stage.ts';

const FULL = COMMANDS.map(({ name, summary }) => ({ command: name, description: summary }));

describe('the menu of commands', () => {
  it('shows everybody what strangers may use, and the whole in private chats and groups', async () => {
    const { telegram } = await setStage();
    await eventually(() => telegram.menu('all_group_chats'));
    expect(telegram.menu('default')!.map(({ command }) => command)).toEqual(['help', 'start']);
    expect(telegram.menu('all_private_chats')).toEqual(FULL);
    expect(telegram.menu('all_group_chats')).toEqual(FULL);
  });

  it('is sent again only where it changed', async () => {
    const stage = await setStage();
    const { telegram, desk } = stage;
    await telegram.waitForRequest('setMyCommands', 3);
    await stage.restart();
    await telegram.waitForRequest('getMyCommands', 6);
    expect(telegram.calls('setMyCommands')).toHaveLength(3);
    const [help, ...others] = COMMANDS;
    Object.assign(desk, { commands: [...others, { ...help, summary: 'Something new' }] });
    await stage.restart();
    await telegram.waitForRequest('setMyCommands', 6);
    expect(telegram.menu('default')).toContainEqual({ command: 'help', description: 'Something new' });
  });

  it('does not keep the bot from working when Telegram refuses it', async () => {
    const stage = await setStage({ start: false });
    const { telegram, desk, log } = stage;
    telegram.faults.serverError('getMyCommands');
    await stage.frontEnd.start(desk);
    const anna = telegram.user('Anna');
    anna.say('/help');
    await anna.chat.waitForMessage('help:');
    await eventually(() => log.some((line) => line.level === 'warn'));
  });
});
