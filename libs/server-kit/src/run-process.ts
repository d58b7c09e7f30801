import { AppError, systemClock, type Clock } from '@bff/core';
import { z } from 'zod';
import { startAdminListener } from './admin-listener.ts';
import { ConfigurationError, configurationTable, readConfiguration } from './configuration.ts';
import { createLifecycle, type RunningApp } from './lifecycle.ts';
import { createProcessKit, type ProcessKit } from './process-kit.ts';
import type { baseVariables } from './variables.ts';

type BaseShape = ReturnType<typeof baseVariables>;
type BaseConfiguration = z.output<z.ZodObject<BaseShape>>;

export interface ProcessDefinition<S extends z.ZodObject<BaseShape>> {
  /** The app, `web-bff`. */
  name: string;
  /** One sentence for `--help`. */
  summary: string;
  configuration: S;
  /** The composition root: wires the app and starts its public listeners. */
  start(configuration: z.output<S>, kit: ProcessKit): Promise<RunningApp>;
}

/**
 * The whole of an app's `main.ts`: reads the configuration, starts the app and its admin listener, serves until
 * SIGTERM (with `DRAIN_DELAY_MS` for balancers to notice) or SIGINT (without), stops in order. This is the one place
 * that touches `process`.
 *
 * Exit status: 0 after a stop, 1 when the app could not start, 2 for wrong arguments.
 */
export async function runProcess<S extends z.ZodObject<BaseShape>>(
  definition: ProcessDefinition<S>,
): Promise<void> {
  const [argument] = process.argv.slice(2);
  if (argument === '--help' || argument === '-h') {
    console.log(
      `${definition.summary}\n\nConfigured by environment variables alone:\n\n${configurationTable(definition.configuration)}`,
    );
    return;
  }
  if (argument !== undefined) {
    console.error(
      `${definition.name}: unknown argument "${argument}". It is configured by environment variables; see --help.`,
    );
    process.exit(2);
  }
  endWithLauncher();
  try {
    await serve(definition);
  } catch (error) {
    const known = error instanceof ConfigurationError || error instanceof AppError;
    console.error(
      `${definition.name} cannot start: ${known ? error.message : String(error instanceof Error ? error.stack : error)}`,
    );
    process.exit(1);
  }
}

/**
 * A process that was started with a channel belongs to its launcher and does not outlive it, however that ended:
 * ready, it stops in order, before that it just ends.
 */
function endWithLauncher(): void {
  const end = () => process.kill(process.pid, 'SIGINT');
  process.once('disconnect', end);
  // Without a channel it is undefined; false means that the launcher went while the modules were loaded.
  if ((process.connected as boolean | undefined) === false) end();
}

async function serve<S extends z.ZodObject<BaseShape>>(definition: ProcessDefinition<S>): Promise<void> {
  const configuration = readConfiguration(definition.configuration, process.env);
  // Every schema extends the base variables, which generics over zod objects cannot express.
  const base = configuration as unknown as BaseConfiguration;
  const lifecycle = createLifecycle({
    clock: systemClock,
    drainDelayMs: base.DRAIN_DELAY_MS,
    shutdownTimeoutMs: base.SHUTDOWN_TIMEOUT_MS,
  });
  const kit = createProcessKit({
    name: definition.name,
    instance: base.INSTANCE ?? definition.name,
    logLevel: base.LOG_LEVEL,
    drain: lifecycle.drain,
    environment: process.env,
    isProduction: base.NODE_ENV === 'production',
  });
  const app = await definition.start(configuration, kit);
  const admin = await startAdminListener({
    kit,
    address: { host: base.ADMIN_HOST, port: base.ADMIN_PORT },
    phase: lifecycle.phase,
    readiness: app.readiness ?? {},
    info: app.info ?? (() => ({})),
    routes: app.adminRoutes ?? [],
  });
  const stop = (signal: string) => {
    // A second signal does not wait.
    if (lifecycle.phase().name === 'draining') process.exit(1);
    kit.logger.info({ signal }, 'stopping');
    // Ctrl-C ends everything at once: nobody is left who would need time to notice.
    void lifecycle.stop(signal, app, { atOnce: signal === 'SIGINT' }).then(async () => {
      await admin.close(0);
      process.exit(0);
    });
  };
  // Before anybody is told that this process is ready: whoever stops it at once must get an orderly stop.
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  await firstReadiness(app, kit.clock);
  lifecycle.ready();
  const listeners = Object.fromEntries([...app.listeners, admin].map(({ name, url }) => [name, url]));
  kit.logger.info({ listeners }, 'ready');
  process.send?.({ type: 'ready', listeners });
}

const firstReadinessLimitMs = 5_000;
const firstReadinessPauseMs = 25;

/** Waits until every readiness check has passed once, or a bounded time: a dependency that is down must not stop a start. */
async function firstReadiness(app: RunningApp, clock: Clock): Promise<void> {
  const giveUpAt = clock.now() + firstReadinessLimitMs;
  for (const check of Object.values(app.readiness ?? {})) {
    for (;;) {
      try {
        await check();
        break;
      } catch {
        if (clock.now() >= giveUpAt) return;
        await new Promise<void>((resolve) => setTimeout(resolve, firstReadinessPauseMs));
      }
    }
  }
}
