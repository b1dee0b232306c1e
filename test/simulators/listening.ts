/** How every simulator of a network begins and ends to listen. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Listens on loopback and answers the port; 0 takes a free one. A port that is taken rejects. */
export function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) =>
    server
      .once('error', reject)
      .listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  );
}

/** Takes no connection any more and cuts those that there are. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
