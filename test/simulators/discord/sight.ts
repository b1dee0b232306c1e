/** What a person sees after doing something. */
import type { SeenForm, SeenMessage } from './view.ts';

export interface Sight {
  /** `failed`: "The application did not respond". `removed`: the message under the button went away. */
  readonly kind: 'message' | 'edit' | 'modal' | 'removed' | 'choices' | 'failed';
  readonly interactionId: string;
  /** What can be read; empty for forms. */
  readonly text: string;
  readonly ephemeral: boolean;
  readonly message?: SeenMessage;
  readonly form?: SeenForm;
  readonly choices?: readonly { readonly name: string; readonly value: string }[];
}
