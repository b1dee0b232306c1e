/** What a call to X failed with, before it is known what that means for the step that made it. */
import { CallFailure } from '../failure.ts';
import type { XProblem } from './problem.ts';

export class XFailure extends CallFailure<XProblem> {}
