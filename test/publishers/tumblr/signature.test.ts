import { describe, expect, it } from 'vitest';
import { authorization } from '../../../src/publishers/tumblr/signature.ts';

const signatureOf = (header: string) =>
  decodeURIComponent(/oauth_signature="([^"]+)"/.exec(header)?.[1] ?? '');

describe('OAuth 1.0a signatures', () => {
  it('are those of the example in OAuth Core 1.0 (appendix A.5)', () => {
    const header = authorization(
      { method: 'GET', url: new URL('http://photos.example.net/photos?file=vacation.jpg&size=original') },
      {
        consumerKey: 'dpf43f3p2l4k3l03',
        consumerSecret: 'kd94hf93k423kf44',
        token: 'nnch734d00sl2jdk',
        tokenSecret: 'pfkkdhi9sl3r4s00',
      },
      { nonce: 'kllo9940pd9333jh', seconds: 1191242096 },
    );
    expect(signatureOf(header)).toBe('tR3+Ty81lMeYAr/Fid0kMTYa/WM=');
    expect(header).toContain('oauth_consumer_key="dpf43f3p2l4k3l03"');
    expect(header).not.toContain('kd94hf93k423kf44');
  });

  it('are those of a documented post whose form is signed with its query', () => {
    const header = authorization(
      {
        method: 'POST',
        url: new URL('https://api.twitter.com/1.1/statuses/update.json?include_entities=true'),
        form: { status: 'Hello Ladies + Gentlemen, a signed OAuth request!' },
      },
      {
        consumerKey: 'xvz1evFS4wEEPTGEFPHBog',
        consumerSecret: 'kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw',
        token: '370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb',
        tokenSecret: 'LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE',
      },
      { nonce: 'kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg', seconds: 1318622958 },
    );
    expect(signatureOf(header)).toBe('hCtSmYh+iHYCEqBWrE7C7hYmtUk=');
  });
});
