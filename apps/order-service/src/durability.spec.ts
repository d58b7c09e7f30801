import { createSqliteDatabase, describeDurability } from '@bff/service-kit/testing';
import { durableOrders } from './testing/durable-orders.ts';

describeDurability('SQLite', { ...durableOrders, createDatabase: createSqliteDatabase });
