/** Shapes that the OpenAPI document and the routes share. */
import { isDeepStrictEqual } from 'node:util';
import {
  ERRORS,
  ErrorBody,
  ParticipantInfo,
  PublicationInfo,
  Occurrence,
  OccurrenceChange,
  RecordingFile,
  RecordingInfo,
  RoomInfo,
  RoomSettings,
  RoomSettingsPatch,
  ScheduleInfo,
  type ErrorCode,
} from '@parley/protocol';
import { Type, type TSchema } from 'typebox';

/** The security of a route that needs a token; what it must allow goes into the description. */
export const withToken = [{ token: [] as string[] }];

/** A copy of a schema with notes for readers of the document. */
export function annotate<T extends TSchema>(
  schema: T,
  notes: { description?: string; examples?: readonly unknown[] },
): T {
  const copy = Object.create(null, Object.getOwnPropertyDescriptors(schema)) as T;
  return Object.assign(copy, notes);
}

/** Responses for the errors a route can give, by status, with an example of each. */
export function errorResponses(...codes: ErrorCode[]): object {
  const common: ErrorCode[] = ['INVALID_PARAMS', 'INTERNAL'];
  const byStatus = Map.groupBy([...common, ...codes], (code) => ERRORS[code].http);
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      status,
      annotate(ErrorBody, {
        description: group.map((code) => `\`${code}\`: ${ERRORS[code].message}`).join('\n\n'),
        examples: group.map((code) => ({ error: { code, message: ERRORS[code].message } })),
      }),
    ]),
  );
}

/** The answer 204, which has no body. */
export const noContent = (description: string): TSchema => Type.Null({ description });

const MODELS: Readonly<Record<string, TSchema>> = {
  RoomInfo,
  RoomSettings,
  RoomSettingsPatch,
  ParticipantInfo,
  PublicationInfo,
  ScheduleInfo,
  RecordingInfo,
  RecordingFile,
  Occurrence,
  OccurrenceChange,
  ErrorBody,
};

interface Document {
  components?: { schemas?: object };
}
interface Model {
  name: string;
  json: unknown;
}

/**
 * The document with each model written once under `components/schemas`, and named wherever it stood, so that generated
 * clients get types with names.
 */
export function nameModels<D extends Document>(document: D): D {
  const models = Object.entries(MODELS).map(([name, schema]) => ({ name, json: plain(schema) }));
  const schemas: object = Object.fromEntries(
    models.map(({ name, json }) => [name, replace(json, models, name)]),
  );
  const named = replace(document, models) as D;
  return { ...named, components: { ...named.components, schemas } };
}

/** A schema as JSON. Maps are written with additionalProperties, which more generators understand. */
function plain(schema: TSchema): unknown {
  return JSON.parse(JSON.stringify(schema), (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('patternProperties' in value)) return value;
    const { patternProperties, ...rest } = value;
    const [values] = Object.values(patternProperties as object) as unknown[];
    return { ...rest, additionalProperties: values };
  });
}

/** `within` names the model that is being written; it is not replaced by its own name. */
function replace(value: unknown, models: readonly Model[], within?: string): unknown {
  if (Array.isArray(value)) return value.map((item) => replace(item, models));
  if (typeof value !== 'object' || value === null) return value;
  const match = models.find(({ name, json }) => name !== within && isSameShape(json, value));
  if (match) return { $ref: `#/components/schemas/${match.name}` };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replace(item, models)]));
}

/** Whether two schemas differ in their description at most. */
function isSameShape(model: unknown, schema: object): boolean {
  if (!('properties' in schema)) return false;
  const bare = (value: object): object => ({ ...value, description: undefined });
  return isDeepStrictEqual(bare(model as object), bare(schema));
}
