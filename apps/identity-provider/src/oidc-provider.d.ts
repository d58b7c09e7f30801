/** The part of `oidc-provider` 9.13 that this app uses; the package ships no types. */
declare module 'oidc-provider' {
  import type { EventEmitter } from 'node:events';
  import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

  export interface Grant {
    addOIDCScope(scope: string): void;
    addOIDCClaims(claims: string[]): void;
    addResourceScope(resource: string, scope: string): void;
    save(): Promise<string>;
  }

  export interface InteractionDetails {
    uid: string;
    prompt: {
      name: string;
      details: {
        missingOIDCScope?: string[];
        missingOIDCClaims?: string[];
        missingResourceScopes?: Record<string, string[]>;
      };
    };
    params: { client_id: string };
    session?: { accountId: string };
    grantId?: string;
  }

  /** What the pages are written to. */
  export interface KoaContext {
    type: string;
    body: string | null | undefined;
    status: number;
    set(header: string, value: string): void;
  }

  /** What events tell about the request. */
  export interface EventContext {
    readonly oidc: {
      readonly params?: Readonly<Record<string, unknown>>;
      readonly entities: { readonly Client?: { clientId: string }; readonly Account?: { accountId: string } };
    };
  }

  export interface Adapter {
    upsert(id: string, payload: StoredPayload, expiresIn?: number): Promise<void>;
    find(id: string): Promise<StoredPayload | undefined>;
    findByUserCode(userCode: string): Promise<StoredPayload | undefined>;
    findByUid(uid: string): Promise<StoredPayload | undefined>;
    destroy(id: string): Promise<void>;
    consume(id: string): Promise<void>;
    revokeByGrantId(grantId: string): Promise<void>;
  }

  export interface StoredPayload {
    grantId?: string;
    userCode?: string;
    uid?: string;
    consumed?: number;
    /** Seconds since the epoch. */
    exp?: number;
    [member: string]: unknown;
  }

  export class Provider extends EventEmitter {
    constructor(issuer: string, configuration: Record<string, unknown>);
    callback(): RequestListener;
    use(middleware: (context: KoaContext, next: () => Promise<void>) => Promise<void>): void;
    interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<InteractionDetails>;
    interactionFinished(
      request: IncomingMessage,
      response: ServerResponse,
      result: Record<string, unknown>,
      options?: { mergeWithLastSubmission?: boolean },
    ): Promise<void>;
    readonly Grant: {
      new (properties: { accountId: string; clientId: string }): Grant;
      find(id: string): Promise<Grant | undefined>;
    };
  }

  export namespace errors {
    class OIDCProviderError extends Error {
      constructor(status: number, error: string, options?: { cause?: unknown });
      readonly status: number;
      /** Whether clients are told more than that the server failed. */
      readonly expose: boolean;
    }
    class InvalidTarget extends Error {
      constructor(description?: string);
    }
    class InvalidGrant extends Error {
      constructor(detail: string);
    }
    class SessionNotFound extends Error {}
  }
}
