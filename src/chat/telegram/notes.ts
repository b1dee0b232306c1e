/** What the front-end itself has to say: facts of Telegram that no command knows about. */
import type { CarillonError } from '../../core/errors.ts';
import { describeBytes } from '../../core/quantities.ts';
import { code, type Reply, strong, text } from '../../core/reply.ts';
import { CLOUD_DOWNLOAD_MAX } from './limits.ts';

function warning(title: string, hint: string): Reply {
  return { tone: 'warning', title: [title], blocks: [text(hint)] };
}

export function errorNote(error: CarillonError): Reply {
  return { tone: 'error', title: [error.message], blocks: [text(error.hint)], personal: true };
}

/** The way out of Telegram's limit on what bots may download. */
export const TOO_LARGE_HINT =
  'Put it on the web and give its address with media:https://…, or run a local Bot API server, which has no such limit, and set TELEGRAM_API_URL to it.';

export function tooLargeNote(name: string, bytes: number | undefined): Reply {
  const size = bytes === undefined ? '' : ` (${describeBytes(bytes)})`;
  return {
    tone: 'error',
    title: [`${name}${size} is more than Telegram hands over to a bot.`],
    blocks: [
      text(`The limit is ${describeBytes(CLOUD_DOWNLOAD_MAX)} for each file. Nothing was done.`),
      text(TOO_LARGE_HINT),
    ],
  };
}

export function unpostableNote(what: string): Reply {
  return {
    tone: 'error',
    title: [`${what} cannot be posted.`],
    blocks: [text('Send a picture, a GIF or a video; as a file it keeps its full quality.')],
  };
}

export const ANONYMOUS_NOTE = warning(
  'You write in the name of the group, so I cannot tell who you are.',
  'Write as yourself: turn off “Remain anonymous” in your administrator rights, then send it again.',
);

/** Written in the name of a channel, which a person can choose beside the field for messages. */
export const AS_CHANNEL_NOTE = warning(
  'You write in the name of a channel, so I cannot tell who you are.',
  'Choose yourself beside the field for messages, then send it again.',
);

export const NEARLY_FULL_NOTE = warning(
  'This is as long as a message of Telegram can be; if it was cut, I do not see the rest of it here.',
  'Send it to me in a private chat, where I put the pieces together. Nothing was done.',
);

export const ELSEWHERE_NOTE = warning(
  'That message is in another chat, so I cannot see its words.',
  'Forward it to me, or mark the words before you answer it. Nothing was done.',
);

export const GIVEN_UP_NOTE = warning(
  'I failed in the middle of this several times, so I leave it.',
  'Whether it was done is not certain. Look first, and send it again only if it is missing.',
);

export const ALBUM_INCOMPLETE_NOTE = warning(
  'Only one picture of this album reached me.',
  'In groups Telegram shows a bot only the messages that are meant for it. Send the album to me in a private chat, or make me an administrator of the group. Nothing was done.',
);

export const ALBUM_LATE_NOTE = warning(
  'This picture arrived after the rest of its album had been taken.',
  'It is not part of the post. Remove the post and send the album again if it should be.',
);

export const OFFER_GONE = 'This was taken already, or it is too old. Send it again.';

export const BUTTON_GONE = 'This button leads nowhere any more.';

export const ANSWER_IN_WORDS_NOTE = warning(
  'This needs an answer in words.',
  'Reply to the question with a text.',
);

export function answerTooLongNote(length: number, max: number): Reply {
  return warning(
    `That has ${length} characters; ${max} are possible.`,
    'Reply to the question again with a shorter text.',
  );
}

/** The offer under what somebody sent without a command. `button` is the action of the one button. */
export function offerNote(pictures: number, action: string): Reply {
  const what = pictures === 0 ? 'these words' : pictures === 1 ? 'this' : `these ${pictures} files`;
  return {
    tone: 'info',
    title: [`Shall I post ${what} for you?`],
    blocks: [],
    buttons: [[{ label: 'Schedule this', style: 'primary', action }]],
  };
}

export const NO_OFFER_NOTE: Reply = {
  tone: 'info',
  blocks: [text('I answer to commands. Type / to see them.')],
};

/** A question that is answered by replying to it. `mention` is whom it is for, in a group. */
export function questionNote(question: {
  readonly title: string;
  readonly label: string;
  readonly value?: string;
  readonly max?: number;
  readonly mention?: { readonly name: string; readonly user: number };
}): Reply {
  const { title, label, value, max, mention } = question;
  return {
    tone: 'info',
    title: [title],
    blocks: [
      text(
        ...(mention
          ? [{ kind: 'link', text: mention.name, url: `tg://user?id=${mention.user}` } as const, ': ']
          : []),
        label,
        max === undefined ? '' : ` (at most ${max} characters)`,
      ),
      ...(value ? [text(strong('Now'), ' (tap to copy):'), text(code(value))] : []),
      text('Reply to this message with your answer.'),
    ],
  };
}
