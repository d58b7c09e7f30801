/** Eight hues that stay apart for colour-blind readers; further instances share two greys. */
export const seriesColours = 8;

const light = {
  page: '#ffffff',
  ink: '#1b1f24',
  muted: '#59636e',
  grid: '#e3e7eb',
  band: '#b45309',
  good: '#0b6bcb',
  bad: '#c62828',
  probe: '#b7791f',
  panic: '#7b1fa2',
  series: ['#0b6bcb', '#d97706', '#2e8b57', '#c2418c', '#6b4fc9', '#0e9aa7', '#8d6e3f', '#9aa81d'],
  others: ['#b6c0ca', '#ccd4db'],
  latency: ['#8cc0f0', '#3d8fdb', '#0b5cad', '#082f5b'],
};

const dark: typeof light = {
  page: '#14181d',
  ink: '#e6eaee',
  muted: '#9aa5b1',
  grid: '#2a3138',
  band: '#f0a34a',
  good: '#58a6ff',
  bad: '#ff7b72',
  probe: '#e3b341',
  panic: '#d2a8ff',
  series: ['#58a6ff', '#f0a34a', '#56c288', '#f078b8', '#a08bf0', '#3fc5d0', '#c9a66b', '#c6d24a'],
  others: ['#4a545e', '#3a434c'],
  latency: ['#3d7fc4', '#62a5ea', '#9fcbf7', '#e6f2ff'],
};

/** Everything that has a colour is a class, so that one file is right on a light and on a dark page. */
export const styleSheet = `svg{${variables(light)}font:12px system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
@media (prefers-color-scheme:dark){svg{${variables(dark)}}}
text{fill:var(--muted)}.heading{fill:var(--ink);font-size:17px;font-weight:600}.panel-title{fill:var(--ink);font-size:13px;font-weight:600}.variant{fill:var(--ink);font-size:14px;font-weight:600}
.page{fill:var(--page)}.layer{stroke:var(--page);stroke-width:.6}.over .grid{opacity:.3}.grid{stroke:var(--grid)}.axis{stroke:var(--muted)}.band{fill:var(--band);opacity:.1}
.line{fill:none;stroke-width:1.7;stroke-linejoin:round}.offered{stroke:var(--ink);stroke-dasharray:4 3}.good{stroke:var(--good)}.good-area{fill:var(--good);opacity:.22}.failed{stroke:var(--bad)}
.known{stroke:var(--grid);stroke-width:10}.fault{fill:var(--band);opacity:.85}.ejected{fill:var(--bad)}.probe{stroke:var(--probe);stroke-width:2}.panic{fill:var(--panic)}.inside{fill:var(--page);font-size:10px}
${light.series.map((_, i) => `.s${i}{fill:var(--s${i})}`).join('')}.o0{fill:var(--o0)}.o1{fill:var(--o1)}
${light.latency.map((_, i) => `.l${i}{stroke:var(--l${i})}`).join('')}`;

function variables({ series, others, latency, ...named }: typeof light): string {
  const list = (prefix: string, colours: readonly string[]) =>
    colours.map((colour, i): [string, string] => [`${prefix}${i}`, colour]);
  const all = [...Object.entries(named), ...list('s', series), ...list('o', others), ...list('l', latency)];
  return all.map(([name, colour]) => `--${name}:${colour};`).join('');
}
