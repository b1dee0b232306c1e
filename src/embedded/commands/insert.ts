// insert: documents keep the bytes they arrive as.
import { booleanField, type Command, namespaceOf, receivedDocuments } from '../command.ts';
import { prepareDocument } from '../records.ts';
import { collectionForWrite } from './query-options.ts';
import { checkBatchSize, runStatements, withErrors } from './write-result.ts';

export const insert: Command = {
  name: 'insert',
  fields: ['documents', 'ordered', 'bypassDocumentValidation'],
  async run(request) {
    const { engine } = request;
    const namespace = namespaceOf(request);
    const ordered = request.command.ordered === undefined || booleanField(request, 'ordered');
    const documents = receivedDocuments(request, 'documents');
    checkBatchSize(documents.length);
    return engine.catalogue.transaction(() => {
      const collection = collectionForWrite(request, namespace);
      let inserted = 0;
      const errors = runStatements(documents, ordered, ({ document, bytes }) => {
        engine.records.insert(collection, prepareDocument(document, bytes));
        inserted += 1;
      });
      engine.counters.inserted += inserted;
      return withErrors({ n: inserted }, errors);
    });
  },
};
