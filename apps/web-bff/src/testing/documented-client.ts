import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

type Json = Record<string, unknown>;

interface DocumentedAnswer {
  headers?: Record<string, unknown>;
  content?: Record<string, { schema: unknown }>;
}

interface DocumentedOperation {
  operationId: string;
  responses: Record<string, DocumentedAnswer>;
}

export interface OpenapiDocument {
  paths: Record<string, Record<string, DocumentedOperation>>;
  components: { schemas: Record<string, unknown> };
}

/** An answer that was held against the document; `body` is parsed JSON where the document has JSON. */
export interface CheckedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/**
 * Holds answers against an OpenAPI document: the status must be documented for the operation, the body must be what the
 * schema says and no more, the documented headers must be there. Remembers what it has seen, so that a test can ask
 * which documented answers nobody has produced.
 */
export function createDocumentedClient(document: OpenapiDocument) {
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
  const validate = createValidators(document);
  const seen = new Set<string>();

  return {
    /** Checks an answer of the operation and gives it back. Throws with what is wrong with it. */
    async check(operationId: string, response: Response): Promise<CheckedAnswer> {
      const where = `${operationId} ${response.status}`;
      const operation = operations.find((candidate) => candidate.operationId === operationId);
      const documented = operation?.responses[String(response.status)];
      const text = await response.text();
      if (!documented) throw new Error(`${where} is not documented; it says ${text}`);
      for (const name of Object.keys(documented.headers ?? {})) {
        if (!response.headers.has(name)) throw new Error(`${where} lacks the header ${name}`);
      }
      const type = response.headers.get('content-type')?.split(';')[0] ?? '';
      seen.add(`${where} ${type}`.trim());
      const { status, headers } = response;
      return { status, headers, body: checkBody(documented, { where, type, text }, validate) };
    },
    /** Documented answers that no call of `check` was about. */
    missing(): string[] {
      return operations
        .flatMap(({ operationId, responses }) =>
          Object.entries(responses).flatMap(([status, { content }]) =>
            Object.keys(content ?? { '': {} }).map((type) => `${operationId} ${status} ${type}`.trim()),
          ),
        )
        .filter((answer) => !seen.has(answer));
    },
    /** Checks a value against a named schema of the document. */
    checkValue(name: string, value: unknown): void {
      const check = validate({ $ref: `#/components/schemas/${name}` });
      if (!check(value)) throw new Error(`no ${name}: ${JSON.stringify(check.errors)}`);
    },
  };
}

interface Received {
  where: string;
  type: string;
  text: string;
}

function checkBody(
  documented: DocumentedAnswer,
  { where, type, text }: Received,
  validate: (schema: unknown) => ValidateFunction,
): unknown {
  if (!documented.content) {
    if (text !== '') throw new Error(`${where} has a body: ${text}`);
    return undefined;
  }
  const content = documented.content[type];
  if (!content) throw new Error(`${where} is ${type}, which is not documented`);
  if (!type.endsWith('json')) return text;
  const body = JSON.parse(text) as unknown;
  const check = validate(content.schema);
  if (!check(body)) throw new Error(`${where} is not as documented: ${JSON.stringify(check.errors)} ${text}`);
  return body;
}

/** Clients must bear more fields than the document has; a test must not, for they would be published by accident. */
function closeObjects(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closeObjects);
  if (typeof value !== 'object' || value === null) return value;
  const closed = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, closeObjects(inner)]));
  return 'properties' in closed ? { additionalProperties: false, ...closed } : closed;
}

function createValidators(document: OpenapiDocument): (schema: unknown) => ValidateFunction {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
  const components = closeObjects(document.components) as Json;
  const compiled = new Map<string, ValidateFunction>();
  return (schema) => {
    const key = JSON.stringify(schema);
    const known = compiled.get(key) ?? ajv.compile({ ...(closeObjects(schema) as Json), components });
    compiled.set(key, known);
    return known;
  };
}
