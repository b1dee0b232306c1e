import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { relay } from '../../src/core/relay.ts';

const inOurWords = (error: Error) => new Error(`ours: ${error.message}`);

it('passes bytes on', async () => {
  expect(
    (
      await buffer(relay(Readable.from([Buffer.from('ab'), Buffer.from('c')]), new PassThrough(), inOurWords))
    ).toString(),
  ).toBe('abc');
});

it('passes failures on in other words, an early end too', async () => {
  const failing = new Readable({
    read() {
      this.destroy(new Error('line dead'));
    },
  });
  await expect(buffer(relay(failing, new PassThrough(), inOurWords))).rejects.toThrow('ours: line dead');
  const cut = new Readable({
    read() {
      this.destroy();
    },
  });
  await expect(buffer(relay(cut, new PassThrough(), inOurWords))).rejects.toThrow('ours: Premature close');
});

it('lets go of a silent source when the reader leaves, or never comes', async () => {
  const silent = new Readable({ read() {} });
  const passed = relay(silent, new PassThrough(), inOurWords);
  const closed = new Promise((resolve) => silent.once('close', resolve));
  passed.destroy();
  await closed;
  expect(silent.destroyed).toBe(true);
});
