/** The X simulator and the variables that lead the program to it. */
import { startXSimulator, type XSimulator } from '../simulators/x/server.ts';
import type { Test } from './program.ts';

export interface SimulatedX {
  readonly x: XSimulator;
  readonly env: Readonly<Record<string, string>>;
}

export async function startX(
  t: Test,
  settings: Parameters<typeof startXSimulator>[0] = {},
): Promise<SimulatedX> {
  const x = await startXSimulator({ processingMs: 200, ...settings });
  t.onTestFinished(() => x.stop());
  const { apiKey, apiSecret, accessToken, accessSecret } = x.credentials;
  return {
    x,
    env: {
      X_API_URL: x.url,
      X_API_KEY: apiKey,
      X_API_SECRET: apiSecret,
      X_ACCESS_TOKEN: accessToken,
      X_ACCESS_SECRET: accessSecret,
    },
  };
}

export const CREATE = /^\/2\/tweets$/;

/** The creating calls that reached X. */
export function creations(x: XSimulator): number {
  return x.requests.filter(({ method, path }) => method === 'POST' && CREATE.test(path)).length;
}

/** How often the program looked at what is there. */
export function timelines(x: XSimulator): number {
  return x.requests.filter(({ method, path }) => method === 'GET' && /\/users\/\d+\/tweets$/.test(path))
    .length;
}

/** Holds the next creating call at X until it is let go. */
export function holdCreation(x: XSimulator): () => void {
  let letGo: () => void = () => undefined;
  const until = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  x.faults.next('POST', CREATE, { do: 'hold', until });
  return letGo;
}

const LOOK_MS = 5;
const PATIENCE_MS = 20_000;

/** Waits for something at X that the program does not print. */
export async function eventually(what: string, condition: () => boolean): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`Waited ${PATIENCE_MS} ms in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
