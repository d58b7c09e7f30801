import { describe, expect, it } from '@jest/globals';
import { systemClock } from '@bff/core';
import { createAuditLog, type AuditEvent } from './audit-log.ts';
import { createLogger, type LogLevel } from './logger.ts';

function open(level: LogLevel) {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const audit = createAuditLog(
    createLogger({ service: 'web-bff', instance: 'web-bff-1', level, clock: systemClock, destination }),
  );
  return { audit, lines };
}

describe('the audit log', () => {
  it('says who did what, from where and how it ended, on a line that can be told from others', () => {
    const { audit, lines } = open('info');
    audit({
      action: 'access_refused',
      outcome: 'refused',
      reason: 'unauthenticated',
      subject: undefined,
      address: '192.0.2.7',
      requestId: 'req-1',
      target: 'GET /v1/orders/:orderId',
      status: '401',
    });
    expect(lines).toEqual([
      {
        level: 'info',
        time: expect.any(String),
        service: 'web-bff',
        instance: 'web-bff-1',
        log: 'audit',
        msg: 'access_refused',
        action: 'access_refused',
        outcome: 'refused',
        reason: 'unauthenticated',
        address: '192.0.2.7',
        requestId: 'req-1',
        target: 'GET /v1/orders/:orderId',
        status: '401',
      },
    ]);
  });

  it('is written although the process logs errors alone, and not when it logs nothing', () => {
    const event: AuditEvent = { action: 'sign_out', outcome: 'success', subject: 'alice' };
    const errors = open('error');
    errors.audit(event);
    expect(errors.lines).toHaveLength(1);
    const silent = open('silent');
    silent.audit(event);
    expect(silent.lines).toEqual([]);
  });

  it('cuts out what looks like a token, breaks no line, and has an end', () => {
    const { audit, lines } = open('info');
    const token = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl';
    audit({ action: 'sign_in', outcome: 'refused', reason: `bad ${token}`, subject: 'a\n{"log":"audit"}' });
    audit({ action: 'sign_in', outcome: 'refused', subject: 'x y '.repeat(100), client: 'A'.repeat(70) });
    expect(JSON.stringify(lines)).not.toMatch(/eyJ|AAAA/);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({ subject: 'a\n{"log":"audit"}' });
    expect(String(lines[1]?.['subject'])).toHaveLength(200);
  });
});
