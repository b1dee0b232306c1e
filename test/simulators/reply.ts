/** How a simulator answers, and how it spoils an answer on command. */
import type { ServerResponse } from 'node:http';
import type { Fault } from './faults.ts';
import { sendText } from './send-text.ts';

export function reply(
  response: ServerResponse,
  answer: { readonly status: number; readonly body?: unknown },
  headers: Readonly<Record<string, string>>,
  fault: Fault | undefined,
  /** Of an answer that is no text. */
  json = 'application/json; charset=utf-8',
): void {
  const isText = typeof answer.body === 'string';
  const text = isText ? (answer.body as string) : JSON.stringify(answer.body ?? '');
  if (fault?.do !== 'spoil') {
    const type = isText ? 'text/html' : json;
    if (answer.status === 204) response.writeHead(204, headers).end();
    else sendText(response, answer.status, text, { ...headers, 'content-type': type });
    return;
  }
  switch (fault.how) {
    case 'truncated':
      response.writeHead(answer.status, { 'content-type': json, 'content-length': text.length + 100 });
      response.write(text.slice(0, -5), () => response.destroy());
      return;
    case 'html':
      response.writeHead(answer.status, { 'content-type': 'text/html' });
      response.end('<html><head><title>Over capacity</title></head></html>');
      return;
    case 'empty':
      response.writeHead(answer.status, { 'content-type': json }).end();
      return;
    case 'wrong type':
      response
        .writeHead(answer.status, { 'content-type': json })
        .end('{"id":17,"data":[17],"response":[17],"items":"none"}');
      return;
    case 'gigantic':
      endless(response.writeHead(answer.status, { 'content-type': json }));
      return;
  }
}

/** Writes until the other side has enough. */
function endless(response: ServerResponse): void {
  const piece = Buffer.alloc(1024 * 1024, ' ');
  const more = (): void => {
    while (!response.destroyed && response.write(piece));
  };
  response.on('drain', more);
  more();
}
