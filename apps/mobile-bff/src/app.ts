import {
  coalesceReads,
  createCoalescer,
  createOrderWatch,
  getOrderOverview,
  listOrderOverviews,
} from '@bff/aggregation';
import { readBearer } from '@bff/auth';
import {
  createAdmission,
  createClientIdentity,
  createSourceReport,
  serveHttp,
  type ProcessKit,
  type RunningApp,
} from '@bff/server-kit';
import { createServices, readServiceOptions } from '@bff/upstream';
import type { Configuration } from './config.ts';
import { getOrdersById } from './orders/get-orders-by-id.ts';
import { createResolvers } from './resolvers/create-resolvers.ts';
import { createSchema } from './schema/create-schema.ts';
import { serveGraphql } from './graphql/serve-graphql.ts';

/** The composition root: everything mobile-bff consists of, wired by plain arguments. */
export async function startMobileBff(configuration: Configuration, kit: ProcessKit): Promise<RunningApp> {
}
