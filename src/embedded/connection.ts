// One client connection: cuts the byte stream into messages, runs them one after another, writes the replies.
// A slow reader stops its own requests and nobody else's; bytes that break the protocol close the connection.
import type { Socket } from 'node:net';
import type { ConnectionState } from './command.ts';
import { frameReply, messageLength, ProtocolError, parseMessage, type RequestMessage } from './wire.ts';

/** Requests that are buffered while one runs. Beyond it the socket is not read, so the client's writes wait. */
const MAX_BUFFERED_BYTES = 48_000_000;

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
  #chunks: Buffer[] = [];
  #buffered = 0;
  #running = false;
  #nextReplyId = 1;

  constructor(socket: Socket, state: ConnectionState, handlers: ConnectionHandlers) {
    this.#socket = socket;
    this.#state = state;
    this.#handlers = handlers;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    // A broken connection is an everyday event (the client was killed); 'close' follows and tidies up.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#chunks = [];
      this.#buffered = 0;
      handlers.closed();
    });
  }

  /** Ends the connection at once. */
  destroy(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    if (this.#buffered > MAX_BUFFERED_BYTES) this.#socket.pause();
    if (!this.#running) void this.#work();
  }

  async #work(): Promise<void> {
    this.#running = true;
    try {
      for (let message = this.#take(); message; message = this.#take()) {
        const request = parseMessage(message);
        const reply = await this.#handlers.run(request, this.#state);
        if (this.#socket.destroyed) return;
        if (!request.unanswered && !this.#send(request, reply)) await this.#drained();
      }
    } catch (error) {
      // After a broken message nobody knows where the next one begins.
      this.#socket.destroy();
      // Thrown on, an error would end the whole process: it is told to the engine's owner instead.
      if (!(error instanceof ProtocolError)) this.#handlers.fault(error);
    } finally {
      this.#running = false;
    }
  }

  /** The next whole message, or undefined while it has not all arrived. */
  #take(): Buffer | undefined {
    const first = this.#chunks[0];
    if (!first) return undefined;
    if (first.length < 4) this.#join();
    const length = messageLength(this.#chunks[0] ?? first);
    if (length === undefined || this.#buffered < length) return undefined;
    if ((this.#chunks[0]?.length ?? 0) < length) this.#join();
    const whole = this.#chunks[0] as Buffer;
    const rest = whole.subarray(length);
    if (rest.length > 0) this.#chunks[0] = rest;
    else this.#chunks.shift();
    this.#buffered -= length;
    if (this.#socket.isPaused() && this.#buffered <= MAX_BUFFERED_BYTES) this.#socket.resume();
    return whole.subarray(0, length);
  }

  #join(): void {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
  }

  #send(request: RequestMessage, reply: Buffer): boolean {
    const parts = frameReply(request, this.#nextReplyId++, reply);
    this.#socket.cork();
    let flowing = true;
    for (const part of parts) flowing = this.#socket.write(part);
    this.#socket.uncork();
    return flowing;
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#socket.off('drain', done);
        this.#socket.off('close', done);
        resolve();
      };
      this.#socket.on('drain', done);
      this.#socket.on('close', done);
    });
  }
}
