/** Telegram on the page of the simulators: one person in a private chat with the bot. */
import { startTelegramSimulator } from '../telegram/index.ts';
import type { Speaker } from '../telegram/speaker.ts';
import { type ChatButton, type ChatFile, RATE_PAUSE_SECONDS, type SimulatedChat } from './chat.ts';

/** The same person after each start, so that a program that has kept who that is knows them again. */
const ADA = { id: 101_001, username: 'ada' };
/** A bot that is there asks for updates again within this time, however long it lets each call wait. */
const POLL_MS = 60_000;
/** Every call but the wait for updates. */
const ALL = '*';

export async function startTelegram(port: number): Promise<SimulatedChat> {
  // What was numbered before another start is not numbered again: the program remembers what it has seen.
  const telegram = await startTelegramSimulator({ port, numbersFrom: Math.floor(Date.now() / 1000) });
  const { faults } = telegram;
  const ada = telegram.user('Ada', ADA);
  const { chat } = ada;

  return {
    chat: 'telegram',
    label: 'Telegram',
    environment: { TELEGRAM_API_URL: telegram.url, TELEGRAM_TOKEN: telegram.token },
    violations: telegram.violations,
    isConnected: () => (telegram.calls('getUpdates').at(-1)?.at ?? 0) > Date.now() - POLL_MS,
    messages: () =>
      chat.messages().map(({ id, fromBot, text, buttons, edits, json }) => ({
        id: String(id),
        by: fromBot ? 'bot' : 'person',
        text: [text, ...FILES.filter((kind) => kind in json).map((kind) => `[${kind}]`)].join(' ').trim(),
        rows: buttons.map((row) =>
          row.map(({ label, data, style }) => ({ label, action: data, style: styleOf(style) })),
        ),
        ...(edits > 0 ? { isEdited: true } : {}),
      })),
    form: () => undefined,
    type(line, files) {
      if (files.length > 0) return sendFiles(ada, line, files);
      // An app answers the question that the bot has put last, if it asks for an answer.
      const last = chat.messages().at(-1);
      if (last?.forceReply) ada.reply(last, line);
      else ada.say(line);
    },
    async press(messageId, action) {
      const message = chat.messages().find(({ id }) => String(id) === messageId);
      if (!message) throw new Error('That message is gone.');
      return (await ada.press(message, action)).text;
    },
    submit: () => Promise.reject(new Error('Telegram has no forms.')),
    faults: {
      'rate limit': (times) => faults.tooMany(ALL, RATE_PAUSE_SECONDS, times),
      'server error': (times) => faults.serverError(ALL, times),
      'drop before the effect': (times) => faults.dropBefore(ALL, times),
      'drop after the effect': (times) => faults.dropAfter(ALL, times),
      'second bot': (times) => faults.conflict(times),
    },
    waiting: () => faults.waiting(),
    restore: () => faults.clear(),
    stop: telegram.stop,
  };
}

/** As an app sends them: pictures together as an album; anything else by itself, and the words with the first. */
async function sendFiles(ada: Speaker, line: string, files: readonly ChatFile[]): Promise<void> {
  const caption = line === '' ? {} : { caption: line };
  const pictures = files.filter(({ type }) => PHOTO.test(type));
  if (pictures.length > 1) await ada.sendAlbum(pictures.map(contentOf), caption);
  else for (const picture of pictures) ada.sendPhoto({ ...contentOf(picture), ...caption });
  const others = files.filter((each) => !pictures.includes(each));
  for (const [index, other] of others.entries()) {
    const options = { ...contentOf(other), ...(index === 0 && pictures.length === 0 ? caption : {}) };
    if (other.type.startsWith('video/')) ada.sendVideo(options);
    else ada.sendDocument(options);
  }
}

/** The fields of a message that hold a file. */
const FILES = ['photo', 'video', 'document'] as const;
/** What an app sends as a photo, not as a file. */
const PHOTO = /^image\/(?:jpeg|png|webp)$/;
const contentOf = ({ name, bytes }: ChatFile) => ({ name, bytes });

function styleOf(style: string | undefined): ChatButton['style'] {
  return style === 'primary' || style === 'danger' ? style : 'default';
}
