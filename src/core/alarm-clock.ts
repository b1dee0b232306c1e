/**
 * The port to whatever wakes the dispatcher when a post is due (Agenda in src/jobs). An alarm carries ids only and is
 * never the truth: the documents are.
 */
export interface AlarmClock {
  /** One alarm per post; setting it again moves it. */
  set(postId: string, at: Date, priority: number): Promise<void>;
  clear(postId: string): Promise<void>;
}
