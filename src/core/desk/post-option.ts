/** The post that a command or its button is about. */
import type { CommandContext } from '../command.ts';
import type { Post } from '../words.ts';

export const POST_OPTION = { kind: 'post', summary: 'The post, such as #K7QPD', required: true } as const;

/** The post that a button names. Error: POST_UNKNOWN. */
export async function postOf(
  { services, workspace }: Pick<CommandContext, 'services' | 'workspace'>,
  id: string,
): Promise<Post> {
  return (await services.posts.show(workspace.id, id)).post;
}
