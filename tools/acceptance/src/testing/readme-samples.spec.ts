import { describe, expect, it } from '@jest/globals';
import { findReadmeSamples } from './readme-samples.ts';

const markdown = `# Title

<!-- readme-test level=2,4 -->

\`\`\`sh
curl -s \\
  http://127.0.0.1:8081/v1/orders/ord_0001
\`\`\`

It answers:

\`\`\`json
{ "orderId": "ord_0001" }
\`\`\`

\`\`\`sh
not a sample
\`\`\`

<!-- readme-test level=1 -->

\`\`\`sh
echo hello
\`\`\`

\`\`\`text
hello
\`\`\`
`;

describe('samples of a README', () => {
  it('are the marked commands with the answers below them', () => {
    expect(findReadmeSamples(markdown)).toEqual([
      {
        levels: [2, 4],
        line: 3,
        command: 'curl -s \\\n  http://127.0.0.1:8081/v1/orders/ord_0001',
        language: 'json',
        answer: '{ "orderId": "ord_0001" }',
      },
      { levels: [1], line: 20, command: 'echo hello', language: 'text', answer: 'hello' },
    ]);
  });

  it('are refused when a marker has no answer, since nothing would test it', () => {
    const cut = markdown.slice(0, markdown.indexOf('```text'));
    expect(() => findReadmeSamples(cut)).toThrow('2 readme-test markers, but only 1');
  });
});
