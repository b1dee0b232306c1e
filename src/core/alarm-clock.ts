/**
 * The port to whatever wakes the dispatcher when a post is due (Agenda in src/jobs). An alarm carries ids only and is
 * never the truth: the documents are.
 */
export interface AlarmClock {
  /** Rings at this instant too; setting the same again changes nothing. Whoever moves a post clears its alarms first. */
  set(postId: string, at: Date, priority: number): Promise<void>;
  clear(postId: string): Promise<void>;
}
