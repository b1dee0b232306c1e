/**
 * The words of the product as types (docs/architecture.md explains them). Documents in the database have these shapes;
 * every one of them knows its workspace.
 */
export type * from './words/account.ts';
export type * from './words/delivery.ts';
export type * from './words/media.ts';
export type * from './words/people.ts';
export type * from './words/post.ts';
