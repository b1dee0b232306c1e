// One client connection: cuts the byte stream into messages, runs them one after another, writes the replies.
// A slow reader or sender stops its own requests and nobody else's; bytes that break the protocol close the connection.
import type { Socket } from 'node:net';
import type { ConnectionState } from './command.ts';
import type { MemoryPermits, Permit } from './memory-permits.ts';
import { MessageBuffer } from './message-buffer.ts';
import { frameReply, ProtocolError, parseMessage, type RequestMessage } from './wire.ts';

/** Bytes that are read ahead while a request runs. Beyond them the socket is not read, so the client's writes wait. */
const READ_AHEAD_BYTES = 1024 * 1024;
/** A message from this size on needs a permit before it is read on. */
const LARGE_MESSAGE_BYTES = 1024 * 1024;
/** A reply up to this size is copied behind its header, which takes less than to write the two as parts. */
const JOINED_REPLY_BYTES = 16 * 1024;

/** How long a client may take. MongoDB waits for ever; here a few clients could then hold all connections. */
export interface Patience {
  /** For one message to arrive whole, in milliseconds, and for the first one after connecting. */
  message: number;
  /** For a reply to be read, in milliseconds. */
  reply: number;
}

export interface ConnectionHandlers {
  run(message: RequestMessage, connection: ConnectionState): Promise<Buffer>;
  /** An error that no client should be able to cause. */
  fault(error: unknown): void;
  /** The connection is gone. */
  closed(): void;
}

export class Connection {
  #socket: Socket;
  #handlers: ConnectionHandlers;
  #state: ConnectionState;
  #permits: MemoryPermits;
  #permit: Permit | undefined;
  #isPermitted = false;
  #incoming = new MessageBuffer();
  #running = false;
  #nextReplyId = 1;
  /** Since when the rest of a message is waited for; performance.now(), which no change of the clock moves. */
  #messageSince: number | undefined = performance.now();
  #replySince: number | undefined;

  constructor(socket: Socket, state: ConnectionState, permits: MemoryPermits, handlers: ConnectionHandlers) {
    this.#socket = socket;
    this.#state = state;
    this.#permits = permits;
    this.#handlers = handlers;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    // A broken connection is an everyday event (the client was killed); 'close' follows and tidies up.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#incoming.clear();
      if (!this.#running) this.#releasePermit();
      handlers.closed();
    });
  }

  /** Ends the connection at once. */
  destroy(): void {
    this.#socket.destroy();
  }

  /** Ends the connection if its client has taken longer than it may. */
  endIfLate(patience: Patience): void {
    const now = performance.now();
    const isLate = (since: number | undefined, most: number) => since !== undefined && now - since > most;
    if (isLate(this.#messageSince, patience.message) || isLate(this.#replySince, patience.reply))
      this.destroy();
  }

  #receive(chunk: Buffer): void {
    this.#incoming.push(chunk);
    if (!this.#running) void this.#work();
    else if (this.#incoming.size > READ_AHEAD_BYTES) this.#socket.pause();
  }

  async #work(): Promise<void> {
    this.#running = true;
    try {
      for (let message = this.#incoming.take(); message; message = this.#incoming.take()) {
        this.#messageSince = undefined;
        const request = parseMessage(message);
        const reply = await this.#handlers.run(request, this.#state);
        this.#releasePermit();
        if (this.#socket.destroyed) return;
        if (!request.unanswered && !this.#send(request, reply)) await this.#drained();
      }
      this.#awaitRest();
    } catch (error) {
      // After a broken message nobody knows where the next one begins.
      this.#socket.destroy();
      // Thrown on, an error would end the whole process: it is told to the engine's owner instead.
      if (!(error instanceof ProtocolError)) this.#handlers.fault(error);
    } finally {
      this.#running = false;
      if (this.#socket.destroyed) this.#releasePermit();
    }
  }

  /** Reads on, for a large message only with a permit. */
  #awaitRest(): void {
    const length = this.#incoming.expected ?? 0;
    if (length < LARGE_MESSAGE_BYTES || this.#isPermitted) {
      if (this.#incoming.size > 0) this.#messageSince ??= performance.now();
      this.#socket.resume();
      return;
    }
    // While it waits for others the time is not the client's.
    this.#messageSince = undefined;
    this.#socket.pause();
    this.#permit ??= this.#permits.request(length, () => {
      this.#isPermitted = true;
      this.#messageSince = performance.now();
      this.#socket.resume();
    });
  }

  #releasePermit(): void {
    this.#permit?.release();
    this.#permit = undefined;
    this.#isPermitted = false;
  }

  #send(request: RequestMessage, reply: Buffer): boolean {
    const parts = frameReply(request, this.#nextReplyId++, reply);
    if (reply.length <= JOINED_REPLY_BYTES) return this.#socket.write(Buffer.concat(parts));
    this.#socket.cork();
    let flowing = true;
    for (const part of parts) flowing = this.#socket.write(part);
    this.#socket.uncork();
    return flowing;
  }

  #drained(): Promise<void> {
    this.#replySince = performance.now();
    return new Promise((resolve) => {
      const done = () => {
        this.#replySince = undefined;
        this.#socket.off('drain', done);
        this.#socket.off('close', done);
        resolve();
      };
      this.#socket.on('drain', done);
      this.#socket.on('close', done);
    });
  }
}
