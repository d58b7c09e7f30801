import { CommandError } from '../command/command-error.ts';
import { isFree } from '../topology/ports.ts';
import type { ProcessPlan } from '../topology/process-plan.ts';

/** Throws a `CommandError` that names every public port which somebody else listens on. */
export async function checkEntryPorts(plans: readonly ProcessPlan[], host: string): Promise<void> {
  const wanted = plans.flatMap(({ name, ports }) =>
    [ports.public, ports.mobile, ports.wearable].flatMap((port) =>
      port === undefined ? [] : [{ name, port }],
    ),
  );
  const free = await Promise.all(wanted.map(({ port }) => isFree(host, port)));
  const taken = wanted.filter((_, index) => !free[index]).map(({ name, port }) => `${port} (${name})`);
  if (taken.length === 0) return;
  const [what, it] = taken.length === 1 ? ['Port', 'it'] : ['Ports', 'them'];
  throw new CommandError(
    `${what} ${taken.join(', ')} on ${host} ${taken.length === 1 ? 'is' : 'are'} taken; ` +
      `stop the program that uses ${it} (\`ss -ltnp\` names it) or choose others: npm start -- --port-base 9000`,
  );
}
