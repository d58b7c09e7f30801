import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { findUnknownNames, knownMetrics, type KnownMetrics } from './metric-names.ts';

const docker = resolve(import.meta.dirname, '../../../../docker');
const dashboards = join(docker, 'grafana/dashboards');

interface Panel {
  title: string;
  targets?: { expr: string }[];
}
interface Rules {
  groups: { rules: { alert: string; expr: string }[] }[];
}

describe('what is asked of Prometheus', () => {
  let known: KnownMetrics;
  beforeAll(async () => {
    known = await knownMetrics();
  });

  it('exists, in every panel of the dashboards', async () => {
    const files = (await readdir(dashboards)).filter((name) => name.endsWith('.json'));
    const texts = await Promise.all(files.map((name) => readFile(join(dashboards, name), 'utf8')));
    const panels = texts.flatMap((text) => (JSON.parse(text) as { panels: Panel[] }).panels);
    const queries = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })));
    expect(queries.length).toBeGreaterThan(10);
    expect(
      queries.flatMap(({ title, expr }) =>
        findUnknownNames(expr, known).map((fault) => `${title}: ${fault}`),
      ),
    ).toEqual([]);
  });

  it('exists, in every alert', async () => {
    const { groups } = parse(await readFile(join(docker, 'prometheus/alerts.yml'), 'utf8')) as Rules;
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.length).toBeGreaterThanOrEqual(4);
    expect(
      rules.flatMap(({ alert, expr }) => findUnknownNames(expr, known).map((fault) => `${alert}: ${fault}`)),
    ).toEqual([]);
  });

  it.each([
    ['rate(http_requests_total[5m])', ['There is no metric http_requests_total.']],
    [
      'sum by (app) (rate(http_server_request_duration_seconds_bucket{code="500"}[1m])) > 0.01',
      ['http_server_request_duration_seconds_bucket has no label code.'],
    ],
    ['max by (pod) (upstream_retry_budget_left)', ['Nothing in it has the label pod.']],
    ['group by (app) (max_over_time(up[1h]) == 1) unless group by (app) (up == 1)', []],
  ])('is checked: %s', (expression, faults) => {
    expect(findUnknownNames(expression, known)).toEqual(faults);
  });
});
