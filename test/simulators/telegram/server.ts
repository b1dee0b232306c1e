/** The HTTP face of the simulated Bot API: `/bot<token>/<method>` and `/file/bot<token>/<path>`. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { listen } from '../listening.ts';
import { sendJson } from '../send-text.ts';
import { readBody } from './body.ts';
import type { Delivery } from './delivery.ts';
import type { Fault, Faults } from './faults.ts';
import { type Methods, Refusal } from './methods.ts';
import type { World } from './world.ts';

export interface SeenRequest {
  method: string;
  params: Record<string, unknown>;
  at: number;
}

interface ServerParts {
  port: number;
  token: () => string;
  world: World;
  methods: Methods;
  delivery: Delivery;
  faults: Faults;
  check: (method: string, params: Record<string, unknown>) => string | undefined;
  requests: SeenRequest[];
  violations: string[];
}

interface RunningServer {
  url: string;
  close(): Promise<void>;
}

export async function serve(parts: ServerParts): Promise<RunningServer> {
  const timers = new Set<NodeJS.Timeout>();
  const server = createServer((request, response) => {
    handle(parts, request, response, timers).catch((error: unknown) => {
      parts.violations.push(`the simulator failed: ${String(error)}`);
      response.destroy();
    });
  });
  const port = await listen(server, parts.port);
  return { url: `http://127.0.0.1:${port}`, close: () => close(server, timers) };
}

async function close(server: Server, timers: Set<NodeJS.Timeout>): Promise<void> {
  for (const timer of timers) clearTimeout(timer);
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

async function handle(
  parts: ServerParts,
  request: IncomingMessage,
  response: ServerResponse,
  timers: Set<NodeJS.Timeout>,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const file = /^\/file\/bot([^/]+)\/(.+)$/.exec(url.pathname);
  const call = /^\/bot([^/]+)\/([A-Za-z]+)$/.exec(url.pathname);
  const { params } = await readBody(request);
  const method = file ? 'file' : (call?.[2] ?? '');
  parts.requests.push({ method, params, at: Date.now() });
  parts.world.emit('request', method, params);
  if ((file ?? call)?.[1] !== parts.token()) {
    return sendJson(response, 401, { ok: false, error_code: 401, description: 'Unauthorized' });
  }
  const fault = parts.faults.next(method);
  if (fault?.kind === 'slow') await pause(fault.milliseconds, timers);
  if (fault?.kind === 'drop' && fault.when === 'before') return void request.socket.destroy();
  if (fault?.kind === 'status')
    return refuse(response, new Refusal(fault.code, fault.description, fault.parameters));
  if (file) return download(parts.world, decodeURIComponent(file[2]!), response);
  try {
    const result = await run(parts, method, params, response);
    if (isDropAfter(fault)) return void request.socket.destroy();
    sendJson(response, 200, { ok: true, result });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    refuse(response, error);
  }
}

const isDropAfter = (fault: Fault | undefined): boolean => fault?.kind === 'drop' && fault.when === 'after';

async function run(
  parts: ServerParts,
  method: string,
  params: Record<string, unknown>,
  response: ServerResponse,
): Promise<unknown> {
  const wrong = parts.check(method, params);
  if (wrong !== undefined) {
    parts.violations.push(wrong);
    throw new Refusal(400, `Bad Request: against the description: ${wrong}`);
  }
  if (method === 'getUpdates') return parts.delivery.getUpdates(params, closedSignal(response));
  if (method === 'setWebhook') return parts.delivery.setWebhook(params);
  if (method === 'deleteWebhook') return parts.delivery.deleteWebhook();
  const known = parts.methods[method];
  if (known === undefined) throw new Refusal(404, 'Not Found: method not found');
  return known(params);
}

function download(world: World, path: string, response: ServerResponse): void {
  const file = [...world.files.values()].find((one) => one.path === path);
  if (file === undefined) {
    sendJson(response, 404, { ok: false, error_code: 404, description: 'Not Found' });
    return;
  }
  response
    .writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': file.bytes.length })
    .end(file.bytes);
}

function refuse(response: ServerResponse, { code, message, parameters }: Refusal): void {
  sendJson(response, code, {
    ok: false,
    error_code: code,
    description: message,
    ...(parameters ? { parameters } : {}),
  });
}

function closedSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.on('close', () => controller.abort());
  return controller.signal;
}

function pause(milliseconds: number, timers: Set<NodeJS.Timeout>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      resolve();
    }, milliseconds);
    timers.add(timer);
  });
}
