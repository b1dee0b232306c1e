/**
 * The one place where a person's command, button or completion becomes a reply: parse → access → run → reply, in this
 * order for every front-end. Errors are replies too; a desk never throws.
 */

import type { Caller, ChatDesk, CommandRequest, CompletionRequest, PressRequest } from '../chat.ts';
import { newId, type Random } from '../clock.ts';
import { CHOICES_MAX, type Choice, type CommandContext, type CommandDefinition } from '../command.ts';
import { parseCommandText } from '../command-text.ts';
import { restOption } from '../command-text-scan.ts';
import { asCarillonError, type CarillonError, usageError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { nearestName } from '../nearest-name.ts';
import type { Reply } from '../reply.ts';
import { atLeast } from '../services/people.ts';
import type { Services } from '../services/services.ts';
import type { Person, Role, Workspace } from '../words.ts';
import { answerFor, askOf, type Pressed } from './ask.ts';
import type { CardDesk } from './card-desk.ts';
import { errorReply } from './error-reply.ts';
import { convertOptions } from './options.ts';
import { stranger } from './stranger.ts';
import { suggestValues } from './suggest.ts';

export interface DeskPorts {
  readonly commands: readonly CommandDefinition[];
  readonly services: Services;
  readonly cards: CardDesk;
  /** Front-ends whose user owns the machine: paths of files may be given there. */
  readonly localFrontends: readonly string[];
  /** What an error of an adapter (the database is away) means to people; undefined when it is not known there. */
  explainError(error: unknown): CarillonError | undefined;
  readonly random: Random;
  readonly log: Logger;
}

interface Member {
  readonly workspace: Workspace;
  readonly person: Person;
}

export function createDesk(ports: DeskPorts): ChatDesk {
  const { services, log } = ports;
  const byName = new Map(ports.commands.map((command) => [command.name, command]));
  // Of the commands that take free text only: words such as "page:2" at the start of a post are left alone.
  const withWords = ports.commands.filter(
    ({ options, role }) => role !== 'anyone' && restOption(options) !== undefined,
  );
  // What makes posts comes behind what changes them: whoever types /post with `when` means a new post.
  const needsPost = ({ options }: CommandDefinition): boolean => options.post?.required === true;
  const optionsElsewhere = new Map(
    [...withWords.filter(needsPost), ...withWords.filter((command) => !needsPost(command))].flatMap(
      ({ name, options }) => Object.keys(options).map((option) => [option, name] as const),
    ),
  );

  async function answered(caller: Caller, what: string, work: () => Promise<Reply>): Promise<Reply> {
    try {
      const reply = await work();
      ports.cards.answered(reply);
      return reply;
    } catch (thrown) {
      const error = ports.explainError(thrown) ?? asCarillonError(thrown);
      const reference = newId(ports.random, 8);
      const facts = {
        what,
        person: caller.identity,
        conversation: caller.conversation.id,
        err: error,
        reference,
      };
      if (error.kind === 'Bug') log.error(facts, 'a command failed');
      else if (error.code === 'DATABASE_UNREACHABLE') log.warn(facts, 'a command could not be carried out');
      else log.info(facts, 'a command was refused');
      return errorReply(error, reference);
    }
  }

  async function memberOf(caller: Caller, needed: Role): Promise<Member> {
    const { workspace, person } = await services.people.whoIs(
      caller.identity,
      caller.name,
      caller.conversation,
    );
    if (!workspace || !person) throw stranger(workspace !== undefined, caller);
    if (!atLeast(person.role, needed)) {
      throw usageError(
        'NOT_ALLOWED',
        `This needs the role ${needed}; yours is ${person.role}.`,
        'Ask an owner to change your role with /team.',
      );
    }
    return { workspace, person };
  }

  function contextFor(caller: Caller, member: Member): CommandContext {
    return {
      ...member,
      conversation: caller.conversation,
      ...(caller.messageId === undefined ? {} : { messageId: caller.messageId }),
      services,
      clock: services.clock,
      random: ports.random,
      log: log.child({ person: caller.identity }),
      signal: caller.signal,
      progress: (words) => caller.progress?.(words),
    };
  }

  function commandNamed(name: string): CommandDefinition {
    const command = byName.get(name.toLowerCase());
    if (command) return command;
    const near = nearestName(name, byName.keys());
    throw usageError(
      'COMMAND_UNKNOWN',
      `There is no command /${name.slice(0, 32)}.${near ? ` Did you mean /${near}?` : ''}`,
      'See /help for all commands.',
    );
  }

  async function run(request: CommandRequest): Promise<Reply> {
    const command = commandNamed(request.command);
    const raw =
      request.input.kind === 'text'
        ? parseCommandText(command, request.input.text, optionsElsewhere)
        : request.input.fields;
    const filesAllowed = ports.localFrontends.includes(request.conversation.frontend);
    if (command.role === 'anyone') {
      const { workspace, person } = await services.people.whoIs(
        request.identity,
        request.name,
        request.conversation,
      );
      const options = await convertOptions(command, raw, [], {
        services,
        clock: services.clock,
        workspace,
        filesAllowed,
      });
      const { conversation, messageId, signal } = request;
      return command.run(
        {
          workspace,
          person,
          identity: request.identity,
          personName: request.name,
          commands: ports.commands,
          conversation,
          ...(messageId === undefined ? {} : { messageId }),
          services,
          clock: services.clock,
          random: ports.random,
          log,
          signal,
          progress: () => undefined,
        },
        options,
      );
    }
    const member = await memberOf(request, command.role);
    const context = contextFor(request, member);
    const options = await convertOptions(command, raw, request.media, { ...context, filesAllowed });
    return command.run(context, options);
  }

  /** The action of a button, its arguments, and the context of the person who presses it, whose role is checked now. */
  async function pressed(request: PressRequest): Promise<Pressed> {
    const [path = '', ...args] = request.action.split(':');
    const [commandName = '', actionName = ''] = path.split('.');
    const command = byName.get(commandName);
    const actions = command?.actions ?? {};
    const action = Object.hasOwn(actions, actionName) ? actions[actionName] : undefined;
    if (!command || !action)
      throw usageError(
        'ACTION_STALE',
        'That button is from an older version and does nothing any more.',
        'Use /show or /queue for fresh ones.',
      );
    const member = await memberOf(request, action.role);
    return { command, action, args, context: contextFor(request, member) };
  }

  async function complete(request: CompletionRequest): Promise<readonly Choice[]> {
    const command = byName.get(request.command);
    if (!command || !Object.hasOwn(command.options, request.option)) return [];
    const spec = command.options[request.option];
    if (!spec) return [];
    const { workspace, person } = await services.people.whoIs(
      request.identity,
      request.name,
      request.conversation,
    );
    const needed = command.role === 'anyone' ? 'viewer' : command.role;
    if (!workspace || !person || !atLeast(person.role, needed)) return [];
    return suggestValues(spec, request, contextFor(request, { workspace, person }), ports.cards);
  }

  return {
    commands: ports.commands,
    run: (request) => answered(request, `/${request.command}`, () => run(request)),
    press: (request) =>
      answered(request, request.action, async () => {
        const press = await pressed(request);
        const answer = await answerFor(press, request.answer);
        return press.action.run(press.context, press.args, answer);
      }),
    async asks(request) {
      try {
        return await askOf(await pressed(request));
      } catch (error) {
        // The press itself will tell what is wrong; there is nothing to ask.
        log.debug({ err: error, action: request.action }, 'nothing is asked before a press');
        return undefined;
      }
    },
    async refusal(request) {
      const nothing: Reply = { tone: 'info', blocks: [] };
      const reply = await answered(request, `whether /${request.command} may be used`, async () => {
        const { role } = commandNamed(request.command);
        if (role !== 'anyone') await memberOf(request, role);
        return nothing;
      });
      return reply === nothing ? undefined : reply;
    },
    async complete(request) {
      try {
        return (await complete(request)).slice(0, CHOICES_MAX);
      } catch (error) {
        log.warn({ err: error, option: request.option }, 'suggestions could not be made');
        return [];
      }
    },
    cardPlaced: (postId, message) => ports.cards.placed(postId, message),
    conversationRenamed: (frontend, oldId, newId) => ports.cards.conversationRenamed(frontend, oldId, newId),
    async knows(conversation) {
      const { workspace } = await services.people.whoIs('nobody:', '', conversation);
      return workspace !== undefined;
    },
  };
}
