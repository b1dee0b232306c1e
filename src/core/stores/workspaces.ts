import type { Workspace } from '../words.ts';

export interface WorkspaceStore {
  /** The first workspace, made when there is none (races between processes end with one). */
  ensureFirst(make: () => Workspace): Promise<Workspace>;
  find(id: string): Promise<Workspace | undefined>;
  /** The workspace that one of these conversation keys (`frontend:id`) belongs to. */
  ofConversation(keys: readonly string[]): Promise<Workspace | undefined>;
  /** A conversation belongs to one workspace: it leaves the one that it was in. */
  attachConversation(id: string, key: string): Promise<void>;
  /** Rewrites a key when a chat gets a new id. */
  renameConversation(oldKey: string, newKey: string): Promise<void>;
  change(
    id: string,
    patch: Partial<Pick<Workspace, 'name' | 'timeZone' | 'locale' | 'defaultTargets'>>,
  ): Promise<Workspace | undefined>;
  /** Removes the claim code, once: true for the caller that removed this very code. */
  spendClaimCode(id: string, code: string): Promise<boolean>;
  setClaimCode(id: string, code: string): Promise<void>;
}
