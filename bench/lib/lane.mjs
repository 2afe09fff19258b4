import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { npmPackagesAreReady } from '../../scripts/lib/installed.mjs';
import { npmCi } from '../../scripts/lib/npm.mjs';
import { CACHE, ROOT } from '../../scripts/lib/paths.mjs';
import { run } from '../../scripts/lib/processes.mjs';
import { Problem } from '../../scripts/lib/problem.mjs';

/** Where the peers are installed, with the newest aws-cdk-lib and the compiled library beside them. */
export const LANE = join(CACHE, 'bench');

export async function prepareLane() {
  const library = join(LANE, 'node_modules', 'cdk-ecs-workloads');
  cpSync(join(ROOT, 'bench', 'peers'), LANE, { recursive: true });
  rmSync(library, { recursive: true, force: true });
  if (!npmPackagesAreReady(LANE)) await npmCi(LANE);
  mkdirSync(library);
  for (const part of ['package.json', '.jsii', 'lib']) cpSync(join(ROOT, part), join(library, part), { recursive: true });
  rmSync(join(LANE, 'programs'), { recursive: true, force: true });
  cpSync(join(ROOT, 'bench', 'programs'), join(LANE, 'programs'), { recursive: true });
}

/**
 * Runs a program of `bench/programs` in a process of its own; gives the JSON that it prints.
 *
 * @param {(string | number)[]} args
 * @param {{ validation?: boolean }} [options]
 */
export async function runProgram(args, { validation = false } = {}) {
  const { code, output } = await run(process.execPath, args.map(String), {
    cwd: join(LANE, 'programs'),
    env: { ...process.env, CDK_VALIDATION: String(validation), CDK_OUTDIR: mkdtempSync(join(LANE, 'out-')), NODE_NO_WARNINGS: '1', NODE_OPTIONS: '' },
  });
  const json = output.split('\n').findLast((line) => line.startsWith('{"'));
  if (code !== 0 || json === undefined) throw new Problem(`${args.join(' ')} failed`, { details: output });
  return JSON.parse(json);
}

/**
 * The resources of the one stack that a program makes.
 *
 * @param {string} program
 * @param {number} number
 * @param {string} [choice]
 * @returns {Promise<Record<string, { Type: string, Properties?: any, DependsOn?: string | string[] }>>}
 */
export async function resourcesOf(program, number, choice = '') {
  const { templates: [{ Resources }] } = await runProgram(['template.cjs', program, number, choice]);
  return Resources;
}
