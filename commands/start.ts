/** `/start`: claims a new bot with its code, connects a conversation, or tells a stranger how to join. */
import { defineOpenCommand, type OpenContext } from '../src/core/command.ts';
import { fullMoment } from '../src/core/moments/show.ts';
import { type Block, code, type Reply, text } from '../src/core/reply.ts';
import type { Workspace } from '../src/core/words.ts';

function firstSteps(context: OpenContext, workspace: Workspace): readonly Block[] {
  const now = fullMoment(context.clock.now(), workspace.timeZone, workspace.locale);
  return [
    text(
      `Times are read in ${workspace.timeZone}; there it is ${now} now. Another zone: `,
      code('/settings time_zone:Europe/Rome'),
    ),
    text('Try it: ', code('/schedule when:"in 2 min" Hello world')),
    text('Everything else: ', code('/help')),
  ];
}

async function claim(context: OpenContext, typed: string): Promise<Reply> {
  const workspace = await context.services.people.claim(
    context.identity,
    context.personName,
    context.conversation,
    typed,
  );
  return {
    tone: 'success',
    title: ['You are the owner now, and this conversation belongs to the team'],
    blocks: [...firstSteps(context, workspace), text('Let others in: ', code('/team'))],
  };
}

async function welcome(context: OpenContext): Promise<Reply> {
  const { workspace, person } = context;
  if (workspace && person)
    return { tone: 'info', title: [`Welcome, ${person.name}`], blocks: firstSteps(context, workspace) };
  const attached = workspace
    ? undefined
    : await context.services.people.attach(context.identity, context.conversation);
  if (attached)
    return {
      tone: 'success',
      title: ['This conversation belongs to your team now'],
      blocks: firstSteps(context, attached),
    };
  // Beside another chat the bare id would be that of somebody else there.
  const isAlone = context.services.people.chats.length < 2;
  const id = isAlone ? context.identity.slice(context.identity.indexOf(':') + 1) : context.identity;
  const unconnected = !workspace && context.conversation.kind === 'group';
  return {
    tone: 'info',
    title: ['Carillon publishes posts for a team'],
    blocks: [
      ...(unconnected
        ? [
            text(
              'This conversation belongs to no team yet: an owner connects it by writing ',
              code('/start'),
              ' here.',
            ),
          ]
        : []),
      text('You are in no team here yet. Ask an owner: ', code(`/team add:${id} role:editor`)),
      text('A new bot of your own: ', code('/start XXXX-XXXX'), ' with the claim code from its output.'),
    ],
    personal: true,
  };
}

export default defineOpenCommand({
  name: 'start',
  summary: 'Begin: join, claim a new bot, or connect this conversation',
  role: 'anyone',
  options: { code: { kind: 'text', summary: 'The claim code of a new bot', max: 32, rest: true } },
  examples: ['/start', '/start XXXX-XXXX'],
  run: (context, options) => (options.code?.trim() ? claim(context, options.code) : welcome(context)),
});
