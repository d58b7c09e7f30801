import type { Page } from './browser.ts';

export interface Form {
  readonly action: string;
  /** Every named input with its value. */
  readonly fields: Readonly<Record<string, string>>;
}

/** The first form of a page that is posted; undefined when there is none. */
export function findForm(page: Page): Form | undefined {
  for (const [, attributes = '', content = ''] of page.html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gis)) {
    if (attribute(attributes, 'method')?.toLowerCase() !== 'post') continue;
    const fields: Record<string, string> = {};
    for (const [, input = ''] of content.matchAll(/<input\b([^>]*)>/gis)) {
      const name = attribute(input, 'name');
      if (name !== undefined) fields[name] = attribute(input, 'value') ?? '';
    }
    return { action: new URL(attribute(attributes, 'action') ?? '', page.url).href, fields };
  }
  return undefined;
}

/** What the page tells its reader went wrong, or its title. */
export function describePage(page: Page): string {
  const alert = /role="alert">([^<]*)</.exec(page.html)?.[1];
  return decodeEntities(alert ?? /<title>([^<]*)</i.exec(page.html)?.[1] ?? 'a page without a title').trim();
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\b${name}="([^"]*)"`, 'i').exec(tag)?.[1];
  return value === undefined ? undefined : decodeEntities(value);
}

function decodeEntities(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
