import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { IncomingMedia } from '../../../src/core/media.ts';
import type { ScriptedDesk } from './scripted-desk.ts';
import { eventually, setStage } from './stage.ts';

const MEGABYTE = 1024 * 1024;

type Attachment = Extract<IncomingMedia, { kind: 'attachment' }>;

function attachments(desk: ScriptedDesk, run = 0): Attachment[] {
  return desk.runs[run]!.media.map((medium) => {
    if (medium.kind !== 'attachment') throw new Error(`an attachment was expected, this is a ${medium.kind}`);
    return medium;
  });
}

async function bytesOf(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}

const open = async (medium: Attachment): Promise<Buffer> =>
  bytesOf(await medium.open(new AbortController().signal));

describe('media with a command in the caption', () => {
  it('takes the largest size of a photo, and reads its bytes when core wants them', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    const bytes = Buffer.from('the large picture');
    anna.sendPhoto({ bytes, caption: '/post to:x Look' });
    await anna.chat.waitForMessage('post: to:x Look');
    expect(telegram.calls('getFile')).toHaveLength(0);
    const [photo] = attachments(desk);
    expect(photo).toMatchObject({ declaredBytes: bytes.length });
    expect(await open(photo!)).toEqual(bytes);
  });

  it('takes videos, animations and files as they are, with their names', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    anna.sendVideo({ bytes: Buffer.from('video'), caption: '/post v', name: 'clip one.mp4' });
    await anna.chat.waitForMessage('post: v');
    anna.sendAnimation({ bytes: Buffer.from('gif'), caption: '/post a' });
    await anna.chat.waitForMessage('post: a');
    anna.sendDocument({ bytes: Buffer.from('original'), caption: '/post d', name: 'poster ü.png' });
    await anna.chat.waitForMessage('post: d');
    expect(desk.runs.map((_, index) => attachments(desk, index).length)).toEqual([1, 1, 1]);
    expect(attachments(desk, 0)[0]!.name).toBe('clip one.mp4');
    expect(attachments(desk, 2)[0]!.name).toBe('poster ü.png');
    const contents = await Promise.all([0, 1, 2].map((run) => open(attachments(desk, run)[0]!)));
    expect(contents.map(String)).toEqual(['video', 'gif', 'original']);
  });

  it('names a broken download without the address, which holds the token', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    anna.sendPhoto({ caption: '/post x' });
    await anna.chat.waitForMessage('post: x');
    const [photo] = attachments(desk);
    telegram.faults.serverError('file', 1, 503);
    const error = await open(photo!).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'MEDIA_UNREACHABLE',
      message: expect.stringContaining('status 503'),
    });
    expect(JSON.stringify(error)).not.toContain(telegram.token);
    telegram.faults.dropBefore('file');
    await expect(open(photo!)).rejects.toMatchObject({ code: 'MEDIA_UNREACHABLE' });
    telegram.faults.refuse('getFile', 'Bad Request: wrong file_id');
    await expect(open(photo!)).rejects.toMatchObject({ code: 'MEDIA_UNREACHABLE' });
    telegram.faults.dropBefore('getFile');
    await expect(open(photo!)).rejects.toMatchObject({ code: 'CHAT_UNAVAILABLE' });
    expect((await open(photo!)).toString()).toBe('a picture');
  });

  it('ends a download when core does', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    anna.sendPhoto({ caption: '/post x' });
    await anna.chat.waitForMessage('post: x');
    telegram.faults.slow('file', 5_000);
    const aborter = new AbortController();
    const opening = attachments(desk)[0]!.open(aborter.signal);
    await telegram.waitForRequest('file', 1);
    aborter.abort(new Error('enough'));
    await expect(opening).rejects.toThrow('enough');
  });

  it('tells at once what is larger than Telegram hands out, and the way out; the desk is not bothered', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    anna.sendVideo({ caption: '/post big', name: 'holiday.mp4', size: 25 * MEGABYTE });
    const answer = await anna.chat.waitForMessage('holiday.mp4 (25 MB)');
    expect(answer.text).toContain('20 MB');
    expect(answer.text).toContain('media:https://');
    expect(answer.text).toContain('TELEGRAM_API_URL');
    expect(desk.runs).toHaveLength(0);
  });

  it('takes large files from a local Bot API server, which has no limit', async () => {
    const { telegram, desk } = await setStage({ simulator: { fileLimit: 2000 * MEGABYTE } });
    const anna = telegram.user('Anna');
    anna.sendVideo({ caption: '/post big', bytes: Buffer.from('long'), size: 25 * MEGABYTE });
    await anna.chat.waitForMessage('post: big');
    expect((await open(attachments(desk)[0]!)).toString()).toBe('long');
  });

  it('reads the disk of a local Bot API server that runs beside it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'carillon-bot-api-'));
    try {
      const { telegram, desk } = await setStage({ simulator: { localFolder: folder } });
      const anna = telegram.user('Anna');
      anna.sendVideo({ caption: '/post local', bytes: Buffer.from('from the disk') });
      await anna.chat.waitForMessage('post: local');
      expect((await open(attachments(desk)[0]!)).toString()).toBe('from the disk');
      expect(telegram.calls('file')).toHaveLength(0);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('says what cannot be posted', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    anna.sendVoice({ caption: '/post listen' });
    await anna.chat.waitForMessage('A voice message cannot be posted');
    expect(desk.runs).toHaveLength(0);
  });
});

