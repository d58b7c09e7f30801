import type { z } from 'zod';

/**
 * What one operation of this API takes and gives. Routes validate requests by it, `/openapi.json` is made of it, and
 * tests hold every answer against it: there is no second description that could differ.
 */
export interface OperationContract {
  readonly id: string;
  readonly method: 'get' | 'post';
  /** As OpenAPI writes it, `/v1/orders/{orderId}`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description: string;
  readonly pathParameters?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** By the header's usual spelling, `Idempotency-Key`. */
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly answers: Answers;
}

/** By status. Every one of them is produced by a test, and a test fails when one is answered that is not here. */
export type Answers = Readonly<Record<number, AnswerContract>>;

export interface AnswerContract {
  readonly description: string;
  /** Absent when the answer has no body. */
  readonly content?: { readonly type: string; readonly schema: z.ZodType };
  /** Headers that this answer always has, with what they mean. */
  readonly headers?: Readonly<Record<string, string>>;
}

export const jsonContent = (schema: z.ZodType) => ({ type: 'application/json', schema });
