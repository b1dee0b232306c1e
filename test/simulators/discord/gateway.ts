/** Discord's WebSocket gateway: hello, identify, resume with replay, heartbeats; and faults on demand. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { botUser } from './payloads.ts';
import type { World } from './world.ts';

interface Session {
  readonly id: string;
  readonly events: { readonly s: number; readonly t: string; readonly d: unknown }[];
  sequence: number;
  socket?: WebSocket;
}

interface Frame {
  readonly op: number;
  readonly d: unknown;
}

const DISPATCH = 0;
const HEARTBEAT = 1;
const IDENTIFY = 2;
const RESUME = 6;
const RECONNECT = 7;
const INVALID_SESSION = 9;
const HELLO = 10;
const HEARTBEAT_ACK = 11;

export interface Identified {
  readonly token: string;
  readonly intents: number;
}

export class SimGateway {
  /** Every IDENTIFY, in order. */
  readonly identified: Identified[] = [];
  /** How often a session was resumed. */
  resumed = 0;
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #sessions = new Map<string, Session>();
  readonly #world: World;
  readonly #token: string;
  readonly #url: () => string;
  readonly #heartbeat: number;
  #current: Session | undefined;
  #refusals = 0;
  #silent = false;

  constructor(options: { world: World; token: string; url: () => string; heartbeat: number }) {
    this.#world = options.world;
    this.#token = options.token;
    this.#url = options.url;
    this.#heartbeat = options.heartbeat;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.#refusals > 0) {
      this.#refusals -= 1;
      socket.destroy();
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#greet(webSocket));
  }

  /** Sends an event to the bot; while it is away, the event waits for a resume. */
  dispatch(t: string, d: unknown): void {
    const session = this.#current;
    if (!session) throw new Error(`No bot has connected to the Discord simulator; ${t} would be lost.`);
    session.sequence += 1;
    const event = { s: session.sequence, t, d };
    session.events.push(event);
    if (session.socket) this.#send(session.socket, { op: DISPATCH, ...event });
  }

  get connected(): boolean {
    return this.#current?.socket !== undefined;
  }

  /** Cuts the connection without a word; the next `refuse` attempts to connect fail too. */
  drop(refuse = 0): void {
    this.#refusals = refuse;
    const socket = this.#away();
    socket?.terminate();
  }

  /** Asks the bot to reconnect and resume, as Discord does before maintenance. */
  askReconnect(): void {
    if (this.#current?.socket) this.#send(this.#current.socket, { op: RECONNECT, d: null });
  }

  /** The session is over: the bot must identify anew, and events in between are lost. */
  invalidate(refuse = 0): void {
    this.#refusals = refuse;
    const socket = this.#current?.socket;
    this.#sessions.clear();
    this.#away();
    if (socket) this.#send(socket, { op: INVALID_SESSION, d: false });
  }

  /** Stops acknowledging heartbeats until the next connection: a zombie. */
  silence(): void {
    this.#silent = true;
  }

  /** Closes with one of Discord's close codes, such as 4004 for a refused token. */
  close(code: number): void {
    const socket = this.#away();
    socket?.close(code);
  }

  stop(): void {
    for (const client of this.#server.clients) client.terminate();
    this.#server.close();
  }

  #away(): WebSocket | undefined {
    const socket = this.#current?.socket;
    if (this.#current) delete this.#current.socket;
    this.#world.changed();
    return socket;
  }

  #greet(socket: WebSocket): void {
    this.#silent = false;
    socket.on('message', (data) => this.#receive(socket, JSON.parse(String(data)) as Frame));
    socket.on('close', () => {
      if (this.#current?.socket === socket) this.#away();
    });
    this.#send(socket, { op: HELLO, d: { heartbeat_interval: this.#heartbeat } });
  }

  #receive(socket: WebSocket, frame: Frame): void {
    switch (frame.op) {
      case HEARTBEAT:
        if (!this.#silent) this.#send(socket, { op: HEARTBEAT_ACK, d: null });
        break;
      case IDENTIFY:
        this.#identify(socket, frame.d as Identified);
        break;
      case RESUME:
        this.#resume(socket, frame.d as { token: string; session_id: string; seq: number });
        break;
    }
  }

  #identify(socket: WebSocket, data: Identified): void {
    this.identified.push({ token: data.token, intents: data.intents });
    if (data.token !== this.#token) {
      socket.close(4004);
      return;
    }
    const session: Session = { id: this.#world.snowflake(), events: [], sequence: 0, socket };
    this.#sessions.set(session.id, session);
    this.#current = session;
    const application = { id: this.#world.applicationId, flags: 0 };
    this.dispatch('READY', {
      v: 10,
      user: botUser(this.#world),
      guilds: this.#world.guilds.filter(({ hasBot }) => hasBot).map(({ id }) => ({ id, unavailable: true })),
      session_id: session.id,
      resume_gateway_url: this.#url(),
      shard: [0, 1],
      application,
    });
    this.#world.changed();
  }

  #resume(
    socket: WebSocket,
    { session_id: id, seq, token }: { token: string; session_id: string; seq: number },
  ): void {
    const session = this.#sessions.get(id);
    if (!session || token !== this.#token) {
      this.#send(socket, { op: INVALID_SESSION, d: false });
      return;
    }
    this.resumed += 1;
    session.socket = socket;
    this.#current = session;
    for (const event of session.events.filter(({ s }) => s > seq))
      this.#send(socket, { op: DISPATCH, ...event });
    this.dispatch('RESUMED', {});
    this.#world.changed();
  }

  #send(socket: WebSocket, frame: unknown): void {
    socket.send(JSON.stringify(frame));
  }
}