describe('albums', () => {
  it('become one request with all pictures in their order and the words of the caption', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    const pictures = ['one', 'two', 'three'].map((name) => ({ bytes: Buffer.from(name) }));
    const sent = await anna.sendAlbum(pictures, { caption: '/post to:x Three of them' });
    const answer = await anna.chat.waitForMessage('post: to:x Three of them');
    expect(answer.replyTo).toBe(sent[0]!.id);
    expect(desk.runs).toHaveLength(1);
    const contents = await Promise.all(attachments(desk).map(open));
    expect(contents.map(String)).toEqual(['one', 'two', 'three']);
  });

  it('find the command at whichever picture it stands', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    await anna.sendAlbum([{}, { caption: '/post second has it' }, {}]);
    await anna.chat.waitForMessage('post: second has it');
    expect(attachments(desk)).toHaveLength(3);
  });

  it('do not hold up the chat while they wait, nor another album', async () => {
    const { telegram, desk } = await setStage({ options: { albumWaitMs: 25_000 } });
    const anna = telegram.user('Anna');
    await anna.sendAlbum([{}, {}], {
      caption: '/post album',
      between: async (index) => {
        if (index !== 0) return;
        anna.say('/help');
        await anna.chat.waitForMessage('help:');
        expect(desk.runs.map((run) => run.command)).toEqual(['help']);
      },
    });
    await anna.chat.waitForMessage('post: album');
    expect(attachments(desk, 1)).toHaveLength(2);
  });

  it('lose nothing when the front-end restarts between their parts', async () => {
    const stage = await setStage({ options: { albumWaitMs: 60_000_000 } });
    const { telegram, desk } = stage;
    const anna = telegram.user('Anna');
    await anna.sendAlbum(
      [{ bytes: Buffer.from('one') }, { bytes: Buffer.from('two') }, { bytes: Buffer.from('three') }],
      {
        caption: '/post all three',
        between: async (index) => {
          if (index !== 1) return;
          // Both parts are in the inbox once the next poll has acknowledged them.
          await eventually(
            () =>
              telegram.calls('getUpdates').at(-1)?.params.offset === telegram.updates.at(-1)!.update_id + 1,
          );
          stage.setOptions({ albumWaitMs: 3_000 });
          await stage.restart();
        },
      },
    );
    await anna.chat.waitForMessage('post: all three');
    const contents = await Promise.all(attachments(desk).map(open));
    expect(contents.map(String)).toEqual(['one', 'two', 'three']);
    expect(desk.runs).toHaveLength(1);
  });

  it('count a part once that is delivered twice while the album waits', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    await anna.sendAlbum([{}, {}], {
      caption: '/post two',
      between: () => telegram.redeliver(telegram.updates.at(-1)!),
    });
    await anna.chat.waitForMessage('post: two');
    expect(attachments(desk)).toHaveLength(2);
  });

  it('say so when Telegram shows the bot only one of their pictures, in a group', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    const group = telegram.group('Team');
    desk.known.add(group.id);
    await anna.in(group).sendAlbum([{}, {}], { caption: '/post two', only: [0] });
    await group.waitForMessage('Only one picture of this album reached me');
    expect(desk.runs).toHaveLength(0);
  });

  it('tell of a picture that came too late', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    await anna.sendAlbum([{}, {}, {}], {
      caption: '/post two in time',
      between: async (index) => {
        if (index === 1) await anna.chat.waitForMessage('post: two in time');
      },
    });
    await anna.chat.waitForMessage('arrived after the rest of its album');
    expect(attachments(desk)).toHaveLength(2);
  });
});
