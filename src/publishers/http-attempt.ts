/** One request over HTTP: its body written in pieces, its answer read at once and within bounds. */
import { type Agent, type ClientRequest, type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import type { Socket } from 'node:net';
import { failure } from '../core/errors.ts';
import { type HttpAnswer, type HttpBody, HttpFailure, type HttpRequest, SILENCE_MS } from './http.ts';

/** Hundreds of posts with all their fields are some megabytes; more than this is no answer of a network. */
const ANSWER_BYTES_MAX = 8 * 1024 * 1024;

const NO_ANSWER_IN_TIME = 'no answer in time';

/** What is known of a request while it is under way. */
interface Facts {
  /** False while there is no connection. */
  connected: boolean;
  /** False while the last byte has not been handed over. */
  whole: boolean;
  /** True when the connection had served before. */
  reused: boolean;
  answered: boolean;
  problem?: Error;
  late: boolean;
}

/** Answers with any status; throws HttpFailure without one, and what `body.open` failed with when that broke the request. */
export async function attempt(
  request: HttpRequest,
  agent: Agent,
  signals: { readonly stop: AbortSignal; readonly deadline: AbortSignal },
): Promise<HttpAnswer> {
  const { method, url, headers, body } = request;
  const facts: Facts = {
    connected: false,
    whole: !isStreamed(body),
    reused: false,
    answered: false,
    late: false,
  };
  const outgoing = (url.protocol === 'https:' ? requestSecure : requestPlain)(url, {
    method,
    headers: { ...headers, ...describe(body) },
    agent,
    timeout: request.silenceMs ?? SILENCE_MS,
    signal: AbortSignal.any([signals.stop, signals.deadline]),
  });
  const isLate = (): boolean => facts.late || signals.deadline.aborted;
  const answer = listen(outgoing, facts);
  try {
    // What the source of the body fails with is not a fault of the network, and nobody got a whole request.
    const [incoming] = await Promise.all([answer, write(outgoing, body, facts)]);
    return await read(incoming, () =>
      signals.stop.aborted ? 'stopped' : isLate() ? NO_ANSWER_IN_TIME : undefined,
    );
  } catch (error) {
    if (error !== facts.problem) throw error;
    const aborted = signals.stop.aborted;
    const late = isLate();
    throw new HttpFailure({
      sent: facts.connected && facts.whole,
      reason: late ? NO_ANSWER_IN_TIME : aborted ? 'stopped' : reasonOf(error),
      aborted,
      stale: facts.reused && !aborted && !late,
    });
  } finally {
    // Answered before the whole body was taken: the rest is of no use to anybody.
    if (!outgoing.writableFinished) outgoing.destroy();
  }
}

function describe(body: Buffer | HttpBody | undefined): Record<string, string> {
  if (body === undefined) return {};
  if (Buffer.isBuffer(body)) return { 'content-length': String(body.length) };
  return { 'content-type': body.contentType, 'content-length': String(body.bytes) };
}

function isStreamed(body: Buffer | HttpBody | undefined): body is HttpBody {
  return body !== undefined && !Buffer.isBuffer(body);
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}

/** Resolves with the head of the answer. */
function listen(outgoing: ClientRequest, facts: Facts): Promise<IncomingMessage> {
  outgoing.once('socket', (socket: Socket & { encrypted?: boolean }) => {
    facts.reused = outgoing.reusedSocket;
    const connected = (): void => {
      facts.connected = true;
    };
    if (outgoing.reusedSocket) connected();
    // Over TLS nothing of the request leaves before the other side has proven who it is.
    else socket.once(socket.encrypted ? 'secureConnect' : 'connect', connected);
  });
  outgoing.once('timeout', () => {
    facts.late = true;
    outgoing.destroy(new Error(NO_ANSWER_IN_TIME));
  });
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      facts.problem ??= error;
      reject(facts.problem);
    };
    outgoing.once('response', (incoming) => {
      facts.answered = true;
      // Without a listener a broken answer would end the process; `read` tells of it.
      incoming.on('error', () => {});
      resolve(incoming);
    });
    outgoing.on('error', fail);
    // Covers an answer that is no answer, such as a switch to another protocol.
    outgoing.once('close', () => fail(new Error('the connection was closed without an answer')));
  });
}

/** Hands the body over as fast as it is taken; ends early when the answer is there already. */
async function write(
  outgoing: ClientRequest,
  body: Buffer | HttpBody | undefined,
  facts: Facts,
): Promise<void> {
  if (!isStreamed(body)) {
    outgoing.end(body);
    return;
  }
  let given = 0;
  try {
    for await (const piece of body.open()) {
      if (facts.answered || outgoing.destroyed) return;
      given += piece.length;
      if (given > body.bytes) break;
      // From the last byte on, the other side may have a whole request.
      if (given === body.bytes) facts.whole = true;
      await handOver(outgoing, piece);
      body.onSent?.(given);
    }
    if (given !== body.bytes) throw bodyChanged(given, body.bytes);
  } catch (error) {
    outgoing.destroy();
    throw error;
  }
  outgoing.end();
}

/** Resolves when the system has taken the piece, whose memory is used again then, or when more makes no sense any more. */
function handOver(outgoing: ClientRequest, piece: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const events = ['close', 'response'] as const;
    const done = (): void => {
      for (const event of events) outgoing.off(event, done);
      resolve();
    };
    for (const event of events) outgoing.on(event, done);
    outgoing.write(piece, done);
  });
}

function bodyChanged(given: number, expected: number): Error {
  return failure('MediaRejected', {
    code: 'MEDIA_MISSING',
    message: `The stored files have another length than when they were taken (${given} instead of ${expected} bytes with their frame).`,
    hint: 'Attach them again with /edit.',
  });
}

/** @param stopped why reading was ended from our side, if it was */
async function read(incoming: IncomingMessage, stopped: () => string | undefined): Promise<HttpAnswer> {
  const head = { status: incoming.statusCode ?? 0, headers: headersOf(incoming) };
  const chunks: Buffer[] = [];
  let bytes = 0;
  let flaw: string | undefined;
  try {
    for await (const chunk of incoming) {
      bytes += (chunk as Buffer).length;
      if (bytes > ANSWER_BYTES_MAX) {
        flaw = 'an answer that is too large';
        break;
      }
      chunks.push(chunk as Buffer);
    }
  } catch {
    // What is there by now may still tell what the status means.
    flaw = stopped() ?? 'an answer that broke off';
  }
  const body = parse(Buffer.concat(chunks).toString('utf8'));
  return { ...head, body, ...(flaw ? { flaw, aborted: flaw === 'stopped' } : {}) };
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

function parse(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
