/** `/team`: who may do what here. */
import { type CommandContext, defineCommand } from '../src/core/command.ts';
import { usageError } from '../src/core/errors.ts';
import { code, type Reply, strong, text } from '../src/core/reply.ts';
import { atLeast } from '../src/core/services/people.ts';
import type { Person, Role } from '../src/core/words.ts';

const ROLES: readonly { readonly value: Role; readonly label: string }[] = [
  { value: 'owner', label: 'owner: everything, also team and settings' },
  { value: 'editor', label: 'editor: write, change and cancel posts' },
  { value: 'viewer', label: 'viewer: look only' },
];
/** An id, perhaps with its chat in front (`chat:123456`), perhaps in a mention (`<@123456>`). Ids of people are whole numbers. */
const ID_TYPED = /^(?:([a-z]{2,20}):)?(\d{1,20})$/i;
const ID_IN_MENTION = /^<@!?(\d{1,20})(?:\|[^>]*)?>$/;
/** A name with the id behind it, as some chats write a mention: `Ada (123456)`. */
const ID_AFTER_NAME = /\((\d{1,20})\)$/;

async function list(context: CommandContext, lead?: string): Promise<Reply> {
  const people = await context.services.people.list(context.workspace.id);
  const rows = people.map(({ name, role, identity }) => ({
    mark: 'ok' as const,
    label: [strong(name)],
    detail: [
      `${role} · `,
      code(idShown(identity, context.conversation.frontend)),
      identity === context.person.identity ? ' (you)' : '',
    ],
  }));
  const local = !isLocal(context, people)
    ? []
    : [
        {
          mark: 'ok' as const,
          label: [strong(context.person.name)],
          detail: ['owner (you, on this machine)'],
        },
      ];
  return {
    tone: lead ? 'success' : 'info',
    title: [lead ?? 'Team'],
    blocks: [
      { kind: 'rows', rows: [...local, ...rows] },
      text(
        'Add: ',
        code('/team add:ID role:editor'),
        ' · remove: ',
        code('/team remove:ID'),
        '. A person sees the own id with /start.',
      ),
    ],
    personal: true,
  };
}

/** Who owns the machine is owner without being listed; ids of its chat belong to nobody else. */
function isLocal({ person }: CommandContext, people: readonly Person[]): boolean {
  return people.every(({ identity }) => identity !== person.identity);
}

/** Somebody from another chat is shown with it, in the form in which `add` and `remove` take the id. */
function idShown(identity: string, frontend: string): string {
  return identity.startsWith(`${frontend}:`) ? identity.slice(frontend.length + 1) : identity;
}

function identityOf(typed: string, context: CommandContext, people: readonly Person[]): string {
  const wanted = typed.trim();
  const [, chat, plain] = ID_TYPED.exec(wanted) ?? [];
  const id = plain ?? (ID_IN_MENTION.exec(wanted) ?? ID_AFTER_NAME.exec(wanted))?.[1];
  if (id === undefined) {
    throw usageError(
      'PERSON_UNKNOWN',
      `“${wanted.slice(0, 60)}” is no mention and no id.`,
      'Mention the person, or ask for the id that /start shows to them.',
    );
  }
  const { chats } = context.services.people;
  const own = isLocal(context, people) ? undefined : context.conversation.frontend;
  const frontend = chat?.toLowerCase() ?? own;
  if (frontend !== undefined && (frontend === own || chats.includes(frontend))) return `${frontend}:${id}`;
  throw usageError(
    'PERSON_UNKNOWN',
    chat === undefined ? `The id ${id} does not say in which chat.` : `There is no chat “${chat}” here.`,
    chats.length > 0
      ? `Write the chat in front: ${chats.map((each) => `${each}:${id}`).join(' or ')}.`
      : 'No other chat is connected yet: give the bot a token first; the README tells how.',
  );
}

/** A mention may bring the name with it: `<@42|Ada>` or `Ada (42)`. */
function nameIn(typed: string, identity: string): string {
  const words = typed
    .replace(/^<@!?\d+\|?|>$|\(\d+\)$/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  return words === '' || ID_TYPED.test(words) ? `person ${identity.slice(identity.indexOf(':') + 1)}` : words;
}

async function remove(context: CommandContext, identity: string): Promise<Reply> {
  await context.services.people.changeRole(context.workspace.id, identity, null);
  return list(context, 'Removed from the team');
}

export default defineCommand({
  name: 'team',
  summary: 'Who may do what here',
  role: 'viewer',
  options: {
    add: {
      kind: 'text',
      summary: 'A mention or an id of the person to add, or whose role changes',
      max: 200,
    },
    role: { kind: 'choice', summary: 'The role: owner, editor or viewer', choices: ROLES },
    remove: { kind: 'text', summary: 'A mention or an id of the person to remove', max: 200 },
  },
  examples: ['/team', '/team add:123456789 role:editor', '/team remove:123456789'],
  async run(context, options) {
    if (options.add === undefined && options.remove === undefined) return list(context);
    const { workspace, person, clock, services } = context;
    if (!atLeast(person.role, 'owner'))
      throw usageError(
        'NOT_ALLOWED',
        `Changing the team needs the role owner; yours is ${person.role}.`,
        'Ask an owner.',
      );
    const people = await services.people.list(workspace.id);
    if (options.remove !== undefined) return remove(context, identityOf(options.remove, context, people));
    const typed = options.add ?? '';
    const identity = identityOf(typed, context, people);
    const role = (options.role ?? 'editor') as Role;
    const known = people.find((each) => each.identity === identity);
    // Without a role, adding somebody who is there already would make an owner an editor by accident.
    if (known && !options.role)
      return list(context, `${known.name} is in the team already, as ${known.role}`);
    if (known) {
      await services.people.changeRole(workspace.id, identity, role);
      return list(context, `Role changed to ${role}`);
    }
    await services.people.add({
      identity,
      workspaceId: workspace.id,
      role,
      name: nameIn(typed, identity),
      addedAt: clock.now(),
      addedBy: person.identity,
    });
    return list(context, `Added as ${role}`);
  },
});
