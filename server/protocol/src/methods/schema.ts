import { Type, type TSchema } from 'typebox';

export interface MethodSchema {
  readonly summary: string;
  readonly params: TSchema;
  readonly result: TSchema;
}

export const strict = { additionalProperties: false } as const;
export const Id = Type.String({ minLength: 1, maxLength: 64 });
export const Nothing = Type.Object({}, strict);
