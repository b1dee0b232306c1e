/** Something that a tool will not do, or found wrong, told to the person who called it: a sentence, no stack. */
export class Refusal extends Error {
  override name = 'Refusal';
}
