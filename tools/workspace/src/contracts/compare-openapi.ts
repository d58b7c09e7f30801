import { asJson, compareSchemas, resolve, type Direction, type Json } from './compare-schemas.ts';

interface Documents {
  readonly before: Json;
  readonly after: Json;
}

/**
 * What of the change from one OpenAPI 3.1 document to another breaks clients that were made for the first: an operation,
 * parameter, answer or field that is gone, something new that must be sent, a value that is no longer taken, an answer that
 * may be something else. One line each; empty when every client lives on.
 */
export function findBreakingChanges(before: Json, after: Json): string[] {
  const documents = { before, after };
  return Object.entries(asJson(before['paths'])).flatMap(([path, methods]) =>
    Object.entries(asJson(methods)).flatMap(([method, operation]) => {
      const where = `${method.toUpperCase()} ${path}`;
      const counterpart = asJson(asJson(after['paths'])[path])[method];
      if (counterpart === undefined) return [`${where}: was removed`];
      return compareOperations(asJson(operation), asJson(counterpart), where, documents);
    }),
  );
}

function compareOperations(before: Json, after: Json, where: string, documents: Documents): string[] {
  const renamed = before['operationId'] !== after['operationId'];
  return [
    ...(renamed
      ? [`${where}: operationId was ${String(before['operationId'])}; clients call it by that`]
      : []),
    ...compareCredentials(before, after, where, documents),
    ...compareParameters(before, after, where, documents),
    ...compareBodies(before, after, where, documents),
    ...compareAnswers(asJson(before['responses']), asJson(after['responses']), where, documents),
  ];
}

/** Each way to show who one is must still do. */
function compareCredentials(before: Json, after: Json, where: string, documents: Documents): string[] {
  const waysOf = (operation: Json, document: Json): string[] => {
    const ways = operation['security'] ?? document['security'] ?? [];
    return Array.isArray(ways) ? ways.map((way) => JSON.stringify(way)) : [];
  };
  const now = waysOf(after, documents.after);
  if (now.length === 0 || now.includes('{}')) return [];
  const old = waysOf(before, documents.before);
  if (old.length === 0) return [`${where}: a credential is now needed`];
  return old
    .filter((way) => !now.includes(way))
    .map((way) => `${where}: the credential ${way} no longer does`);
}

function compareParameters(before: Json, after: Json, where: string, documents: Documents): string[] {
  const [old, now] = [parametersOf(before, documents.before), parametersOf(after, documents.after)];
  const removed = [...old].filter(([key]) => !now.has(key)).map(([key]) => `${where}: ${key} was removed`);
  const changed = [...now].flatMap(([key, parameter]) => {
    const known = old.get(key);
    const place = `${where}: ${key}`;
    const required = parameter['required'] === true && known?.['required'] !== true;
    if (!known) return required ? [`${place} is new and required`] : [];
    return [
      ...(required ? [`${place} is now required`] : []),
      ...(parameter['explode'] === known['explode'] ? [] : [`${place} is written in another way`]),
      ...compareContent(known['schema'], parameter['schema'], 'request', place, documents),
    ];
  });
  return [...removed, ...changed];
}

function parametersOf(operation: Json, document: Json): Map<string, Json> {
  const list = Array.isArray(operation['parameters']) ? (operation['parameters'] as unknown[]) : [];
  return new Map(
    list.map((given) => {
      const parameter = asJson(resolve({ schema: given, document }).schema);
      return [`${String(parameter['in'])} parameter ${String(parameter['name'])}`, parameter];
    }),
  );
}

function compareBodies(before: Json, after: Json, where: string, documents: Documents): string[] {
  const [old, now] = [asJson(before['requestBody']), asJson(after['requestBody'])];
  const required = now['required'] === true && old['required'] !== true;
  return [
    ...(required ? [`${where}: a body is now required`] : []),
    ...compareContents(
      asJson(old['content']),
      asJson(now['content']),
      'request',
      `${where}: body`,
      documents,
    ),
  ];
}

function compareAnswers(before: Json, after: Json, where: string, documents: Documents): string[] {
  return Object.entries(before).flatMap(([status, answer]) => {
    const place = `${where}: ${status}`;
    const now = after[status];
    // An error that no longer happens hurts nobody.
    if (now === undefined) return /^[45]/.test(status) ? [] : [`${place} was removed`];
    const headers = Object.keys(asJson(asJson(answer)['headers']));
    const kept = asJson(asJson(now)['headers']);
    const [old, fresh] = [asJson(asJson(answer)['content']), asJson(asJson(now)['content'])];
    return [
      ...headers.filter((name) => !(name in kept)).map((name) => `${place}: header ${name} was removed`),
      ...compareContents(old, fresh, 'response', `${place}: body`, documents),
    ];
  });
}

function compareContents(
  before: Json,
  after: Json,
  direction: Direction,
  where: string,
  documents: Documents,
): string[] {
  return Object.entries(before).flatMap(([type, content]) => {
    const now = after[type];
    if (now === undefined) return [`${where}: ${type} was removed`];
    return compareContent(asJson(content)['schema'], asJson(now)['schema'], direction, where, documents);
  });
}

function compareContent(
  before: unknown,
  after: unknown,
  direction: Direction,
  where: string,
  documents: Documents,
): string[] {
  return compareSchemas({
    before: { schema: before, document: documents.before },
    after: { schema: after, document: documents.after },
    direction,
    where,
  });
}
