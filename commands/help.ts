/** `/help`: what there is, and how one command is used. Strangers get it too. */
import { type CommandDefinition, defineOpenCommand, type OpenContext } from '../src/core/command.ts';
import { usageError } from '../src/core/errors.ts';
import { nearestName } from '../src/core/nearest-name.ts';
import { code, type Reply, strong, text } from '../src/core/reply.ts';

function overview(context: OpenContext): Reply {
  return {
    tone: 'info',
    title: ['Carillon publishes your posts on time'],
    blocks: [
      text(
        'Write ',
        code('/schedule when:"tomorrow 9:00" Good morning'),
        ' and the post goes out then; its outcome is told here.',
      ),
      {
        kind: 'list',
        items: context.commands.map(({ name, summary }) => [strong(`/${name}`), ` ${summary}`]),
      },
      text(
        'Options come before the words: ',
        code('to:x,tumblr'),
        ' ',
        code('when:"fri 18:30"'),
        ' ',
        code('media:'),
        ' ',
        code('alt:"…"'),
        ' ',
        code('priority:high'),
        ' ',
        code('expires:"sun 20:00"'),
        '.',
      ),
      text('More about one: ', code('/help command:schedule')),
      ...(context.person
        ? []
        : [text('You are not in a team here yet: ', code('/start'), ' tells how to join.')]),
    ],
    personal: true,
  };
}

function explain(command: CommandDefinition): Reply {
  const options = Object.entries(command.options).map(([name, spec]) => [
    code(`${name}:`),
    ` ${spec.summary}${spec.required ? ' (needed)' : ''}`,
  ]);
  return {
    tone: 'info',
    title: [strong(`/${command.name}`), ` · ${command.summary}`],
    blocks: [
      ...(options.length > 0 ? [{ kind: 'list', items: options } as const] : []),
      text('For example:'),
      { kind: 'list', items: command.examples.map((example) => [code(example)]) },
    ],
    personal: true,
  };
}

export default defineOpenCommand({
  name: 'help',
  summary: 'What Carillon can do',
  role: 'anyone',
  options: {
    command: { kind: 'text', summary: 'The command to explain, such as schedule', max: 40, rest: true },
  },
  examples: ['/help', '/help command:schedule'],
  async run(context, options) {
    if (!options.command) return overview(context);
    const wanted = options.command.trim().replace(/^\//, '').toLowerCase();
    const found = context.commands.find(({ name }) => name === wanted);
    if (found) return explain(found);
    const near = nearestName(
      wanted,
      context.commands.map(({ name }) => name),
    );
    throw usageError(
      'COMMAND_UNKNOWN',
      `There is no command /${wanted.slice(0, 32)}.${near ? ` Did you mean /${near}?` : ''}`,
      'See /help for all commands.',
    );
  },
});
