/** How the connection stands, for /health and for people who look after the bot. */
import type { FrontEnd } from '../../core/chat.ts';

type Status = ReturnType<FrontEnd['status']>;

export interface Standing {
  get(): Status;
  set(state: Status['state'], detail?: string): void;
}

export function createStanding(): Standing {
  let status: Status = { state: 'connecting', detail: 'not started' };
  return {
    get: () => status,
    set(state, detail) {
      status = detail === undefined ? { state } : { state, detail };
    },
  };
}
