import { expect, it } from 'vitest';
import { BoundedMap } from '../../src/core/bounded-map.ts';

it('past its bound forgets what was set longest ago', () => {
  const map = new BoundedMap<string, number>(2).set('a', 1).set('b', 2).set('c', 3);
  expect([...map]).toEqual([
    ['b', 2],
    ['c', 3],
  ]);
});

it('a key that is set again is the newest; one that is only read is not', () => {
  const map = new BoundedMap<string, number>(2).set('a', 1).set('b', 2).set('a', 3);
  map.get('b');
  expect([...map.set('c', 4).keys()]).toEqual(['a', 'c']);
  expect(map.get('a')).toBe(3);
});
