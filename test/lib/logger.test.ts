import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { failure } from '../../src/core/errors.ts';
import { createLogger } from '../../src/lib/logger.ts';
import { Secret } from '../../src/lib/secret.ts';

const folder = mkdtempSync(join(tmpdir(), 'carillon-log-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('writes lines with the facts of its children, masks secrets wherever they stand, and keeps the file to its owner', () => {
  const file = join(folder, 'logs', 'carillon.log');
  const log = createLogger({
    level: 'info',
    to: { file },
    pretty: false,
    secrets: [new Secret('123456:token-of-a-bot')],
  });
  const error = failure('PlatformUnavailable', {
    code: 'PLATFORM_UNAVAILABLE',
    message: 'GET https://api.test/bot123456:token-of-a-bot/getMe failed',
    hint: 'Later.',
    cause: new Error('inner 123456:token-of-a-bot'),
  });
  log
    .child({ postId: 'K7QPD' })
    .warn({ err: error, url: 'https://api.test/bot123456:token-of-a-bot/x' }, 'it failed');
  log.debug({}, 'below the level');
  log.flush();
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain('token-of-a-bot');
  expect(JSON.parse(lines[0]!)).toMatchObject({
    level: 'warn',
    postId: 'K7QPD',
    msg: 'it failed',
    err: {
      kind: 'PlatformUnavailable',
      code: 'PLATFORM_UNAVAILABLE',
      cause: { message: expect.stringContaining('inner') },
    },
  });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});
