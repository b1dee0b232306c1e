/** Editing a message, by whichever way it comes. */
import type { APIMessageTopLevelComponent } from 'discord.js';
import { messageFaults } from './message-rules.ts';
import { insist } from './refusal.ts';
import { COMPONENTS_V2, LOADING, type SimMessage } from './world.ts';

type Json = Record<string, unknown>;

/** Changes a message as an edit does: what the body leaves out stays. */
export function changeMessage(message: SimMessage, body: Json): void {
  insist(messageFaults(body, message.flags & COMPONENTS_V2));
  message.flags = (message.flags & ~LOADING) | (Number(body.flags ?? 0) & COMPONENTS_V2);
  if (body.content !== undefined) message.content = String(body.content ?? '');
  if (body.components !== undefined) message.components = body.components as APIMessageTopLevelComponent[];
  message.edits += 1;
}
