import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The image that clients of a folder with a buf.yaml rely on. In text, so that a review sees what changes. */
export const protoBaseline = 'proto.baseline.txtpb';

/**
 * What breaks users of the .proto files of `folder` (or how they break the style rules), a line each; empty when nothing does.
 * buf is the workspace's own, on the PATH of every npm script.
 */
export async function findBreakingProtoChanges(workspaceRoot: string, folder: string): Promise<string[]> {
  const cwd = join(workspaceRoot, folder);
  const commands = [['lint'], ['breaking', '--against', protoBaseline]];
  const found = await Promise.all(commands.map((args) => complaints(args, cwd)));
  return found.flat();
}

async function complaints(args: readonly string[], cwd: string): Promise<string[]> {
  try {
    await run('buf', [...args], { cwd });
    return [];
  } catch (error) {
    const { code, stdout, stderr } = error as { code: unknown; stdout?: string; stderr?: string };
    if (code === 'ENOENT') throw error;
    return `${stdout ?? ''}${stderr ?? ''}`.trim().split('\n');
  }
}
