/** Who may do what: roles, the claim of the first owner, and where a conversation belongs. */
import { after, type Clock, HOUR, newId, type Random } from '../clock.ts';
import { usageError } from '../errors.ts';
import { describeDuration } from '../quantities.ts';
import type { PeopleStore, WorkspaceStore } from '../stores.ts';
import type { Conversation, Identity, Person, Role, Workspace } from '../words.ts';

const RANK: Readonly<Record<Role, number>> = { viewer: 0, approver: 1, editor: 2, owner: 3 };

export function atLeast(role: Role, needed: Role): boolean {
  return RANK[role] >= RANK[needed];
}

/** Wrong codes from one identity before it must wait. With 32^8 codes guessing is hopeless; this keeps the log readable. */
const CLAIM_TRIES = 5;
const CLAIM_WAIT_MS = HOUR;

export interface PeopleService {
  /** The chats that people write from, other than the machine's own: the part before the colon of their identities. */
  readonly chats: readonly string[];
  /** The workspace that the conversation belongs to and the caller's place in it. */
  whoIs(
    identity: Identity,
    name: string,
    conversation: Conversation,
  ): Promise<{ workspace: Workspace | undefined; person: Person | undefined }>;
  /** Makes the caller owner and the conversation part of the first workspace. Errors: CLAIM_REFUSED, TOO_MANY_TRIES. */
  claim(identity: Identity, name: string, conversation: Conversation, code: string): Promise<Workspace>;
  /** A member brings a new conversation into the own workspace; undefined when the caller is no owner anywhere. */
  attach(identity: Identity, conversation: Conversation): Promise<Workspace | undefined>;
  list(workspaceId: string): Promise<readonly Person[]>;
  add(person: Person): Promise<void>;
  /** Errors: PERSON_UNKNOWN, LAST_OWNER. */
  changeRole(workspaceId: string, identity: Identity, role: Role | null): Promise<void>;
}

export interface PeoplePorts {
  readonly people: PeopleStore;
  readonly workspaces: WorkspaceStore;
  /** Front-ends whose only user owns the machine, such as the terminal. */
  readonly localFrontends: readonly string[];
  /** Every front-end that is connected. */
  readonly frontends: readonly string[];
  readonly clock: Clock;
}

export const conversationKey = (frontend: string, id: string): string => `${frontend}:${id}`;

export function newClaimCode(random: Random): string {
  return `${newId(random, 4)}-${newId(random, 4)}`;
}

export function createPeopleService(ports: PeoplePorts): PeopleService {
  const { people, workspaces, clock } = ports;
  const wrong = new Map<Identity, { count: number; until: Date }>();

  /** Removing an owner must not lock everybody out. */
  const firstWorkspace = (): Promise<Workspace> =>
    workspaces.ensureFirst(() => {
      throw usageError('NOT_A_MEMBER', 'There is no workspace yet.', 'Restart the program.');
    });

  return {
    chats: ports.frontends.filter((name) => !ports.localFrontends.includes(name)),

    async whoIs(identity, name, conversation) {
      if (ports.localFrontends.includes(conversation.frontend)) {
        const workspace = await firstWorkspace();
        return {
          workspace,
          person: { identity, name, workspaceId: workspace.id, role: 'owner', addedAt: workspace.createdAt },
        };
      }
      const keys = [conversation.id, conversation.parent]
        .filter((id) => id !== undefined)
        .map((id) => conversationKey(conversation.frontend, id));
      const workspace =
        (await workspaces.ofConversation(keys)) ??
        (conversation.kind === 'direct' ? await ownWorkspace(identity) : undefined);
      return { workspace, person: workspace && (await people.findIn(workspace.id, identity)) };
    },

    async claim(identity, name, conversation, code) {
      const tries = wrong.get(identity);
      if (tries && tries.count >= CLAIM_TRIES && tries.until > clock.now()) {
        throw usageError(
          'TOO_MANY_TRIES',
          'Too many wrong codes.',
          `Wait ${describeDuration(tries.until.getTime() - clock.now().getTime())}, and copy the code from the program’s output.`,
        );
      }
      const workspace = await firstWorkspace();
      const typed = code.trim().toUpperCase();
      // Comparing inside the database keeps it one atomic step: of two people with the code, one becomes owner.
      forgetOld(wrong, clock.now());
      if (typed === '' || !(await workspaces.spendClaimCode(workspace.id, typed))) {
        wrong.set(identity, {
          count: (wrong.get(identity)?.count ?? 0) + 1,
          until: after(clock.now(), CLAIM_WAIT_MS),
        });
        // Read again: of two people with the right code the second would hear that it is wrong.
        const { claimCode } = await firstWorkspace();
        throw usageError(
          'CLAIM_REFUSED',
          claimCode ? 'That is not the claim code.' : 'This bot has an owner already.',
          claimCode
            ? 'It stands in the program’s output: “Claim code: XXXX-XXXX”.'
            : 'Ask an owner to add you with /team.',
        );
      }
      await people.put({ identity, name, workspaceId: workspace.id, role: 'owner', addedAt: clock.now() });
      await workspaces.attachConversation(
        workspace.id,
        conversationKey(conversation.frontend, conversation.id),
      );
      return workspace;
    },

    async attach(identity, conversation) {
      const owned = (await people.find(identity)).find((person) => person.role === 'owner');
      if (!owned) return undefined;
      await workspaces.attachConversation(
        owned.workspaceId,
        conversationKey(conversation.frontend, conversation.id),
      );
      return workspaces.find(owned.workspaceId);
    },

    list: (workspaceId) => people.list(workspaceId),
    add: (person) => people.put(person),

    async changeRole(workspaceId, identity, role) {
      const outcome = await people.changeRole(workspaceId, identity, role);
      if (outcome === 'unknown')
        throw usageError(
          'PERSON_UNKNOWN',
          `Nobody with the id ${identity} is in this team.`,
          'Use a mention or an id that /team lists.',
        );
      if (outcome === 'last owner')
        throw usageError(
          'LAST_OWNER',
          'The last owner cannot be removed or made less.',
          'Make somebody else owner first.',
        );
    },
  };

  /** In a direct chat people act in the workspace that they belong to; with several, in the oldest. */
  async function ownWorkspace(identity: Identity): Promise<Workspace | undefined> {
    const [membership] = await people.find(identity);
    return membership && workspaces.find(membership.workspaceId);
  }
}

/** Anybody can type codes at a public bot: who has waited long enough takes no room any more. */
function forgetOld(tries: Map<Identity, { until: Date }>, now: Date): void {
  for (const [identity, { until }] of tries) if (until <= now) tries.delete(identity);
}
