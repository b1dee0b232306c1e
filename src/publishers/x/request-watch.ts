/** Watches one request of twitter-api-v2 from the outside: whether it can have left, and how much is answered. */
import type { Agent, ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/** A hundred posts with all their fields are some 300 kB; more than this is no answer of X. */
const ANSWER_BYTES_MAX = 8 * 1024 * 1024;

export interface WatchedFacts {
  /** False while it is certain that nothing left. */
  sent: boolean;
  /** True when the connection had served before. */
  reused: boolean;
  status?: number;
  headers?: IncomingHttpHeaders;
  error?: Error;
  tooLarge: boolean;
}

/** What Node calls on an agent for each request; it is older than the types, which leave it out. */
interface RequestTaker {
  addRequest(request: ClientRequest, ...rest: readonly unknown[]): void;
}

/**
 * An agent for one request that hands it to the shared one. The library tells of requests only through a debugging hook
 * that leaves listeners behind on kept connections.
 */
export function watchedAgent(shared: Agent): { readonly agent: Agent; readonly facts: WatchedFacts } {
  const facts: WatchedFacts = { sent: false, reused: false, tooLarge: false };
  const taker = shared as Agent & RequestTaker;
  const addRequest: RequestTaker['addRequest'] = (request, ...rest) => {
    watch(request, facts);
    taker.addRequest(request, ...rest);
  };
  const agent: Agent = Object.create(shared, { addRequest: { value: addRequest } });
  return { agent, facts };
}

function watch(request: ClientRequest, facts: WatchedFacts): void {
  request.once('error', (error: Error) => {
    facts.error = error;
  });
  request.once('socket', (socket: Socket & { encrypted?: boolean }) => {
    facts.reused = request.reusedSocket;
    facts.sent = request.reusedSocket;
    const connected = (): void => {
      facts.sent = true;
    };
    // Over TLS nothing of the request leaves before the other side has proven who it is.
    if (!request.reusedSocket) socket.once(socket.encrypted ? 'secureConnect' : 'connect', connected);
  });
  request.once('response', (response: IncomingMessage) => {
    facts.status = response.statusCode ?? 0;
    facts.headers = response.headers;
    let bytes = 0;
    response.on('error', () => {
      // The library hears of it by `close`; without a listener the process would end.
    });
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= ANSWER_BYTES_MAX || facts.tooLarge) return;
      facts.tooLarge = true;
      response.destroy(new Error('the answer is too large'));
    });
  });
}
