import type { RenewedTokens, TokenVault } from '../../src/publishers/token-vault.ts';

/** A vault in memory that tells what happened to it. */
export function memoryVault() {
  const saves: RenewedTokens[] = [];
  let failure: Error | undefined;
  const vault: TokenVault = {
    load: async () => saves.at(-1),
    async save(tokens) {
      if (failure) throw failure;
      saves.push(tokens);
    },
  };
  return {
    ...vault,
    saves,
    fail: (error: Error | undefined) => {
      failure = error;
    },
  };
}
