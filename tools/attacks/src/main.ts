import { catalogue } from './catalogue.ts';
import { runAttacks, type AttackResult } from './run-attacks.ts';
import { openWorld, serverNames, type ServerName } from './world/open-world.ts';

/** `npm run attacks [-- SERVER…]`: tries the catalogue on servers in production mode and prints a table. */
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(serverNames as readonly string[]).includes(name));
if (unknown.length > 0) {
  console.error(`unknown server ${unknown.join(', ')}; there are ${serverNames.join(', ')}`);
  process.exit(2);
}

console.log(`${catalogue.length} attacks; each is tried on every server that speaks its protocol.\n`);
console.log(row('server', 'protocol', 'attacks', 'bounced', 'seconds'));
let failures = 0;
for (const server of wanted.length > 0 ? (wanted as ServerName[]) : serverNames) {
  const world = await openWorld(server);
  try {
    for (const target of world.targets) {
      const startedAt = performance.now();
      const results = await runAttacks(target);
      const failed = results.filter(({ faults }) => faults.length > 0);
      const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
      console.log(
        row(
          [server, target.entry].filter(Boolean).join(', '),
          target.protocol,
          results.length,
          results.length - failed.length,
          seconds,
        ),
      );
      print(failed);
      failures += failed.length;
    }
  } finally {
    await world.close();
  }
}
console.log(failures === 0 ? '\nEverything bounced.' : `\n${failures} got through.`);
process.exitCode = failures === 0 ? 0 : 1;

function print(failed: readonly AttackResult[]): void {
  for (const { attack, faults } of failed) console.log(`  ${attack}: ${faults.join('; ')}`);
}

function row(...cells: readonly (string | number)[]): string {
  return cells.map((cell) => String(cell).padEnd(18)).join('');
}
