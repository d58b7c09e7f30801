import { createMetrics } from '@bff/observability';

/** The names of metrics, with the labels that each has. */
export type KnownMetrics = ReadonlyMap<string, ReadonlySet<string>>;

/** Added when a target is scraped. */
const targetLabels = ['app', 'instance', 'job'];

/** What is not ours: HAProxy's exporter (its documentation, `addons/promex/README`), Prometheus itself. */
const foreign: readonly [string, readonly string[]][] = [
  ['up', []],
  ['haproxy_frontend_http_responses_total', ['proxy', 'code']],
  ['haproxy_backend_active_servers', ['proxy']],
  ['haproxy_backend_retry_warnings_total', ['proxy']],
  ['haproxy_backend_redispatch_warnings_total', ['proxy']],
];

/** What Prometheus can know of this system: everything that an app exposes, with a sample of each. */
export async function knownMetrics(): Promise<KnownMetrics> {
  const metrics = createMetrics({ service: 'x', instance: 'x' });
  const request = { route: 'x', method: 'x', status: 'x', durationMs: 1 };
  metrics.httpRequest(request);
  metrics.rpcRequest(request);
  metrics.upstreamAttempt({ upstream: 'x', endpoint: 'x', operation: 'x', outcome: 'x', durationMs: 1 });
  metrics.upstreamDecision({ upstream: 'x', endpoint: 'x', event: 'x', reason: 'x' });
  metrics.furtherAttempt({ upstream: 'x', operation: 'x', event: 'x', reason: 'x' });
  const endpoint = { id: 'x', state: 'available', pending: 0, picks: 0, ewmaMs: 1, warmth: 1 };
  metrics.watchUpstreams(() => [{ name: 'x', retryBudgetLeft: 1, endpoints: [endpoint] }]);
  const known = new Map(foreign.map(([name, labels]) => [name, new Set([...labels, ...targetLabels])]));
  for (const [, name = '', labels = ''] of (await metrics.expose()).matchAll(/^(\w+)(?:\{(.*)\})? /gm)) {
    const found = known.get(name) ?? new Set(targetLabels);
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) found.add(label);
    known.set(name, found);
  }
  return known;
}

/** Metrics and labels of a PromQL expression that nobody exposes: Prometheus takes it, and it is silent for ever. */
export function findUnknownNames(expression: string, known: KnownMetrics): string[] {
  const plain = expression.replace(/"[^"]*"/g, '""');
  const grouped = [...plain.matchAll(/\b(?:by|without) \(([^)]*)\)/g)].flatMap(([, list = '']) =>
    list.split(',').map((label) => label.trim()),
  );
  const rest = plain.replace(/\b(?:by|without) \([^)]*\)/g, ' ').replace(/\[[^\]]*\]/g, ' ');
  const used = [...rest.matchAll(/\b([a-z_][a-z0-9_]*)\b(?!\s*\()(?:\{([^}]*)\})?/g)].filter(
    ([, name = '', matchers], index, all) =>
      !['or', 'and', 'unless', 'offset'].includes(name) && !isMatcher(rest, all[index]?.index ?? 0, matchers),
  );
  const labels = new Set(used.flatMap(([, name = '']) => [...(known.get(name) ?? [])]));
  return [
    ...used.flatMap(([, name = '']) => (known.has(name) ? [] : [`There is no metric ${name}.`])),
    ...used.flatMap(([, name = '', matchers = '']) =>
      [...matchers.matchAll(/(\w+)\s*(?:=|!)/g)].flatMap(([, label = '']) =>
        known.get(name)?.has(label) === false ? [`${name} has no label ${label}.`] : [],
      ),
    ),
    ...grouped.flatMap((label) => (labels.has(label) ? [] : [`Nothing in it has the label ${label}.`])),
  ];
}

/** Whether a word stands between the braces of a selector. */
function isMatcher(text: string, at: number, matchers: string | undefined): boolean {
  if (matchers !== undefined) return false;
  return text.lastIndexOf('{', at) > text.lastIndexOf('}', at);
}
