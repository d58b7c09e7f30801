import { judge, type Attack } from './attack.ts';
import { attacksOn } from './catalogue.ts';
import type { Target } from './world/target.ts';

export interface AttackResult {
  readonly attack: string;
  readonly faults: readonly string[];
}

/**
 * Tries every attack on a server: one after the other, so that what reaches a service is known to be its doing; those that
 * wait for time limits at the end, all at once.
 */
export async function runAttacks(
  target: Target,
  attacks: readonly Attack[] = attacksOn(target),
): Promise<AttackResult[]> {
  const results: AttackResult[] = [];
  const [slow, quick] = [attacks.filter(({ isSlow }) => isSlow), attacks.filter(({ isSlow }) => !isSlow)];
  for (const attack of quick) results.push(await tryAttack(attack, target));
  const apart = slow.filter(({ name }) => !name.includes('connections'));
  results.push(...(await Promise.all(apart.map((attack) => tryAttack(attack, target)))));
  for (const attack of slow.filter((one) => !apart.includes(one)))
    results.push(await tryAttack(attack, target));
  return results;
}

async function tryAttack(attack: Attack, target: Target): Promise<AttackResult> {
  try {
    return { attack: attack.name, faults: await judge(attack, target) };
  } catch (thrown) {
    return { attack: attack.name, faults: [(thrown as Error).message] };
  }
}
