/** What a call to Pinterest failed with, before it is known what that means for the step that made it. */
import { CallFailure } from '../failure.ts';
import type { PinterestProblem } from './problem.ts';

export class PinterestFailure extends CallFailure<PinterestProblem> {}
