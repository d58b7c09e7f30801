import type { Logger } from './logger.ts';

/**
 * What an audit line can be about: who came and went, what was refused to whom, and what somebody with power over this
 * process did.
 */
export type AuditAction =
  | 'sign_in'
  | 'sign_out'
  | 'session_ended'
  | 'token_refresh'
  | 'access_refused'
  | 'rate_limited'
  | 'request_refused'
  | 'connection_refused'
  | 'administration';

/** One thing worth knowing later. There is no field for a credential, a cookie, a body or a header, and none for free text of a client. */
export interface AuditEvent {
  readonly action: AuditAction;
  readonly outcome: 'success' | 'refused';
  /** In words of our own, fixed in the code: `unauthenticated`, `wrong_state`, `back_channel`. */
  readonly reason?: string | undefined;
  /** The user, where he is known. */
  readonly subject?: string | undefined;
  /** The OAuth client. */
  readonly client?: string | undefined;
  /** Where the request came from. */
  readonly address?: string | undefined;
  readonly requestId?: string | undefined;
  /** The operation or route, as a template: `GET /v1/orders/:orderId`. Never the request's own path or query. */
  readonly target?: string | undefined;
  /** The status that the caller got. */
  readonly status?: string | undefined;
}

/** Writes one line. Never throws, never waits. */
export type AuditLog = (event: AuditEvent) => void;

const longestText = 200;
/** Tokens and long keys look like this. What gets here by a mistake elsewhere must not be in the log for years. */
const looksSecret = /eyJ[\w-]{5,}|[\w+/=-]{64,}/g;

/**
 * The audit log of a process: lines with `"log":"audit"` among its others, so that a collector can send them elsewhere and
 * keep them longer. They are written whatever `LOG_LEVEL` is, except `silent`.
 */
export function createAuditLog(logger: Logger): AuditLog {
  const audit = logger.child({ log: 'audit' }, { level: logger.level === 'silent' ? 'silent' : 'info' });
  return (event) => {
    const fields = Object.entries(event)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, clean(String(value))]);
    audit.info(Object.fromEntries(fields), event.action);
  };
}

function clean(text: string): string {
  return text.slice(0, longestText).replaceAll(looksSecret, '[cut]');
}
