/** Starts every simulated network and chat, and the page that shows them. */
import type { SimulatedChat } from './chat.ts';
import { startDiscord } from './discord.ts';
import { startFacebook } from './facebook.ts';
import { startInstagram } from './instagram.ts';
import type { SimulatedNetwork } from './network.ts';
import { startPinterest } from './pinterest.ts';
import { type PanelServer, startPanel } from './server.ts';
import { createShelf } from './shelf.ts';
import { startTelegram } from './telegram.ts';
import { startTumblr } from './tumblr.ts';
import { startUploads } from './uploads.ts';
import { startX } from './x.ts';

export interface Simulators {
  /** The page. */
  readonly url: string;
  readonly networks: readonly SimulatedNetwork[];
  readonly chats: readonly SimulatedChat[];
  /** Variables with which the program publishes to all of the networks. */
  readonly environment: Readonly<Record<string, string>>;
  /** Those with which it is talked to in the chats, and not in its terminal. */
  readonly chatEnvironment: Readonly<Record<string, string>>;
  /** Throws when requests were made that a real network would not have liked. */
  stop(): Promise<void>;
}

/** The page's own port is the first one; the others follow it. */
const OFFSETS = {
  facebook: 1,
  uploads: 2,
  instagram: 3,
  pinterest: 4,
  tumblr: 5,
  x: 6,
  discord: 7,
  telegram: 8,
  program: 10,
};
export const PORTS_USED = OFFSETS.program;

/** @param port the first one; 0 for any that are free, which leaves out the program's own pages */
export async function startSimulators(port: number): Promise<Simulators> {
  const shelf = createShelf();
  const files = { onFile: shelf.put };
  const at = (offset: number): number => (port === 0 ? 0 : port + offset);
  const running: { stop(): Promise<void> }[] = [];
  const started = <T extends { stop(): Promise<void> }>(one: T): T => {
    running.push(one);
    return one;
  };
  const stop = async (): Promise<void> => {
    const results = await Promise.allSettled(running.splice(0).map((each) => each.stop()));
    const reasons = results.flatMap((each) => (each.status === 'rejected' ? [String(each.reason)] : []));
    if (reasons.length > 0) throw new Error(reasons.join('\n'));
  };
  try {
    const facebook = started(await startFacebook(at(OFFSETS.facebook), files));
    const instagram = started(await startInstagram(at(OFFSETS.instagram), files));
    const hosts = { facebook: facebook.uploadUrl, instagram: instagram.uploadUrl };
    const uploads = started(await startUploads(at(OFFSETS.uploads), hosts));
    const networks: readonly SimulatedNetwork[] = [
      facebook,
      instagram,
      started(await startPinterest(at(OFFSETS.pinterest), files)),
      started(await startTumblr(at(OFFSETS.tumblr), files)),
      started(await startX(at(OFFSETS.x), files)),
    ];
    const chats: readonly SimulatedChat[] = [
      started(await startDiscord(at(OFFSETS.discord))),
      started(await startTelegram(at(OFFSETS.telegram))),
    ];
    const chatEnvironment = Object.assign({}, ...chats.map((each) => each.environment));
    const environment: Record<string, string> = {
      ...Object.assign({}, ...networks.map((each) => each.environment)),
      FACEBOOK_UPLOAD_URL: uploads.url,
      ...(port === 0 ? {} : programSettings(port)),
    };
    const panel: PanelServer = await startPanel(port, {
      networks,
      chats,
      shelf,
      environment: (withChats) => shell({ ...environment, ...(withChats ? chatEnvironment : {}) }),
    });
    // First, since it lets go what hangs.
    running.unshift(panel);
    return { url: panel.url, networks, chats, environment, chatEnvironment, stop };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}

/** Beside the real bot of this machine, and not in its data. Instagram fetches pictures from the program's pages. */
function programSettings(port: number): Readonly<Record<string, string>> {
  const own = port + OFFSETS.program;
  return { PORT: String(own), PUBLIC_URL: `http://127.0.0.1:${own}`, DATA_DIR: './data/simulators' };
}

/** Lines that a shell takes; a secret may hold any character. */
export function shell(environment: Readonly<Record<string, string>>): string {
  return Object.entries(environment)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`)
    .join('');
}
