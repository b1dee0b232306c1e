import type { Identity, Person, Role } from '../words.ts';

export interface PeopleStore {
  /** The memberships of an identity, oldest first. */
  find(identity: Identity): Promise<readonly Person[]>;
  findIn(workspaceId: string, identity: Identity): Promise<Person | undefined>;
  list(workspaceId: string): Promise<readonly Person[]>;
  /** Adds somebody, or rewrites name and role of one who is there; takes ownership from nobody (`changeRole` does). */
  put(person: Person): Promise<void>;
  /** Changes the role, or removes with null, only while at least one owner stays. */
  changeRole(
    workspaceId: string,
    identity: Identity,
    role: Role | null,
  ): Promise<'done' | 'unknown' | 'last owner'>;
}
