/** Which publishers there are: one rehearsal for each network, and the real ones that the configuration has credentials for. */
import type { Clock, Random } from '../core/clock.ts';
import type { BlobStore } from '../core/media.ts';
import type { Publisher } from '../core/publisher.ts';
import type { Wall } from '../core/wall.ts';
import { facebook } from './facebook/rules.ts';
import type { FacebookSettings } from './facebook/settings.ts';
import { instagram } from './instagram/rules.ts';
import type { InstagramSettings, MediaLinks } from './instagram/settings.ts';
import type { NetworkRules } from './network-rules.ts';
import { pinterest } from './pinterest/rules.ts';
import type { PinterestSettings } from './pinterest/settings.ts';
import { type BudgetMemory, budgetId } from './rate-budget.ts';
import { createRehearsalPublisher } from './rehearsal.ts';
import type { TokenVault } from './token-vault.ts';
import { tumblr } from './tumblr/rules.ts';
import type { TumblrSettings } from './tumblr/settings.ts';
import { x } from './x/rules.ts';
import type { XSettings } from './x/settings.ts';

/** In the order in which networks are shown to people. */
export const NETWORK_RULES: readonly NetworkRules[] = [facebook, instagram, pinterest, tumblr, x];

/** What of the configuration the publishers need; a network without credentials is left out. */
export interface PublisherSettings {
  readonly facebook?: FacebookSettings;
  readonly instagram?: InstagramSettings;
  readonly pinterest?: PinterestSettings;
  readonly tumblr?: TumblrSettings;
  readonly x?: XSettings;
}

export interface PublisherPorts {
  readonly wall: Wall;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly random: Random;
  /** Where tokens that a network renews are kept. */
  tokenVault(network: string): TokenVault;
  /** Where it is kept what is left of the allowances of a set of credentials; absent: forgotten at the end of the process. */
  openBudget?(id: string): Promise<BudgetMemory>;
  /** The address of the page that shows the wall, once there is one. */
  wallAddress?(): string | undefined;
  /** Public addresses of single files; absent: this program has none. */
  readonly mediaLinks?: MediaLinks;
}

export interface Publishers {
  readonly live: ReadonlyMap<string, Publisher>;
  readonly rehearsal: ReadonlyMap<string, Publisher>;
  readonly rules: ReadonlyMap<string, NetworkRules>;
}

/** Makes them; the code and the client library of a real network are imported only when it is configured. */
export async function createPublishers(
  settings: PublisherSettings,
  ports: PublisherPorts,
): Promise<Publishers> {
  const live = new Map<string, Publisher>();
  if (settings.facebook) {
    const { createFacebookPublisher } = await import('./facebook/publisher.ts');
    const { pageToken } = settings.facebook.credentials;
    const known = await withBudget(settings.facebook, facebook.network, pageToken, ports);
    live.set(facebook.network, createFacebookPublisher(known, ports.clock));
  }
  if (settings.instagram) {
    const { createInstagramPublisher } = await import('./instagram/publisher.ts');
    const { accessToken } = settings.instagram.credentials;
    const known = await withBudget(settings.instagram, instagram.network, accessToken, ports);
    live.set(instagram.network, createInstagramPublisher(known, ports.clock, ports.mediaLinks));
  }
  if (settings.pinterest) {
    const { createPinterestPublisher } = await import('./pinterest/publisher.ts');
    const vault = ports.tokenVault(pinterest.network);
    const { accessToken } = settings.pinterest.credentials;
    const known = await withBudget(settings.pinterest, pinterest.network, accessToken, ports);
    live.set(pinterest.network, createPinterestPublisher(known, vault, ports.clock));
  }
  if (settings.tumblr) {
    const { createTumblrPublisher } = await import('./tumblr/publisher.ts');
    const vault = ports.tokenVault(tumblr.network);
    const { credentials } = settings.tumblr;
    const token = 'tokenSecret' in credentials ? credentials.token : credentials.accessToken;
    const known = await withBudget(settings.tumblr, tumblr.network, token, ports);
    live.set(tumblr.network, createTumblrPublisher(known, vault, ports.clock, ports.random));
  }
  if (settings.x) {
    const { createXPublisher } = await import('./x/publisher.ts');
    const { accessToken } = settings.x.credentials;
    const known = await withBudget(settings.x, x.network, accessToken, ports);
    live.set(x.network, createXPublisher(known, ports.clock));
  }
  return {
    live,
    rehearsal: new Map(NETWORK_RULES.map((rules) => [rules.network, createRehearsalPublisher(rules, ports)])),
    rules: new Map(NETWORK_RULES.map((rules) => [rules.network, rules])),
  };
}

/** The settings with what is left of the allowances that this secret has. */
async function withBudget<T extends object>(
  settings: T,
  network: string,
  secret: string,
  { openBudget }: PublisherPorts,
): Promise<T & { readonly budget?: BudgetMemory }> {
  return openBudget ? { ...settings, budget: await openBudget(budgetId(network, secret)) } : settings;
}
