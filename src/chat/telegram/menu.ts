/** The menu of commands that Telegram shows when somebody types `/`. */
import type { Api } from 'grammy';
import type { BotCommand, BotCommandScope } from 'grammy/types';
import type { CommandDefinition } from '../../core/command.ts';
import { MENU_MAX } from './limits.ts';

/**
 * Where a menu is shown. Telegram takes the narrowest scope that fits (https://core.telegram.org/bots/api#botcommandscope),
 * so `default` is what is left: there, only what strangers may use.
 */
const SCOPES: readonly { readonly scope: BotCommandScope; readonly full: boolean }[] = [
  { scope: { type: 'default' }, full: false },
  { scope: { type: 'all_private_chats' }, full: true },
  { scope: { type: 'all_group_chats' }, full: true },
];

/** Brings each scope's menu in line; one that stands already is not sent again (Telegram limits how often). Answers how many were set. */
export async function syncMenu(api: Api, definitions: readonly CommandDefinition[]): Promise<number> {
  let changed = 0;
  for (const { scope, full } of SCOPES) {
    const wanted = definitions
      .filter((definition) => full || definition.role === 'anyone')
      .slice(0, MENU_MAX)
      .map((definition): BotCommand => ({ command: definition.name, description: definition.summary }));
    const standing = await api.getMyCommands({ scope });
    if (sameMenu(standing, wanted)) continue;
    await api.setMyCommands(wanted, { scope });
    changed += 1;
  }
  return changed;
}

function sameMenu(a: readonly BotCommand[], b: readonly BotCommand[]): boolean {
  const lines = (menu: readonly BotCommand[]): string =>
    JSON.stringify(menu.map(({ command, description }) => [command, description]));
  return lines(a) === lines(b);
}
