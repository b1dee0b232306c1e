/** Thrown for what this runner cannot do: the case is left out and the reason reported; it says nothing of the server. */
export class RunnerLacks extends Error {}
