import type { JsonWebKey } from 'node:crypto';
import type { SignInSite, TestTokenOptions } from '@bff/auth/testing';
import type { Reached } from './recording-services.ts';
import type { SpawnedServer } from './spawn-server.ts';

export interface HonestAnswer {
  readonly status: number;
  readonly isServed: boolean;
  /** Requests that reached a service with it. */
  readonly reaches: number;
}

/** Instances that sign browsers in. */
export interface AttackedSite extends SignInSite {
  /** By which they say at the issuer who they are. */
  readonly clientSecret: string;
  /** One more of them, configured in another way. */
  startInstance?(environment: Readonly<Record<string, string>>): Promise<SpawnedServer>;
}

/** A server under attack, on one of its protocols. */
export interface Target {
  /** `web-bff`. */
  readonly server: string;
  /** Of a server that has several doors over one protocol: which. */
  readonly entry?: string;
  /** `sign-in`: over HTTP, by browsers, on several instances. */
  readonly protocol: 'http' | 'grpc' | 'sign-in';
  /** The edge stands in front, and may refuse first, in its own way. */
  readonly isThroughEdge: boolean;
  /** Those that `token` signs with, as the issuer publishes them; none where nobody asks for tokens. */
  readonly publicKeys?: readonly JsonWebKey[];
  /** `http://…` or `grpc://…`. */
  readonly url: string;
  /** A path that serves a GET with a right credential, or the path of a call. */
  readonly path: string;
  /** Headers that such a request needs beside the credential. */
  readonly extraHeaders: string;
  /** What names hosts and may be in an answer: where the issuer is. */
  readonly publicAddresses?: readonly string[];
  /** The instances and their issuer, of `sign-in`. */
  readonly signIn?: AttackedSite;
  /** What got through to a service. */
  readonly reached: Reached[];
  /** How often the server has asked its issuer for keys. */
  keyFetches(): number;
  isAlive(): boolean;
  /** A right credential for alice, unless an option makes it wrong. */
  token(options?: TestTokenOptions): Promise<string>;
  /** What a client without bad intentions asks. */
  askHonestly(): Promise<HonestAnswer>;
}
