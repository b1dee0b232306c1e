/** The wall as a page: five small feeds that update themselves. Everything is in one answer; nothing is fetched from elsewhere. */
import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { SAFE_HEADERS } from './respond.ts';
import { WALL_SCRIPT } from './wall-script.ts';
import { WALL_STYLE } from './wall-style.ts';

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The wall · Carillon</title>
<style>${WALL_STYLE}</style>
</head>
<body>
<header><h1>The wall</h1><p>What the rehearsal accounts published. Nothing here has left this machine.</p><p id="state" role="status"></p></header>
<main id="feeds"></main>
<script>${WALL_SCRIPT}</script>
</body>
</html>
`;

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const POLICY = [
  "default-src 'none'",
  `script-src ${hash(WALL_SCRIPT)}`,
  `style-src ${hash(WALL_STYLE)}`,
  "img-src 'self'",
  "media-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function sendWallPage(response: ServerResponse): void {
  response
    .writeHead(200, {
      ...SAFE_HEADERS,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': POLICY,
    })
    .end(PAGE);
}
