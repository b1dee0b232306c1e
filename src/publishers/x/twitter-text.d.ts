/** The two modules of @ambassify/twitter-text that are used; the package brings no types. */
declare module '@ambassify/twitter-text' {
  export interface UrlAt {
    readonly url: string;
    /** UTF-16 positions: start included, end excluded. */
    readonly indices: readonly [number, number];
  }
  const twitterText: {
    parseTweet(text: string): { readonly weightedLength: number };
    extractUrlsWithIndices(text: string): readonly UrlAt[];
    extractEntitiesWithIndices(text: string): readonly Pick<UrlAt, 'indices'>[];
    extractCashtags(text: string): readonly string[];
    hasInvalidCharacters(text: string): boolean;
  };
  export = twitterText;
}
