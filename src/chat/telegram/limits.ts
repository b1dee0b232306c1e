/** Facts of the Telegram Bot API that more than one file needs, each with its source. */

/** The name of this front-end in conversations and identities. */
export const FRONTEND = 'telegram';

/** Characters of a message after its markup is read (https://core.telegram.org/bots/api#sendmessage). Counted here in UTF-16 units, which are never fewer. */
export const MESSAGE_MAX = 4096;

/** Characters of the pop-up that answers a pressed button (https://core.telegram.org/bots/api#answercallbackquery). */
export const ALERT_MAX = 200;

/** Characters of the grey text in the field of a forced reply (https://core.telegram.org/bots/api#forcereply). */
export const PLACEHOLDER_MAX = 64;

/** Telegram's own Bot API; a local server (https://github.com/tdlib/telegram-bot-api) has another address. */
export const CLOUD_API_URL = 'https://api.telegram.org';

/** Bytes that getFile hands out from Telegram's own servers (https://core.telegram.org/bots/api#getfile); a local Bot API server has no such limit. */
export const CLOUD_DOWNLOAD_MAX = 20 * 1024 * 1024;

/** Entries of a command menu (https://core.telegram.org/bots/api#setmycommands). */
export const MENU_MAX = 100;

/**
 * The kinds of update that are asked for. `edited_message` is missing on purpose: a command has been carried out by the
 * time its message is edited, and doing it again or undoing it by an edit would surprise; posts are changed by command.
 */
export const ALLOWED_UPDATES = ['message', 'callback_query'] as const;

/** Telegram answers with this account in place of a person who writes in the name of the group (https://core.telegram.org/bots/api#message, `from`). */
export const ANONYMOUS_ADMIN = 1087968824;
