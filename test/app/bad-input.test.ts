/** Everything that people get wrong or try on: a clear error with a remedy, nothing lost, nothing half done, process alive. */
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/core/clock.ts';
import { startEmbedded } from '../../src/embedded/index.ts';
import { systemRandom } from '../../src/lib/system-clock.ts';
import { createStores, openDatabase } from '../../src/stores/index.ts';
import { newFolder, sharedByFile, type Test } from '../e2e/program.ts';
import { plain } from '../media/samples.ts';
import { type Inside, startInside } from './inside.ts';

const file = sharedByFile();
let program: Inside;
let origin = '';
beforeAll(async () => {
  origin = await serve(file);
  // Addresses of this machine are refused to people; one that the owner of the bot names is trusted, and what it leads to is not.
  program = await startInside(file, { env: { PINTEREST_API_URL: origin } });
}, 60_000);

afterEach(async () => {
  expect((await program.health()).status).toBe(200);
  expect(program.log.filter(({ level }) => level === 'error')).toEqual([]);
});

/** Types a line and answers what is printed from then on, once it matches. */
async function answerTo(line: string, what: RegExp): Promise<string> {
  const from = program.output.length;
  program.type(line);
  await program.sees(what, from);
  return program.output.slice(from);
}

/** Nothing is planned, drafted or published. */
async function expectNothingDone(): Promise<void> {
  const wall = await program.wall();
  const said = await answerTo('/queue state:all', /Queue: all[^\n]*\n[^\n]+\n/);
  expect({ wall, said }).toEqual({ wall: [], said: expect.stringContaining('nothing here') });
}

describe('a slip of the keyboard', () => {
  it.each([
    ['an unknown command', '/psot Hello', /no command \/psot\. Did you mean \/post\?\nSee \/help/],
    [
      'an unknown option',
      '/post txet:"Hi" there',
      /no option “txet”\. Did you mean “text”\?\nPossible here: text:/,
    ],
    [
      'a quote that is left open',
      '/post to:x alt:"Our shop Hello',
      /quote after alt: is not closed[^\n]*\nClose it/,
    ],
    [
      'an account that is not there',
      '/post to:tumbler Hello',
      /no account “tumbler”\. Did you mean tumblr\?\nPossible here: all/,
    ],
    [
      'a time that is none',
      '/schedule when:soonish Hello',
      /“soonish” is no time that I understand[^\n]*\nWrite it like “tomorrow 9:00”/,
    ],
    [
      'a time in two pieces',
      '/schedule when:tomorrow 9:00 Hello',
      /only the beginning of a time[^\n]*\nPut a time of several words in quotes/,
    ],
    [
      'a time that has passed',
      '/schedule when:"2020-01-01 09:00" Hello',
      /that has passed\.\nThe next such time is/,
    ],
    [
      'a time past the end of plans',
      '/schedule when:"2099-01-01 09:00" Hello',
      /more than five years ahead\.\nChoose an earlier time/,
    ],
    [
      'an expiry before the post',
      '/schedule when:"in 2 hours" expires:"in 1 hour" Hello',
      /expire before it is due\.\nGive a later/,
    ],
    [
      'a zone that is none',
      '/settings time_zone:Europe/Rom',
      /no time zone “Europe\/Rom”\. Did you mean Europe\/Rome\?/,
    ],
    [
      'a zone in a time',
      '/schedule when:"tomorrow 9:00 Europe/Paries" Hello',
      /no time zone “Europe\/Paries”\. Did you mean Europe\/Paris/,
    ],
    ['an id that is not there', '/show post:#ZZZZZ', /no post #ZZZZZ here\.\nSee \/queue/],
    ['an id that is none', '/cancel post:$where', /no post [^\n]*here\.\nSee \/queue/],
    ['a post of nothing', '/post to:x', /nothing to post yet\.\nWrite the words/],
    ['a post of spaces', '/post to:x    ', /nothing to post yet\.\nWrite the words/],
    ['a number out of range', '/queue page:0', /`page` is “0”; possible is a whole number from 1/],
    [
      'a priority that is none',
      '/post priority:hihg Hello',
      /`priority` cannot be “hihg”\. Did you mean high\?/,
    ],
  ])('%s is told with what helps', async (_name, line, what) => {
    await answerTo(line, what);
    await expectNothingDone();
  });

  it('a wall time that is skipped or doubled is told with both choices, and a choice is taken', async () => {
    const gap = await answerTo(
      '/schedule to:x when:"2027-03-28 02:30" Gap',
      /does not exist in Europe\/Rome/,
    );
    expect(gap).toMatch(
      /Choose Sun, 28 Mar 2027, 01:30 Europe\/Rome[^\n]* or Sun, 28 Mar 2027, 03:30 Europe\/Rome/,
    );
    const fold = await answerTo(
      '/schedule to:x when:"2027-10-31 02:30" Fold',
      /happens twice in Europe\/Rome/,
    );
    const choices = [...fold.matchAll(/2027-10-31T\d\d:\d\dZ/g)].map(([choice]) => choice);
    expect(choices).toEqual(['2027-10-31T00:30Z', '2027-10-31T01:30Z']);
    await expectNothingDone();
    for (const choice of ['2027-03-28 03:30', ...choices]) {
      const taken = await answerTo(
        `/schedule to:x when:"${choice}" Chosen ${choice}`,
        /· scheduled[\s\S]*Cancel/,
      );
      expect(taken).toMatch(choice.includes('03-28') ? /28 Mar 2027, 03:30/ : /31 Oct 2027, 02:30/);
      const [, id] = /#([A-Z0-9]{5,6})/.exec(taken) ?? [];
      await answerTo(`/cancel post:#${id}`, /Cancel it/);
      await answerTo('1', /Cancelled/);
    }
    expect(await program.wall()).toEqual([]);
  });
});

describe('words', () => {
  it('of 100,000 characters are kept as a draft with the exact numbers; more than can be kept are refused', async () => {
    const said = await answerTo(`/post to:x,tumblr ${'w'.repeat(100_000)}`, /Cancel\n/);
    expect(said).toContain('at most 280 weighted characters');
    expect(said).toContain('found: 100000');
    expect(said).toContain('Nothing goes out yet');
    expect(await answerTo('/queue state:drafts', /Queue: drafts[\s\S]*Details/)).toContain('1 post');
    await answerTo(`/post to:x ${'w'.repeat(200_001)}`, /200001 characters; at most 200000 are kept/);
    expect(await program.wall()).toEqual([]);
  });

  it('with control characters and direction marks publish what can be shown, and cannot touch the terminal', async () => {
    const said = await answerTo(
      '/post to:x Bells \x1b[31mred\x07 \u202eesrever\u202c \u0645\u0631\u062d\u0628\u0627\u200f end\x9b2J',
      /“Bells[^\n]*\n\[ok\]/,
    );
    expect(said).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/);
    const [entry] = await program.wall();
    expect(entry?.text).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
    expect(entry?.text).toContain('\u0645\u0631\u062d\u0628\u0627');
  });
});

