import type { Measure } from '../run/measures.ts';

export function formatFigure(value: number, unit: Measure['unit']): string {
  if (Number.isNaN(value)) return '–';
  switch (unit) {
    case 'count':
      return value.toFixed(0);
    case 'share':
      return `${percent(value)} %`;
    case 'ms':
      return `${value.toFixed(1)} ms`;
    case 'number':
      return value.toFixed(3);
    case 'perSecond':
      return `${value.toFixed(0)}/s`;
  }
}

/** 100.00 means all: one call in a hundred thousand that failed must not be rounded away. */
function percent(share: number): string {
  const text = (share * 100).toFixed(2);
  return text === '100.00' && share < 1 ? '99.99' : text;
}
