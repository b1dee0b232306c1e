/**
 * Each error code once: what it means, what the bot does, what the person does. docs/errors.md is this table for people;
 * a test keeps the two equal.
 */
import { COMMAND_ERRORS } from './error-codes/commands.ts';
import { MEDIA_ERRORS } from './error-codes/media.ts';
import { NETWORK_ERRORS } from './error-codes/networks.ts';
import { POST_ERRORS } from './error-codes/posts.ts';
import { PROGRAM_ERRORS } from './error-codes/program.ts';

export const ERROR_CODES = {
  ...COMMAND_ERRORS,
  ...POST_ERRORS,
  ...MEDIA_ERRORS,
  ...NETWORK_ERRORS,
  ...PROGRAM_ERRORS,
};

export type ErrorCode = keyof typeof ERROR_CODES;