describe('a file', () => {
  it.each([
    [
      'that is a broken picture',
      'broken.jpg',
      async () => (await plain(200, 200).jpeg().toBuffer()).subarray(0, 300),
      /broken\.jpg: [^\n]*\n/,
    ],
    [
      'that is a script',
      'script.jpg',
      async () => Buffer.from('#!/bin/sh\nrm -rf ~\n'),
      /script\.jpg: This is a script, not a picture or video/,
    ],
    [
      'that is a web page',
      'page.png',
      async () => Buffer.from('<!doctype html><script>alert(1)</script>'),
      /page\.png: [^\n]*not a picture or video/,
    ],
    ['that is empty', 'empty.gif', async () => Buffer.alloc(0), /empty\.gif is empty\.\n/],
    [
      'that unpacks to an unreasonable size',
      'bomb.gif',
      async () => bomb(),
      /bomb\.gif: [^\n]*(?:pixels|unpack)[^\n]*\n/,
    ],
  ])('%s is refused, and nothing is kept', async (_name, name, bytes, what) => {
    const before = await program.wall();
    writeFileSync(join(program.folder, name), await bytes());
    const said = await answerTo(`/post to:tumblr media:${name} Words`, what);
    expect(said.trimEnd().split('\n')).toHaveLength(2);
    expect(await program.wall()).toEqual(before);
  });
});

