import type { z } from 'zod';

/** Each problem of a file on a line of its own: the path of the field, and what may stand there. */
export function describeIssues({ issues }: z.ZodError): string {
  return issues.flatMap((issue) => linesOf(issue, issue.path)).join('\n');
}

function linesOf(issue: z.core.$ZodIssue, path: readonly PropertyKey[]): string[] {
  // A union without a match of its own tells what each of its options missed.
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const last = issue.errors.at(-1) ?? [];
    return last.flatMap((inner) => linesOf(inner, [...path, ...inner.path]));
  }
  return [`  ${nameOf(path)}: ${explain(issue)}`];
}

function nameOf(path: readonly PropertyKey[]): string {
  const name = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return name === '' ? '(top)' : name.replace(/^\./, '');
}

function explain(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `must be ${alternatives(issue.values)}`;
  if (issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options)) {
    return `must be ${alternatives(issue.options)}`;
  }
  if (issue.code === 'invalid_type') return `must be ${withArticle(issue.expected)}`;
  if (issue.code === 'too_small') {
    return `must be ${issue.inclusive === false ? 'above' : 'at least'} ${issue.minimum}`;
  }
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}`;
  return issue.message;
}

function alternatives(values: readonly unknown[]): string {
  const names = values.map(String);
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`;
}

function withArticle(type: string): string {
  const name = { int: 'whole number', record: 'object' }[type] ?? type;
  return `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;
}
