import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findBreakingProtoChanges } from './check-proto.ts';

const workspaceRoot = resolve(import.meta.dirname, '../../../..');

describe('a change of the watch’s protos', () => {
  let folder: string;
  const file = () => join(folder, 'proto/wearable/v1/wearable_service.proto');
  const change = (from: string, to: string) => {
    const before = readFileSync(file(), 'utf8');
    expect(before).toContain(from);
    writeFileSync(file(), before.replace(from, to));
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'protos-'));
    for (const name of ['buf.yaml', 'proto', 'proto.baseline.txtpb']) {
      cpSync(join(workspaceRoot, 'apps/wearable-bff', name), join(folder, name), { recursive: true });
    }
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('is none as it stands', async () => {
    expect(await findBreakingProtoChanges('/', folder)).toEqual([]);
  });

  it('may add', async () => {
    change('uint32 updated_minutes = 7;', 'uint32 updated_minutes = 7;\n  string note = 99;');
    expect(await findBreakingProtoChanges('/', folder)).toEqual([]);
  });

  it('may not give a field another number', async () => {
    change('uint32 updated_minutes = 7;', 'uint32 updated_minutes = 8;');
    expect((await findBreakingProtoChanges('/', folder)).join('\n')).toMatch(/field "7".*deleted/);
  });
});
