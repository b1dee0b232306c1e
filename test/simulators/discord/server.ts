/** The HTTP side: finds the operation, strikes with faults, checks the form, answers as Discord does, keeps a log. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { listen } from '../listening.ts';
import { sendJson } from '../send-text.ts';
import type { Fault, Faults } from './faults.ts';
import { InvalidForm, Refusal } from './refusal.ts';
import type { Answer, Operation } from './routes.ts';
import { prepare, schemaFaults } from './schema.ts';
import type { World } from './world.ts';

export interface LoggedRequest {
  readonly method: string;
  /** Without `/api/v10` and the query. */
  readonly path: string;
  readonly body: unknown;
  readonly authorization: string | undefined;
  /** Undefined while it runs, and when the connection was cut. */
  status?: number;
}

export interface HttpSide {
  readonly server: Server;
  readonly url: string;
  readonly requests: LoggedRequest[];
  /** Bodies that broke a rule, in words. */
  readonly violations: string[];
}

const PREFIX = '/api/v10';

export async function startHttp(options: {
  port: number;
  world: World;
  faults: Faults;
  token: string;
  operations: readonly Operation[];
}): Promise<HttpSide> {
  const { world, faults, token } = options;
  const requests: LoggedRequest[] = [];
  const violations: string[] = [];

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://simulator');
    const method = request.method ?? 'GET';
    const path = decodeURIComponent(url.pathname.replace(PREFIX, ''));
    const text = await bodyOf(request);
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    const entry: LoggedRequest = { method, path, body, authorization: request.headers.authorization };
    requests.push(entry);
    const fault = faults.next(method, path);
    if (fault?.delay) await new Promise((resolve) => setTimeout(resolve, fault.delay));
    const strikes = fault !== undefined && (fault.drop === true || fault.status !== undefined);
    if (!strikes || fault.afterEffect) {
      const answer = path.startsWith('/attachments/') ? attachment(path) : perform(entry, url.searchParams);
      if (!strikes) {
        entry.status = answer.status;
        world.changed();
        return send(response, answer);
      }
    }
    world.changed();
    if (fault.drop) {
      request.socket.destroy();
      return;
    }
    entry.status = fault.status ?? 500;
    struck(response, fault);
  }

  function perform(entry: LoggedRequest, query: URLSearchParams): Answer {
    try {
      for (const operation of options.operations) {
        const parameters = matched(operation, entry);
        if (!parameters) continue;
        if (operation.bot && entry.authorization !== `Bot ${token}`)
          throw new Refusal(401, 0, '401: Unauthorized');
        if (operation.takesBody) {
          const found = schemaFaults(operation.method.toLowerCase(), operation.path, entry.body);
          if (found.length > 0) throw new InvalidForm(found);
        }
        return operation.run(parameters, entry.body, query);
      }
      violations.push(`${entry.method} ${entry.path}: unknown to the simulator`);
      throw new Refusal(404, 0, '404: Not Found');
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error instanceof InvalidForm)
        violations.push(`${entry.method} ${entry.path}: ${error.faults.join('; ')}`);
      return { status: error.status, body: error.body };
    }
  }

  function attachment(path: string): Answer {
    const found = world.attachments.find((candidate) => path.includes(`/${candidate.id}/`));
    return found ? { status: 200, body: found.bytes } : { status: 404, body: new Uint8Array() };
  }

  for (const { method, path } of options.operations.filter(({ takesBody }) => takesBody)) {
    prepare(method.toLowerCase(), path);
  }
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      violations.push(`${request.method} ${request.url}: the simulator failed: ${String(error)}`);
      response.writeHead(500).end();
    });
  });
  const url = `http://127.0.0.1:${await listen(server, options.port)}`;
  return { server, url, requests, violations };
}

function matched(operation: Operation, { method, path }: LoggedRequest): string[] | undefined {
  if (operation.method !== method) return undefined;
  return patternOf(operation.path).exec(path)?.slice(1);
}

const patterns = new Map<string, RegExp>();

/** Of a path with `{parameters}`, each of which is one part of it. */
function patternOf(path: string): RegExp {
  const known = patterns.get(path);
  if (known) return known;
  const source = path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{[a-z_]+\}/g, '([^/]+)');
  const pattern = new RegExp(`^${source}$`);
  patterns.set(path, pattern);
  return pattern;
}

function send(response: ServerResponse, { status, body }: Answer): void {
  if (body instanceof Uint8Array) {
    response.writeHead(status, {
      'content-type': 'application/octet-stream',
      'content-length': body.byteLength,
    });
    response.end(body);
  } else if (body === undefined) {
    // discord.js reads a JSON body wherever the header announces one, so a 204 must not.
    response.writeHead(status).end();
  } else {
    sendJson(response, status, body);
  }
}

function struck(response: ServerResponse, fault: Fault): void {
  const status = fault.status ?? 500;
  const headers: Record<string, string> = {};
  if (fault.retryAfter !== undefined) {
    headers['retry-after'] = String(Math.ceil(fault.retryAfter));
    headers['x-ratelimit-limit'] = '5';
    headers['x-ratelimit-remaining'] = '0';
    headers['x-ratelimit-reset-after'] = String(fault.retryAfter);
    headers['x-ratelimit-bucket'] = 'simulated';
    headers['x-ratelimit-scope'] = 'user';
  }
  const body = {
    message: `Simulated ${status}`,
    code: fault.code ?? 0,
    retry_after: fault.retryAfter,
    global: false,
  };
  sendJson(response, status, body, headers);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
