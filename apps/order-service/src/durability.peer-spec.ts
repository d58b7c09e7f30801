import { createPostgresDatabase, describeDurability } from '@bff/service-kit/testing';
import { durableOrders } from './testing/durable-orders.ts';

describeDurability('PostgreSQL', { ...durableOrders, createDatabase: createPostgresDatabase });
