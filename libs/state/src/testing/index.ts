export { startRedis, type RedisProcess } from './redis-process.ts';
