import { hash } from 'node:crypto';
import type { RandomHex } from '@bff/core';

/** What the cookie holds. Neither part says anything about its user. */
export interface SessionTicket {
  /** The value of the cookie. */
  readonly value: string;
  /** Under this name the session is stored: who reads the store cannot make the cookie. */
  readonly hash: string;
  /** The store's part of the session opens with it alone. */
  readonly key: string;
}

const shape = /^([0-9a-f]{32})\.([0-9a-f]{64})$/;

export function createTicket(randomHex: RandomHex): SessionTicket {
  return ticketOf(randomHex(16), randomHex(32));
}

/** `undefined` for what is not a ticket's value. */
export function parseTicket(value: string): SessionTicket | undefined {
  const [, id, key] = shape.exec(value) ?? [];
  return id !== undefined && key !== undefined ? ticketOf(id, key) : undefined;
}

function ticketOf(id: string, key: string): SessionTicket {
  return { value: `${id}.${key}`, hash: hash('sha256', id, 'base64url'), key };
}
