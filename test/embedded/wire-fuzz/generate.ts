// Messages that no honest client sends: commands with fields of any type, bytes changed, added and taken away, lengths that
// lie, operation codes and flags that do not exist.
import { commands } from '../../../src/embedded/commands/all.ts';
import { COLLECTION, GrammarGenerator } from './grammar.ts';
import { framed, message, OP_MSG, PING } from './messages.ts';

const OP_COMPRESSED = 2012;
const DATABASE = 'wirefuzz';
/** Stopping is not what is tested; a pipeline may take any stage, so only names of commands are left out. */
const COMMANDS = [...commands.values()];
/** Those with a grammar of their own are sent most. */
const DEEP = COMMANDS.filter(({ name }) =>
  /^(aggregate|find|findAndModify|update|insert|delete|createIndexes|distinct|count|explain|getMore)$/.test(
    name,
  ),
);
export class MessageGenerator extends GrammarGenerator {
  /** A field's value of the kind that it usually has. */
  likely(field: string): unknown {
    switch (field) {
      case 'documents':
        return this.many(3, () => this.document(this.below(20)));
      case 'filter':
      case 'query':
      case 'q':
        return this.chance(0.7) ? this.filter() : this.nonsense();
      case 'updates':
        return [
          {
            q: this.filter(),
            u: this.chance(0.6) ? this.update() : this.nonsense(),
            upsert: this.chance(0.3),
            multi: this.chance(0.3),
          },
        ];
      case 'update':
        return this.pick([
          this.update(),
          this.update(),
          [{ $set: { x: this.expression() } }],
          this.nonsense(),
        ]);
      case 'arrayFilters':
        return [{ x: this.scalar() }];
      case 'let':
        return { v: this.expression() };
      case 'limit':
      case 'skip':
      case 'batchSize':
        return this.below(5);
      case 'hint':
        return this.pick(['_id_', 'i1', { a: 1 }, { $natural: -1 }]);
      case 'deletes':
        return [{ q: this.filter(), limit: this.below(2) }];
      case 'indexes':
        return [this.index(this.below(5))];
      case 'pipeline':
        return this.many(4, () => this.stage());
      case 'sort':
        return this.sort();
      case 'projection':
      case 'fields':
        return { [this.pick(['a', 'c.d', 'c.$', '_id'])]: this.pick([0, 1, { $slice: 1 }, this.nonsense()]) };
      case 'cursor':
        return {};
      case 'collation':
        return { locale: this.pick(['en', 'simple', 'xx']), strength: this.below(4) };
      case 'key':
      case 'collection':
        return this.pick(['a', 'c.d', COLLECTION]);
      case 'ordered':
      case 'new':
      case 'remove':
      case 'upsert':
        return this.chance(0.5);
      default:
        return this.nonsense();
    }
  }

  command(): Buffer {
    const command = this.pick(this.chance(0.8) ? DEEP : COMMANDS);
    const body: Record<string, unknown> = {
      [command.name]: this.chance(0.97) ? COLLECTION : this.nonsense(),
    };
    if (command.name === 'explain')
      body.explain = { find: COLLECTION, filter: this.filter(), sort: this.sort() };
    for (const field of command.fields) {
      const isNeeded = [
        'documents',
        'updates',
        'deletes',
        'indexes',
        'pipeline',
        'cursor',
        'key',
        'update',
      ].includes(field);
      if (this.chance(isNeeded ? 0.9 : 2 / command.fields.length))
        body[field] = this.chance(0.93) ? this.likely(field) : this.nonsense();
    }
    if (this.chance(0.05))
      body[this.pick(['maxTimeMS', 'readConcern', 'lsid', 'comment', 'writeConcern'])] = this.nonsense();
    body.$db = this.chance(0.98) ? DATABASE : this.nonsense();
    return message(body);
  }

  /** Changes, adds or takes away bytes; in most cases the message's own length is then made true again. */
  spoiled(bytes: Buffer): Buffer {
    let made = Buffer.from(bytes);
    for (let spots = 1 + this.below(6); spots > 0; spots--) {
      const at = this.below(made.length);
      const kind = this.random();
      if (kind < 0.6) made[at] = this.pick([0, 1, 0xff, 0x7f, 0x80, this.below(256)]);
      else if (kind < 0.75)
        made = Buffer.concat([made.subarray(0, at), made.subarray(at + 1 + this.below(8))]);
      else if (kind < 0.9)
        made = Buffer.concat([made.subarray(0, at), made.subarray(Math.max(0, at - this.below(40)))]);
      else if (at + 4 <= made.length)
        made.writeInt32LE(this.pick([-1, 0, 4, 5, 0x7fffffff, -0x80000000, made.length]), at);
    }
    if (made.length < 26) return made;
    if (this.chance(0.9)) made.writeInt32LE(made.length, 0);
    if (this.chance(0.5)) made.writeInt32LE(OP_MSG, 12);
    if (this.chance(0.5)) made.writeInt32LE(Math.max(0, made.length - 21), 21);
    return made;
  }

  any(): Buffer {
    const kind = this.random();
    if (kind < 0.45) return this.command();
    if (kind < 0.85) return this.spoiled(this.command());
    if (kind < 0.9)
      return framed(OP_COMPRESSED, Buffer.concat([Buffer.alloc(9), this.command().subarray(16)]));
    if (kind < 0.95) return framed(this.below(2 ** 31), PING.subarray(16));
    return framed(OP_MSG, Buffer.from(Array.from({ length: 5 + this.below(100) }, () => this.below(256))));
  }
}
