// What all chats together ask of a command: short names, short summaries, few choices.
import { expect, it } from 'vitest';
import { loadCommands } from '../../src/app/load-commands.ts';
import { applicationCommands } from '../../src/chat/discord/application-commands.ts';
import { CHOICES_MAX, COMMAND_NAME, SUMMARY_MAX } from '../../src/core/command.ts';
import { parseCommandText } from '../../src/core/command-text.ts';
import { BUTTON_ID_BYTES } from '../../src/core/reply.ts';

const commands = await loadCommands();
/** The smallest of the front-ends' limits on one command. */
const OPTIONS_MAX = 25;
const CHOICE_LABEL_MAX = 100;
/** The most that a form may ask for at once, and the length of its title and label. */
const ANSWER_MAX = 4000;
const FORM_TITLE_MAX = 45;

it('there are exactly the commands that the README names', () => {
  expect(commands.map(({ name }) => name)).toEqual([
    'post',
    'schedule',
    'queue',
    'show',
    'edit',
    'move',
    'cancel',
    'retry',
    'stats',
    'remove',
    'accounts',
    'settings',
    'team',
    'help',
    'start',
  ]);
});

it('no form of Discord has more fields than it takes, those for several files included', () => {
  for (const command of applicationCommands(commands)) {
    const { options = [] } = command as { options?: readonly unknown[] };
    expect(options.length, command.name).toBeLessThanOrEqual(OPTIONS_MAX);
  }
});

it.each(commands.map((command) => [command.name, command] as const))('/%s fits every chat', (_, command) => {
  expect(command.name).toMatch(COMMAND_NAME);
  expect(command.summary.length).toBeGreaterThan(0);
  expect(command.summary.length).toBeLessThanOrEqual(SUMMARY_MAX);
  const options = Object.entries(command.options);
  expect(options.length).toBeLessThanOrEqual(OPTIONS_MAX);
  for (const [name, spec] of options) {
    expect(name).toMatch(COMMAND_NAME);
    expect(spec.summary.length, name).toBeLessThanOrEqual(SUMMARY_MAX);
    if (spec.kind !== 'choice') continue;
    expect(spec.choices.length).toBeLessThanOrEqual(CHOICES_MAX);
    expect(new Set(spec.choices.map(({ value }) => value)).size).toBe(spec.choices.length);
    for (const { value, label } of spec.choices) {
      expect(value.length).toBeLessThanOrEqual(CHOICE_LABEL_MAX);
      expect(label.length).toBeLessThanOrEqual(CHOICE_LABEL_MAX);
    }
  }
  expect(
    options.filter(([, spec]) => spec.kind === 'text' && spec.rest).length,
    'one option takes the free text',
  ).toBeLessThanOrEqual(1);
});

it.each(commands.flatMap(({ examples, name }) => examples.map((example) => [example, name])))(
  'the example %s can be read',
  (example, name) => {
    const command = commands.find((each) => each.name === name)!;
    const [, typed, text = ''] = /^\/(\S+)\s*([\s\S]*)$/.exec(example)!;
    expect(typed).toBe(name);
    const values = parseCommandText(command, text);
    for (const [option, spec] of Object.entries(command.options))
      if (spec.required) expect(values).toHaveProperty(option);
  },
);

it.each(
  commands.flatMap(({ name, actions = {} }) =>
    Object.entries(actions).map(([action, definition]) => [`${name}.${action}`, definition] as const),
  ),
)('the action %s fits a button and its question a form', (path, { ask }) => {
  // The longest arguments: a post's id of six characters and an account's of six.
  expect(Buffer.byteLength(`${path}:ABCDEF:ABCDEF`)).toBeLessThanOrEqual(BUTTON_ID_BYTES);
  if (!ask) return;
  expect(ask.title.length).toBeLessThanOrEqual(FORM_TITLE_MAX);
  expect(ask.max).toBeLessThanOrEqual(ANSWER_MAX);
});
