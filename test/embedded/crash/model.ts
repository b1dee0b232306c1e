// What one writer's documents must be after each of its commands. Writers touch only documents of their own, so each
// one's commands have one possible outcome whatever the others do. Written without the store's code.

export interface Entry {
  _id: string;
  w: number;
  n: number;
  v: number;
  tags: number[];
}

export interface WriterState {
  /** Documents in the collection that all writers share. */
  shared: Map<string, Entry>;
  /** Documents in the writer's own collection, which it also drops; undefined while there is none. */
  own: Map<string, Entry> | undefined;
  /** Indexes of the own collection besides the one on `_id`. */
  ownIndexes: Set<string>;
}

export type Command = Record<string, unknown>;

/** One command as it is sent, with what it does to the state and what its reply must say. */
export interface Move {
  command: Command;
  apply(state: WriterState): void;
  /** Fields of the reply. */
  expected: Record<string, unknown>;
}

export function emptyState(): WriterState {
  return { shared: new Map(), own: undefined, ownIndexes: new Set() };
}

export function copyState(state: WriterState): WriterState {
  const copy = (entries: Map<string, Entry>) =>
    new Map([...entries].map(([id, entry]) => [id, { ...entry, tags: [...entry.tags] }]));
  return {
    shared: copy(state.shared),
    own: state.own && copy(state.own),
    ownIndexes: new Set(state.ownIndexes),
  };
}

/** The state as text: equal texts are equal states. */
export function textOf(state: WriterState): string {
  const listed = (entries: Map<string, Entry>) =>
    [...entries.values()]
      .sort((a, b) => (a._id < b._id ? -1 : 1))
      .map(({ _id, w, n, v, tags }) => [_id, w, n, v, tags]);
  return JSON.stringify([listed(state.shared), state.own && listed(state.own), [...state.ownIndexes].sort()]);
}
