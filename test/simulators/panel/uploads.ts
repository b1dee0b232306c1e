/**
 * The host that takes bytes for both networks of Meta, as rupload.facebook.com does: it hands each request on to the simulator
 * that its path belongs to, and breaks when that one breaks.
 */
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

export async function startUploads(
  port: number,
  hosts: { readonly facebook: string; readonly instagram: string },
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const pass = (request: IncomingMessage, response: ServerResponse): void => {
    const { url = '/', method, headers } = request;
    const host = url.startsWith('/ig-api-upload/') ? hosts.instagram : hosts.facebook;
    const outgoing = send(new URL(url, host), { method, headers });
    outgoing.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('error', () => response.destroy());
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    request.on('error', () => outgoing.destroy());
    request.pipe(outgoing);
  };
  const server = createServer(pass);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
