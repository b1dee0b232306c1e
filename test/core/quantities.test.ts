import { expect, it } from 'vitest';
import { cleanName, linkLabel } from '../../src/core/media-label.ts';
import { describeBytes, describeDuration, describeShape, describeSize } from '../../src/core/quantities.ts';

it.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [1023, '1023 bytes'],
  [1536, '1.5 kB'],
  [5 * 1024 ** 2, '5 MB'],
  [1.25 * 1024 ** 3, '1.3 GB'],
])('%i bytes', (bytes, words) => expect(describeBytes(bytes)).toBe(words));

it.each([
  [500, '0.5 s'],
  [59_000, '59 s'],
  [60_000, '1 min'],
  [140_000, '2 min 20 s'],
  [3_900_000, '1 h 5 min'],
  [86_400_000, '1 day'],
  [180_000_000, '2 days 2 h'],
])('%i ms', (milliseconds, words) => expect(describeDuration(milliseconds)).toBe(words));

it.each([
  [1, '1:1'],
  [0.8, '4:5'],
  [16 / 9, '16:9'],
  [2 / 3, '2:3'],
  [1.91, '1.91:1'],
  [1 / 40, '1:40'],
])('shape %f', (shape, words) => expect(describeShape(shape)).toBe(words));

it('size', () => expect(describeSize(3, 4)).toBe('3 × 4'));

it.each([
  ['photo.jpg', 'photo.jpg'],
  ['  ', 'file'],
  ['a\n\tb\u0000c', 'a bc'],
  ['photo\u202egpj.exe', 'photogpj.exe'],
  ['x'.repeat(200), `${'x'.repeat(39)}…${'x'.repeat(39)}`],
  ['😀'.repeat(100), `${'😀'.repeat(39)}…${'😀'.repeat(39)}`],
])('name %j', (name, clean) => expect(cleanName(name)).toBe(clean));

it.each([
  ['https://example.com/a.jpg?token=secret#x', 'example.com/a.jpg'],
  ['https://me:secret@example.com/a', 'example.com/a'],
  ['file:///etc/passwd', 'file:…'],
  ['no link?secret', 'no link'],
])('link %s', (url, label) => expect(linkLabel(url)).toBe(label));
