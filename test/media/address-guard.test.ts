import { describe, expect, it } from 'vitest';
import { guardedLookup, isPublicAddress, literalAddress } from '../../src/media/address-guard.ts';

describe('isPublicAddress', () => {
  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '93.184.216.34',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700::1111',
    '2a00:1450:4001::1',
  ])('takes %s', (address) => expect(isPublicAddress(address)).toBe(true));

  it.each([
    ['this machine', '127.0.0.1'],
    ['this machine', '127.255.255.254'],
    ['this machine, IPv6', '::1'],
    ['any address', '0.0.0.0'],
    ['any address, IPv6', '::'],
    ['private', '10.0.0.1'],
    ['private', '172.16.0.1'],
    ['private', '172.31.255.255'],
    ['private', '192.168.1.1'],
    ['a cloud’s metadata', '169.254.169.254'],
    ['shared by a provider (CGNAT)', '100.64.0.1'],
    ['multicast', '224.0.0.1'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['protocol assignments', '192.0.0.8'],
    ['benchmarks', '198.18.0.1'],
    ['documentation', '203.0.113.7'],
    ['unique local', 'fd00::1'],
    ['link-local', 'fe80::1'],
    ['link-local with a zone', 'fe80::1%eth0'],
    ['old site-local', 'fec0::1'],
    ['multicast, IPv6', 'ff02::1'],
    ['documentation, IPv6', '2001:db8::1'],
    ['IPv4 inside IPv6', '::ffff:127.0.0.1'],
    ['IPv4 inside IPv6, in hexadecimal', '::ffff:7f00:1'],
    ['a public IPv4 inside IPv6', '::ffff:8.8.8.8'],
    ['IPv4-compatible', '::127.0.0.1'],
    ['NAT64', '64:ff9b::7f00:1'],
    ['NAT64, local use', '64:ff9b:1::a00:1'],
    ['6to4', '2002:7f00:1::'],
    ['Teredo', '2001::1'],
    ['not given out', '4000::1'],
    ['no address at all', 'localhost'],
    ['no address at all', ''],
  ])('refuses %s: %s', (_what, address) => expect(isPublicAddress(address)).toBe(false));
});

describe('literalAddress', () => {
  it('knows an address from a name', () => {
    expect(literalAddress('127.0.0.1')).toBe('127.0.0.1');
    expect(literalAddress('[::1]')).toBe('::1');
    expect(literalAddress('example.com')).toBeUndefined();
  });
});

describe('guardedLookup', () => {
  const answer = (...addresses: string[]) =>
    guardedLookup((_name, _options, done) =>
      done(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      ),
    );
  const ask = (lookup: ReturnType<typeof guardedLookup>, all: boolean) =>
    new Promise<unknown>((resolve, reject) =>
      lookup('example.com', { all }, (error, address) => (error ? reject(error) : resolve(address))),
    );

  it('answers public addresses in the form that was asked for', async () => {
    expect(await ask(answer('8.8.8.8', '1.1.1.1'), false)).toBe('8.8.8.8');
    expect(await ask(answer('8.8.8.8', '2606:4700::1'), true)).toEqual([
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700::1', family: 6 },
    ]);
  });

  it('refuses the whole name for one private address among public ones', async () => {
    await expect(ask(answer('8.8.8.8', '10.0.0.1'), true)).rejects.toMatchObject({
      code: 'MEDIA_LINK_REFUSED',
    });
  });

  it('passes on that a name does not exist', async () => {
    const missing = guardedLookup((_name, _options, done) =>
      done(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), []),
    );
    await expect(ask(missing, true)).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });
});
