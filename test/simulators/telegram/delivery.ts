/** Brings updates to the bot: by long polling, where a newer poll ends an older one, or by webhook, one after another. */
import { request } from 'node:http';
import { Refusal } from './methods.ts';
import type { Update, World } from './world.ts';

interface WebhookState {
  url: string;
  secret: string | undefined;
}

const WEBHOOK_RETRY_MS = 50;
const WEBHOOK_TIMEOUT_MS = 5_000;

export class Delivery {
  readonly #world: World;
  #endPoll: ((error: Refusal | undefined) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #delivering = false;
  #stopped = false;
  webhook: WebhookState | undefined;
  /** Status codes with which the bot's webhook answered. */
  readonly webhookAnswers: number[] = [];

  constructor(world: World) {
    this.#world = world;
    world.on('update', () => void this.#push());
  }

  async getUpdates(params: Record<string, unknown>, closed: AbortSignal): Promise<Update[]> {
    if (this.webhook)
      throw new Refusal(
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      );
    if (Array.isArray(params.allowed_updates))
      this.#world.allowedUpdates = params.allowed_updates as string[];
    // The newer poll wins: the other way round, a client that polls once more while it stops would never get through.
    this.#endPoll?.(
      new Refusal(
        409,
        'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
      ),
    );
    const offset = Number(params.offset ?? 0);
    const limit = Number(params.limit ?? 100);
    this.#world.pending = this.#world.pending.filter((update) => update.update_id >= offset);
    if (this.#world.pending.length === 0) await this.#wait(Number(params.timeout ?? 0) * 1000, closed);
    return this.#world.pending.slice(0, limit);
  }

  #wait(milliseconds: number, closed: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (error?: Refusal): void => {
        clearTimeout(timer);
        this.#world.off('update', onUpdate);
        closed.removeEventListener('abort', onUpdate);
        if (this.#endPoll === end) this.#endPoll = undefined;
        if (error) reject(error);
        else resolve();
      };
      const onUpdate = (): void => end();
      const timer = setTimeout(onUpdate, milliseconds);
      this.#world.on('update', onUpdate);
      closed.addEventListener('abort', onUpdate, { once: true });
      this.#endPoll = end;
    });
  }

  setWebhook(params: Record<string, unknown>): true {
    const url = String(params.url);
    this.webhook = url === '' ? undefined : { url, secret: params.secret_token as string | undefined };
    if (Array.isArray(params.allowed_updates))
      this.#world.allowedUpdates = params.allowed_updates as string[];
    this.#endPoll?.(new Refusal(409, 'Conflict: terminated by setWebhook request'));
    void this.#push();
    return true;
  }

  deleteWebhook(): true {
    this.webhook = undefined;
    return true;
  }

  async #push(): Promise<void> {
    if (this.#delivering || this.#stopped) return;
    this.#delivering = true;
    try {
      while (this.webhook && this.#world.pending.length > 0 && !this.#stopped) {
        const update = this.#world.pending[0]!;
        const status = await this.#post(this.webhook, update);
        this.webhookAnswers.push(status);
        if (status === 200) this.#world.pending = this.#world.pending.filter((one) => one !== update);
        else await new Promise<void>((resolve) => (this.#timer = setTimeout(resolve, WEBHOOK_RETRY_MS)));
      }
    } finally {
      this.#delivering = false;
    }
  }

  #post({ url, secret }: WebhookState, update: Update): Promise<number> {
    return new Promise((resolve) => {
      const call = request(
        url,
        {
          method: 'POST',
          agent: false,
          timeout: WEBHOOK_TIMEOUT_MS,
          headers: {
            'content-type': 'application/json',
            ...(secret ? { 'x-telegram-bot-api-secret-token': secret } : {}),
          },
        },
        (response) => {
          response.resume().on('end', () => resolve(response.statusCode ?? 0));
        },
      );
      call.on('timeout', () => call.destroy()).on('error', () => resolve(0));
      call.end(JSON.stringify(update));
    });
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#endPoll?.(undefined);
  }
}
