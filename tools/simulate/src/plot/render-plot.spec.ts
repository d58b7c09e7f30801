import { describe, expect, it } from '@jest/globals';
import { parseXml, XmlElement, XmlText, type XmlNode } from '@rgrove/parse-xml';
import type { Column } from '../run/run-plan.ts';
import { runShipped } from '../testing/run-shipped.ts';
import { renderPlot } from './render-plot.ts';

const panels = [
  'Calls per second',
  'Load share per instance',
  'Latency percentiles of successes',
  'Faults, ejections and panic',
];

function elementsOf(node: XmlNode): XmlElement[] {
  if (!(node instanceof XmlElement)) return [];
  return [node, ...node.children.flatMap(elementsOf)];
}

async function draw(name: string, title = 'A title') {
  const columns = await runShipped(name);
  const svg = renderPlot(title, columns);
  const { root } = parseXml(svg);
  return { svg, columns, elements: elementsOf(root!) };
}

function panelsOf(elements: readonly XmlElement[]): XmlElement[] {
  return elements.filter(({ attributes }) => attributes['data-panel'] !== undefined);
}

function textsOf(element: XmlElement): string[] {
  return elementsOf(element)
    .filter(({ name }) => name === 'text')
    .flatMap(({ children }) => children.flatMap((child) => (child instanceof XmlText ? [child.text] : [])));
}

const withClass = (elements: readonly XmlElement[], name: string) =>
  elements.filter(({ attributes }) => attributes['class']?.split(' ').includes(name));

describe('renderPlot', () => {
  it('draws every panel with axis titles, a legend and numbers', async () => {
    const { elements } = await draw('one-dead');
    const drawn = panelsOf(elements);
    expect(drawn.map(({ attributes }) => attributes['data-panel'])).toEqual(panels);
    const [rate, share, latency, events] = drawn.map(textsOf);
    expect(rate).toEqual(expect.arrayContaining(['calls/s', 'offered', 'time, s', '60', '250']));
    expect(share).toEqual(expect.arrayContaining(['% of attempts', 'a', 'b', '100']));
    expect(latency).toEqual(expect.arrayContaining(['ms (logarithmic)', 'p50', 'p90', 'p99', 'p99.9']));
    expect(events).toEqual(expect.arrayContaining(['b: dead', 'panic', 'ejected', 'probe', 'probe failed']));
  });

  it('shows an ejection where it was, and until when', async () => {
    const { elements, columns } = await draw('one-dead');
    const [first] = columns[0]!.shown.result.ejections;
    const spans = withClass(elements, 'ejected')
      .flatMap(elementsOf)
      .flatMap(({ text, name }) => (name === 'title' ? [text] : []));
    expect(spans[0]).toMatch(
      new RegExp(`^b is ejected from ${(first!.atMs / 1_000).toFixed(2)} s to .* s: connection$`),
    );
    const boxes = withClass(elements, 'ejected').filter(({ children }) => children.length > 0);
    const at = (second: number) => (second / 60) * (980 - 104 - 18);
    expect(Number(boxes[0]!.attributes['x'])).toBeCloseTo(at(first!.atMs / 1_000), 0);
  });

  it('shows panic in a total outage', async () => {
    const { elements } = await draw('outage-and-recovery');
    const told = withClass(elements, 'panic').map(({ text }) => text);
    expect(told).toContainEqual(expect.stringMatching(/^panic from 20\.\d\d s to 40\.\d\d s$/));
  });

  it('draws a column per run, on the same scale', async () => {
    const { elements, columns } = await draw('published-eleven');
    expect(panelsOf(elements)).toHaveLength(4 * columns.length);
    expect(withClass(elements, 'variant').map(({ text }) => text)).toEqual(
      columns.map(({ name }: Column) => name),
    );
    const ticks = panelsOf(elements)
      .filter(({ attributes }) => attributes['data-panel'] === panels[2])
      .map((panel) => textsOf(panel).filter((text) => text !== 'time, s'));
    expect(new Set(ticks.map(String)).size).toBe(1);
  });

  it('needs nothing from elsewhere, is right on dark pages, and has no number that is none', async () => {
    const { svg } = await draw('overload');
    expect(svg.match(/(?:href|src|url\(|@import|<script|<image|<foreignObject)/g)).toBeNull();
    expect(svg).toContain('@media (prefers-color-scheme:dark)');
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(svg.length).toBeLessThan(200_000);
  });

  it('breaks a long title into lines and shows what is written, whatever it is', async () => {
    const title = `<b>"Tom" & 'Jerry'</b> ${'are long '.repeat(20).trim()}`;
    const { elements } = await draw('one-dead', title);
    const lines = withClass(elements, 'heading').map(({ text }) => text);
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.join(' ')).toBe(title);
  });
});
