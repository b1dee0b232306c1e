// An engine without sockets: commands go through the dispatcher as bytes, as they do over the wire, some ten times faster.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode, encode } from '../../../src/embedded/codec.ts';
import { dispatch } from '../../../src/embedded/dispatch.ts';
import { Engine } from '../../../src/embedded/engine.ts';

/** In memory where the system offers it: durability is not asked here, and a flush for each write would be half of the time. */
const MEMORY = '/dev/shm';

export type Fields = Record<string, unknown>;

export interface LocalEngine {
  engine: Engine;
  /** Runs a command on the database `fuzz`. Errors come back as the reply, with `ok: 0`. */
  run(command: Fields): Promise<Fields>;
  /** Errors that no client should be able to cause. */
  faults: unknown[];
  close(): Promise<void>;
}

/** @param parent where the engine's folder is made */
export async function openLocalEngine(parent = existsSync(MEMORY) ? MEMORY : tmpdir()): Promise<LocalEngine> {
  const directory = mkdtempSync(join(parent, 'embedded-test-'));
  const faults: unknown[] = [];
  const engine = await Engine.open(directory, { onFault: (error) => faults.push(error) });
  const connection = { id: 1, authenticated: true };
  return {
    engine,
    faults,
    async run(command) {
      const body = encode({ ...command, $db: 'fuzz' });
      const message = {
        requestId: 1,
        kind: 'message',
        body,
        sequences: new Map(),
        unanswered: false,
      } as const;
      return decode(await dispatch(engine, message, connection));
    },
    async close() {
      await engine.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
