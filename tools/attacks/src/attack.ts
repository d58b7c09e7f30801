import type { IncomingHttpHeaders } from 'node:http2';
import { findInsideName } from './inside-names.ts';
import type { Target } from './world/target.ts';

/** How an attack was answered: an HTTP status of gRPC `grpc-status`, of a WebSocket its close code. */
export interface Outcome {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>> | IncomingHttpHeaders;
  /** The body alone; of gRPC, its messages, byte for byte. */
  readonly body: string;
  /** Everything that came. */
  readonly text: string;
}

/** One row of a table. */
export interface Attack {
  /** Unique within its protocol: `framing: two lengths`. */
  readonly name: string;
  readonly send: (target: Target) => Promise<Outcome>;
  /** What must be answered; by server where they differ, 0 for a connection that is cut without an answer. */
  readonly status: number | ((target: Target) => number);
  /** Servers that it makes sense for; all that speak the table's protocol unless given. */
  readonly servers?: readonly string[];
  /** Servers for whose successors it is to judge: the edge has no routes and no keys. */
  readonly notOn?: readonly string[];
  /** Requests that may reach a service because of it, clean of what the attacker claims. Default 0. */
  readonly reaches?: number | ((target: Target) => number);
  /** What is no HTTP exchange any more is refused without a problem: a handshake, a frame. */
  readonly isWithoutBody?: boolean;
  /** Waits for time limits: run beside others. */
  readonly isSlow?: boolean;
  /** What else must be true of the answer; returns what is not. */
  readonly check?: (outcome: Outcome, target: Target) => string | undefined;
}

/** What attackers here call themselves and what they smuggle: it must not get through to a service. */
const forbidden = /mallory|smuggled|evil/i;

/**
 * INVALID_ARGUMENT, DEADLINE_EXCEEDED, NOT_FOUND, PERMISSION_DENIED, RESOURCE_EXHAUSTED, UNIMPLEMENTED, UNAUTHENTICATED, and -1 for a
 * connection or stream that is cut.
 */
const clientFaults: readonly number[] = [-1, 3, 4, 5, 7, 8, 12, 16];

/** Sends the attack and returns what is wrong with what came of it; nothing when it bounced as it should. */
export async function judge(attack: Attack, target: Target): Promise<string[]> {
  if (!attack.isSlow) target.reached.length = 0;
  const outcome = await attack.send(target);
  const faults = [
    ...faultsOfStatus(attack, target, outcome),
    ...faultsOfAnswer(attack, outcome, target),
    attack.check?.(outcome, target),
  ];
  if (!target.isAlive()) return [...faults, 'the process ended'].filter(isText);
  const honest = await target.askHonestly();
  const allowed = valueFor(attack.reaches ?? 0, target) + honest.reaches;
  const whole = target.reached.filter(({ isBroken }) => isBroken !== true);
  const through = target.reached.filter(({ text, path }) =>
    forbidden.test(`${path}\n${withTokensRead(text)}`),
  );
  return [
    ...faults,
    honest.isServed ? undefined : `the next honest request got ${honest.status}`,
    // Of those that run side by side, nobody can say whose doing it was.
    !attack.isSlow && whole.length > allowed
      ? `${whole.length - honest.reaches} requests reached a service`
      : undefined,
    through.length > 0 ? `a service got ${through[0]?.path ?? ''} with what the attacker said` : undefined,
  ].filter(isText);
}

function faultsOfStatus({ status }: Attack, target: Target, outcome: Outcome): string[] {
  const expected = valueFor(status, target);
  // Whoever refuses first, it is a refusal; what is to be served is served through the edge, too.
  const isServed = target.protocol === 'grpc' ? expected === 0 : expected >= 200 && expected < 400;
  if (target.isThroughEdge && !isServed && isRefusal(outcome.status, target)) return [];
  return outcome.status === expected ? [] : [`answered ${outcome.status} instead of ${expected}`];
}

/** The client's fault; what a server has broken down of is none. */
function isRefusal(status: number, { protocol }: Target): boolean {
  const refusals = protocol === 'grpc' ? clientFaults : [0];
  return (
    refusals.includes(status) || (protocol === 'http' && ((status >= 400 && status < 500) || status >= 1_000))
  );
}

function faultsOfAnswer(
  { isWithoutBody }: Attack,
  { text, status, body, headers }: Outcome,
  { protocol, server, publicAddresses }: Target,
): string[] {
  const found = findInsideName(text, publicAddresses);
  const leak = found === undefined ? [] : [`the answer says "${found}"`];
  if (protocol === 'grpc' || isWithoutBody || status < 400) return leak;
  return isRefusalBody(body, status, String(headers['content-type']), server)
    ? leak
    : [...leak, `the answer is no problem: ${body.slice(0, 80)}`];
}

/** RFC 9457, or GraphQL's own shape; of the identity provider also RFC 6749's, and a page. */
function isRefusalBody(body: string, status: number, type: string, server: string): boolean {
  if (server === 'identity-provider' && type.startsWith('text/html')) return body.includes('<h1>');
  try {
    const parsed = JSON.parse(body) as { status?: number; code?: string; errors?: unknown[]; error?: string };
    if (type.startsWith('application/problem+json'))
      return parsed.status === status && parsed.code !== undefined;
    if (server === 'identity-provider') return typeof parsed.error === 'string';
    return Array.isArray(parsed.errors) && parsed.errors.length > 0;
  } catch {
    return false;
  }
}

/** A service believes what stands in a token, where no name can be read as it is. */
function withTokensRead(text: string): string {
  return text.replaceAll(/eyJ[\w-]+/g, (part) => Buffer.from(part, 'base64url').toString());
}

function valueFor<T>(value: T | ((target: Target) => T), target: Target): T {
  return typeof value === 'function' ? (value as (target: Target) => T)(target) : value;
}

function isText(value: string | undefined): value is string {
  return value !== undefined;
}
