// Which cases ask for a server that this one is not. A case is left out only for what its file says, never for its result.
import type { Db } from 'mongodb';
import type { Requirement } from './case-format.ts';

export interface ServerFacts {
  version: number[];
  topology: 'single' | 'replicaset';
}

export async function readFacts(admin: Db): Promise<ServerFacts> {
  const [{ version }, hello] = [await admin.command({ buildInfo: 1 }), await admin.command({ hello: 1 })];
  return { version: numbers(version), topology: hello.setName ? 'replicaset' : 'single' };
}

/** @returns what is missing, or undefined when one of the requirements is met (or there are none) */
export function unmet(
  facts: ServerFacts,
  requirements: readonly Requirement[] | undefined,
): string | undefined {
  if (!requirements?.length) return undefined;
  const missing = requirements.map((requirement) => missingFor(facts, requirement));
  return missing.includes(undefined) ? undefined : [...new Set(missing)].join(' or ');
}

function missingFor(facts: ServerFacts, requirement: Requirement): string | undefined {
  const { minServerVersion, maxServerVersion, topologies, serverless, serverParameters, auth, csfle } =
    requirement;
  if (minServerVersion && compare(facts.version, numbers(minServerVersion)) < 0)
    return `MongoDB ${minServerVersion} or later`;
  if (maxServerVersion && compare(facts.version, numbers(maxServerVersion)) > 0)
    return `MongoDB ${maxServerVersion} or earlier`;
  if (topologies && !topologies.includes(facts.topology)) return `topology ${topologies.join(', ')}`;
  if (serverless === 'require') return 'serverless';
  if (serverParameters) return `server parameters ${Object.keys(serverParameters).join(', ')}`;
  if (auth) return 'users';
  if (csfle) return 'encryption by the client';
  return undefined;
}

/** "4.4.99", "5.0", "latest". */
function numbers(version: string): number[] {
  return version === 'latest'
    ? [Number.POSITIVE_INFINITY]
    : version.split('.').map((part) => Number.parseInt(part, 10));
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < 3; at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
