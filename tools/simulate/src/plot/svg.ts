export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** One element; `content` is markup already. Numbers are rounded to a tenth of a pixel. */
export function element(name: string, attributes: Attributes, content?: string | readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? round(value) : escapeText(value ?? '')}"`)
    .join('');
  const inner = typeof content === 'string' ? content : (content?.join('') ?? '');
  return inner === '' ? `<${name}${written}/>` : `<${name}${written}>${inner}</${name}>`;
}

/** A line of text; `text` is escaped. */
export function label(text: string, x: number, y: number, attributes: Attributes = {}): string {
  return element('text', { x, y, ...attributes }, escapeText(text));
}

/** What a pointer that rests on an element is told. */
export function tooltip(text: string): string {
  return element('title', {}, escapeText(text));
}

/** About how wide a text is at 12 px; an SVG that is written without a browser cannot measure. */
export function textWidth(text: string): number {
  return text.length * 6.6;
}

function escapeText(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}
