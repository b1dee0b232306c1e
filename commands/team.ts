/** `/team`: who may do what here. */
import { type CommandContext, defineCommand } from '../src/core/command.ts';
import { usageError } from '../src/core/errors.ts';
import { code, type Reply, strong, text } from '../src/core/reply.ts';
import { atLeast } from '../src/core/services/people.ts';
import type { Role } from '../src/core/words.ts';

const ROLES: readonly { readonly value: Role; readonly label: string }[] = [
  { value: 'owner', label: 'owner: everything, also team and settings' },
  { value: 'editor', label: 'editor: write, change and cancel posts' },
  { value: 'viewer', label: 'viewer: look only' },
];
/** Ids of chat people are whole numbers; a mention carries one. */
const ID_IN_MENTION = /(\d{3,20})/;

async function list(context: CommandContext, lead?: string): Promise<Reply> {
  const people = await context.services.people.list(context.workspace.id);
  const rows = people.map(({ name, role, identity }) => ({
    mark: 'ok' as const,
    label: [strong(name)],
    detail: [
      `${role} · `,
      code(identity.slice(identity.indexOf(':') + 1)),
      identity === context.person.identity ? ' (you)' : '',
    ],
  }));
  const local = people.some(({ identity }) => identity === context.person.identity)
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

function identityOf(typed: string, frontend: string): string {
  const id = ID_IN_MENTION.exec(typed)?.[1];
  if (id) return `${frontend}:${id}`;
  throw usageError(
    'PERSON_UNKNOWN',
    `“${typed.slice(0, 60)}” is no mention and no id.`,
    'Mention the person, or ask for the id that /start shows to them.',
  );
}

/** A mention may bring the name with it: `<@42|Ada>` or `Ada (42)`. */
function nameIn(typed: string, identity: string): string {
  const words = typed
    .replace(ID_IN_MENTION, '')
    .replace(/[<>@!|()]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return words || `person ${identity.slice(identity.indexOf(':') + 1)}`;
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
    const { workspace, person, conversation, clock, services } = context;
    if (!atLeast(person.role, 'owner'))
      throw usageError(
        'NOT_ALLOWED',
        `Changing the team needs the role owner; yours is ${person.role}.`,
        'Ask an owner.',
      );
    if (options.remove !== undefined)
      return remove(context, identityOf(options.remove, conversation.frontend));
    const typed = options.add ?? '';
    const identity = identityOf(typed, conversation.frontend);
    const role = (options.role ?? 'editor') as Role;
    const known = (await services.people.list(workspace.id)).some((each) => each.identity === identity);
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
