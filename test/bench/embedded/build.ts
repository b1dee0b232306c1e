/** The embedded database as `npm run build` left it. */
import { fileURLToPath } from 'node:url';
import type { Build } from '../../embedded/built-server.ts';
import { DIST } from '../program.ts';

export const EMBEDDED_BUILD: Build = {
  folder: fileURLToPath(new URL('embedded', DIST)),
  remove: () => undefined,
};
