/** What Discord's own app does not let a person send. */

type Json = Record<string, unknown>;

export interface File {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly type?: string;
}

/** Throws when an option of a command cannot take the value. */
export function checkValue(command: string, spec: Json, value: string | number | boolean | File): void {
  const expected = { 3: 'string', 4: 'number', 5: 'boolean', 11: 'object' }[Number(spec.type)];
  const place = `/${command} ${spec.name}`;
  if (typeof value !== expected) throw new Error(`${place} takes a ${expected}, not ${typeof value}`);
  if (typeof value === 'string' && spec.max_length !== undefined && value.length > Number(spec.max_length)) {
    throw new Error(`${place} takes ${spec.max_length} characters, not ${value.length}`);
  }
  const choices = spec.choices as Json[] | undefined;
  if (choices && !choices.some((choice) => choice.value === value))
    throw new Error(`${place} has no choice ${String(value)}`);
  if (
    typeof value === 'number' &&
    (value < Number(spec.min_value ?? value) || value > Number(spec.max_value ?? value))
  ) {
    throw new Error(`${place} takes ${spec.min_value} to ${spec.max_value}, not ${value}`);
  }
}
