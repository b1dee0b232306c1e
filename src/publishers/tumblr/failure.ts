/** What a call to Tumblr failed with, before it is known what that means for the step that made it. */
import { CallFailure } from '../failure.ts';
import type { TumblrProblem } from './problem.ts';

export class TumblrFailure extends CallFailure<TumblrProblem> {}
