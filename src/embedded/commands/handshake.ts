// hello and the other commands by which clients and shells find out what they talk to.
import { UUID } from 'bson';
import type { Document } from '../bson/types.ts';
import { arrayField, booleanField, type Command, type CommandRequest, commandNameOf } from '../command.ts';
import { notSupported } from '../errors.ts';
import { SESSION_TIMEOUT_MINUTES } from '../sessions.ts';
import { MAX_DOCUMENT_BYTES, MAX_MESSAGE_BYTES } from '../wire.ts';
import { sessionOf } from './find.ts';
import { MAX_WRITE_BATCH } from './write-result.ts';

/** The version whose behaviour this store keeps to, and its wire version. */
const MONGODB_VERSION = '7.0.0';
const MAX_WIRE_VERSION = 21;

/**
 * A standalone server: no replica set, so drivers send no retryable writes, and no topologyVersion, so they poll
 * instead of waiting for a streamed hello.
 */
function helloReply({ connection, command }: CommandRequest): Document {
  const isLegacy = command.hello === undefined;
  return {
    helloOk: true,
    [isLegacy ? 'ismaster' : 'isWritablePrimary']: true,
    maxBsonObjectSize: MAX_DOCUMENT_BYTES,
    maxMessageSizeBytes: MAX_MESSAGE_BYTES,
    maxWriteBatchSize: MAX_WRITE_BATCH,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: SESSION_TIMEOUT_MINUTES,
    connectionId: connection.id,
    minWireVersion: 0,
    maxWireVersion: MAX_WIRE_VERSION,
    readOnly: false,
  };
}

export const hello: Command = {
  name: 'hello',
  // What clients say about themselves, and offers that are answered by silence: no compression, no streaming.
  fields: [
    'helloOk',
    'client',
    'compression',
    'saslSupportedMechs',
    'speculativeAuthenticate',
    'loadBalanced',
    'topologyVersion',
    'maxAwaitTimeMS',
    'hostInfo',
    'backpressure',
  ],
  run: helloReply,
};

export const ping: Command = { name: 'ping', fields: [], run: () => ({}) };

export const buildInfo: Command = {
  name: 'buildInfo',
  fields: [],
  run: () => ({
    version: MONGODB_VERSION,
    versionArray: MONGODB_VERSION.split('.').map(Number).concat(0),
    gitVersion: 'embedded',
    modules: ['embedded'],
    storageEngines: ['lmdb'],
    bits: 64,
    debug: false,
    maxBsonObjectSize: MAX_DOCUMENT_BYTES,
  }),
};

export const whatsmyuri: Command = {
  name: 'whatsmyuri',
  fields: [],
  run: ({ connection }) => ({ you: `local:${connection.id}` }),
};

export const connectionStatus: Command = {
  name: 'connectionStatus',
  fields: ['showPrivileges'],
  run: (request) => ({
    authInfo: {
      authenticatedUsers: [],
      authenticatedUserRoles: [],
      ...(booleanField(request, 'showPrivileges') ? { authenticatedUserPrivileges: [] } : {}),
    },
  }),
};

/** Shells print these lines at their start. */
export const getLog: Command = {
  name: 'getLog',
  fields: [],
  run(request) {
    if (request.command.getLog === '*') return { names: ['startupWarnings'] };
    if (request.command.getLog === 'startupWarnings') return { totalLinesWritten: 0, log: [] };
    throw notSupported(`getLog: "${String(request.command.getLog)}"`, 2);
  },
};

export const getParameter: Command = {
  name: 'getParameter',
  fields: ['featureCompatibilityVersion'],
  run({ command }) {
    if (command.featureCompatibilityVersion === undefined || command.getParameter === '*')
      throw notSupported('getParameter of anything but featureCompatibilityVersion', 72);
    return { featureCompatibilityVersion: { version: '7.0' } };
  },
};

export const startSession: Command = {
  name: 'startSession',
  fields: [],
  run({ engine }) {
    const lsid = { id: new UUID() };
    engine.sessions.use(lsid, Date.now());
    return { id: lsid, timeoutMinutes: SESSION_TIMEOUT_MINUTES };
  },
};

/** Sessions carry no state but open cursors, which end with them. */
function sessionsCommand(name: string, ends: boolean): Command {
  return {
    name,
    fields: [],
    run(request) {
      const { cursors, sessions } = request.engine;
      for (const session of arrayField(request, commandNameOf(request)) ?? []) {
        if (!ends) {
          sessions.use(session, Date.now());
          continue;
        }
        sessions.end(session);
        const id = sessionOf({ lsid: session });
        if (id !== undefined) cursors.killSession(id);
      }
      return {};
    },
  };
}

export const endSessions = sessionsCommand('endSessions', true);
export const killSessions = sessionsCommand('killSessions', true);
export const refreshSessions = sessionsCommand('refreshSessions', false);
