import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { createWebBffDocument } from './contract/web-bff-document.ts';
import { openTestBff, type TestBff } from './testing/open-test-bff.ts';

let bff: TestBff;
beforeAll(async () => {
  bff = await openTestBff();
});
afterAll(() => bff.close());

describe('/openapi.json', () => {
  it('is a valid OpenAPI 3.1 document', async () => {
    const response = await fetch(`${bff.url}/openapi.json`);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const document = (await response.json()) as Record<string, unknown>;
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'web-bff' } });
    expect(await new Validator().validate(document)).toEqual({ valid: true });
  });

  it('describes every operation with an id, words, its parameters and its answers', () => {
    const { paths } = createWebBffDocument() as { paths: Record<string, Record<string, Operation>> };
    for (const [path, methods] of Object.entries(paths)) {
      for (const operation of Object.values(methods)) {
        expect(operation.operationId).toMatch(/^[a-z]\w+$/);
        expect(operation.summary.length * operation.description.length).toBeGreaterThan(0);
        const named = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
        expect(named.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
        for (const status of ['401', '429', '503']) expect(operation.responses).toHaveProperty(status);
      }
    }
  });

  it('is compressed for who takes that, and read only', async () => {
    const coded = await fetch(`${bff.url}/openapi.json`, { headers: { 'accept-encoding': 'br' } });
    expect(coded.headers.get('content-encoding')).toBe('br');
    expect((await fetch(`${bff.url}/openapi.json`, { method: 'POST' })).status).toBe(405);
  });
});

interface Operation {
  operationId: string;
  summary: string;
  description: string;
  parameters?: { name: string; in: string }[];
  responses: object;
}

describe('/docs', () => {
  it('is whole without a network: all that the page names comes from here', async () => {
    const page = await fetch(`${bff.url}/docs`);
    const html = await page.text();
    const named = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address!);
    expect(named).toContain('/docs/swagger-ui-bundle.js');
    for (const address of named.filter((one) => !one.startsWith('data:'))) {
      const file = await fetch(bff.url + address);
      expect([address, file.status]).toEqual([address, 200]);
      expect(file.headers.get('x-content-type-options')).toBe('nosniff');
      expect((await file.text()).length).toBeGreaterThan(50);
    }
  });

  it('runs no inline script or style, and nothing from elsewhere', async () => {
    const page = await fetch(`${bff.url}/docs`);
    const policy = page.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(await page.text()).not.toMatch(/<style|<script>|\son\w+=|style="/);
  });

  it('hands out the files of the page and no others', async () => {
    for (const path of ['package.json', '%2e%2e/package.json', 'swagger-ui.js', 'swagger-ui-bundle.js.map']) {
      // fetch would tidy the path up.
      const status = await new Promise((resolve, reject) => {
        const { hostname, port } = new URL(bff.url);
        request({ hostname, port, path: `/docs/${path}`, agent: false }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end();
      });
      expect([path, status]).not.toEqual([path, 200]);
    }
  });

  it('is for development: production has the document alone', async () => {
    await bff.close();
    bff = await openTestBff({
      NODE_ENV: 'production',
      OIDC_CLIENT_SECRET: 'a secret of this test alone, not of development',
      SESSION_KEYS: Buffer.alloc(48, 7).toString('base64'),
    });
    expect((await fetch(`${bff.url}/docs`)).status).toBe(404);
    expect((await fetch(`${bff.url}/openapi.json`)).status).toBe(200);
  });
});
