/** What the terminal chat says by itself: hello, goodbye, and what to do with words that are no command. */
import type { CommandDefinition } from '../../core/command.ts';
import { code, type Line, type Reply, text } from '../../core/reply.ts';

/** Commands whose examples show best what the program is for. */
const SHOWN_FIRST = ['post', 'schedule', 'queue'];
const EXAMPLES_MAX = 3;
/** Longest part of somebody's words that a hint repeats. */
const WORDS_MAX = 60;

/** Commands that belong to the terminal itself. */
export const QUIT_COMMANDS = [{ name: 'quit', summary: 'Leave the chat and stop Carillon' }];
export const isQuit = (line: string): boolean => /^\/(?:quit|exit)$/i.test(line.trim());

function examplesOf(commands: readonly CommandDefinition[]): string[] {
  const rank = ({ name }: CommandDefinition): number =>
    SHOWN_FIRST.includes(name) ? SHOWN_FIRST.indexOf(name) : SHOWN_FIRST.length;
  return [...commands]
    .sort((left, right) => rank(left) - rank(right))
    .flatMap((command) =>
      command.examples
        .slice(0, 1)
        .map((example) => (example.startsWith('/') ? example : `/${command.name} ${example}`.trim())),
    )
    .slice(0, EXAMPLES_MAX);
}

export function welcome(commands: readonly CommandDefinition[]): Reply {
  const examples = examplesOf(commands).map((example): Line => [code(example)]);
  return {
    tone: 'info',
    title: ['Carillon'],
    blocks: [
      text('Write a post here, say when, and it goes out on time. For example:'),
      ...(examples.length > 0 ? [{ kind: 'list', items: examples } as const] : []),
      text(code('/help'), ' shows every command · Tab completes · ', code('/quit'), ' leaves'),
    ],
  };
}

export const GOODBYE: Reply = {
  tone: 'info',
  blocks: [text('Goodbye. Scheduled posts go out while Carillon runs; start it again in time.')],
};

export function notACommand(words: string): Reply {
  const characters = Array.from(words.slice(0, WORDS_MAX * 2));
  const short = characters.length > WORDS_MAX ? `${characters.slice(0, WORDS_MAX).join('')}…` : words;
  return {
    tone: 'info',
    blocks: [
      text(
        'Nothing was posted: a command begins with a slash. To post these words now, type ',
        code(`/post ${short}`),
      ),
    ],
  };
}

export function nothingToChoose(number: number, open: readonly number[]): Reply {
  const possible =
    open.length === 0
      ? 'There is nothing to choose at the moment. Numbers answer the choices that a reply offers.'
      : `There is no choice ${number}. Possible: ${open.join(', ')}.`;
  return { tone: 'warning', blocks: [text(possible)] };
}

export const leftAsItIs: Reply = {
  tone: 'info',
  blocks: [text('No answer was given; nothing was changed.')],
};

export const answerTooLong = (length: number, max: number): Reply => ({
  tone: 'warning',
  blocks: [
    text(
      `That is ${length.toLocaleString('en')} characters; at most ${max.toLocaleString('en')} are possible. Nothing was changed yet.`,
    ),
  ],
});