describe('a link', () => {
  it.each([
    [
      'to this machine',
      'http://127.0.0.1:1/a.jpg',
      /address inside a private network[^\n]*\nAttach the file/,
    ],
    ['to the network inside', 'http://192.168.0.1/a.jpg', /address inside a private network/],
    ['to this machine in other clothes', 'http://[::ffff:127.0.0.1]/a.jpg', /private network/],
    ['that leads in circles', '/loop', /redirect/i],
    ['that leads to a private address', '/inside', /private network/],
    ['that leads to a file of this machine', '/file', /file:|web address|not followed|redirect/i],
    ['that never ends', '/endless', /not a picture or video/],
    ['that is not there', '/missing', /404/],
    ['to something that is no picture', '/page', /not a picture or video/],
    ['that breaks off', '/short', /[\s\S]/],
  ])('%s is told, and nothing is posted', async (_name, where, what) => {
    const before = await program.wall();
    const url = where.startsWith('/') ? `${origin}${where}` : where;
    const said = await answerTo(`/post to:tumblr media:${url} Words`, /^Error: [^\n]*\n[^\n]+\n/);
    expect(said).toMatch(what);
    expect(await program.wall()).toEqual(before);
  });
});

describe('somebody else’s post', () => {
  it('is not there, for every command and button', async (t) => {
    const folder = newFolder(t);
    const first = await startInside(t, { folder });
    first.type('/schedule to:x when:"in 2 hours" Ours');
    await first.sees(/· scheduled[\s\S]*Cancel/);
    await first.stop();
    const id = await plantForeignPost(join(first.data, 'database'));

    const second = await startInside(t, { folder });
    for (const line of [
      `/show post:#${id}`,
      `/edit post:#${id} Mine now`,
      `/move post:#${id} when:"in 3 hours"`,
      `/cancel post:#${id}`,
      `/retry post:#${id}`,
    ]) {
      const from = second.output.length;
      second.type(line);
      await second.sees(`There is no post #${id} here.`, from);
    }
    const from = second.output.length;
    second.type('/queue state:all');
    await second.sees(/Queue: all[\s\S]*Details/, from);
    expect(second.output.slice(from)).toContain('1 post');
    expect(second.output).not.toContain('Secret plan');
    // It is published for its own team all the same when its time comes, and this one hears nothing of it.
    expect((await second.health()).status).toBe(200);
  });
});

/** Puts a second team with a planned post into the database of a program that is not running. */
async function plantForeignPost(directory: string): Promise<string> {
  const database = await startEmbedded({ directory, listen: { socket: true }, thread: 'inline' });
  const { connection, close } = await openDatabase(database.uri, { timeoutMs: 5_000 });
  try {
    const stores = createStores(connection);
    const now = new Date();
    const id = newId(systemRandom, 5);
    const {
      posts: [ours],
    } = await stores.posts.list(
      (
        await stores.workspaces.ensureFirst(() => {
          throw new Error('there is one');
        })
      ).id,
      { standings: ['waiting'], order: 'due', skip: 0, limit: 1 },
    );
    const workspaceId = newId(systemRandom, 8);
    await stores.posts.insert({
      ...ours!,
      id,
      workspaceId,
      words: { text: 'Secret plan' },
      targets: [],
      createdAt: now,
    });
    return id;
  } finally {
    await close();
    await database.stop();
  }
}

/** 65,535 × 65,535 pixels in some fifty bytes. */
function bomb(): Buffer {
  const size = [0xff, 0xff, 0xff, 0xff];
  const screen = [...Buffer.from('GIF89a'), ...size, 0x80, 0, 0, 0, 0, 0, 255, 255, 255];
  const image = [0x2c, 0, 0, 0, 0, ...size, 0, 2, 2, 0x4c, 0x01, 0, 0x3b];
  return Buffer.from([...screen, ...image]);
}

/** Addresses that lead somewhere they should not. */
async function serve(t: Test): Promise<string> {
  const server: Server = createServer((request, response) => {
    switch (request.url) {
      case '/loop':
        response.writeHead(302, { location: '/loop' }).end();
        break;
      case '/inside':
        response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end();
        break;
      case '/file':
        response.writeHead(302, { location: 'file:///etc/passwd' }).end();
        break;
      case '/page':
        response.writeHead(200, { 'content-type': 'image/jpeg' }).end('<html><body>Not found</body></html>');
        break;
      case '/short':
        response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': '100000' });
        response.write(Buffer.from([0xff, 0xd8, 0xff, 0xe0]), () => response.destroy());
        break;
      case '/endless': {
        response.writeHead(200, { 'content-type': 'image/png' });
        const piece = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(1024 * 1024)]);
        const more = (): void => {
          while (!response.destroyed && response.write(piece));
        };
        response.on('drain', more);
        more();
        break;
      }
      default:
        response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
