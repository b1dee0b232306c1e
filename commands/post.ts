/** `/post`: publishes at once. */
import { defineCommand } from '../src/core/command.ts';
import { COMPOSE_OPTIONS } from '../src/core/desk/compose-options.ts';
import { composeReply } from '../src/core/desk/compose-reply.ts';

export default defineCommand({
  name: 'post',
  summary: 'Publish now',
  role: 'editor',
  options: COMPOSE_OPTIONS,
  examples: [
    '/post Hello world',
    '/post to:x,tumblr We are open today until 20:00',
    '/post to:instagram media:shop.jpg alt:"Our shop window" New in',
  ],
  run: (context, options) => composeReply(context, options),
});
