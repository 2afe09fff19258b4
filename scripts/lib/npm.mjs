import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run, runOrFail } from './processes.mjs';
import { Problem } from './problem.mjs';

/** The npm that belongs to this Node; `npm run` tells where it is. */
function npm() {
  const besideNode = join(dirname(process.execPath), 'npm');
  return process.env.npm_execpath !== undefined
    ? [process.execPath, process.env.npm_execpath]
    : [existsSync(besideNode) ? besideNode : 'npm'];
}

/**
 * Installs the packages of a folder's lock file.
 *
 * @param {string} cwd
 */
export async function npmCi(cwd) {
  const [command, ...args] = npm();
  await runOrFail('The npm packages could not be installed', command, [...args, 'ci', '--no-audit', '--no-fund'], { cwd });
}

/**
 * Packs a package as it would be published; gives the path of the tarball.
 *
 * @param {string} cwd
 * @param {string} destination
 */
export async function npmPack(cwd, destination) {
  const [command, ...args] = npm();
  const { code, output } = await run(command, [...args, 'pack', '--json', '--ignore-scripts', '--pack-destination', destination], { cwd });
  const listed = output.match(/"filename":\s*"([^"]+)"/);
  if (code !== 0 || listed === null) throw new Problem('The package could not be packed', { details: output });
  return join(destination, listed[1]);
}

/**
 * The files that would be published, with the size of the tarball.
 *
 * @param {string} cwd
 * @returns {Promise<{ size: number, files: { path: string, size: number }[] }>}
 */
export async function npmPackList(cwd) {
  const [command, ...args] = npm();
  const { code, output } = await run(command, [...args, 'pack', '--dry-run', '--json', '--ignore-scripts'], { cwd });
  if (code !== 0) throw new Problem('The list of published files could not be made', { details: output });
  return JSON.parse(output.slice(output.indexOf('[')))[0];
}

/**
 * What the registry knows of vulnerabilities, as `npm audit` prints it. It says so where it has no answer, and exits non-zero in either case.
 *
 * @param {string} cwd
 */
export async function npmAudit(cwd) {
  const [command, ...args] = npm();
  const { output } = await run(command, [...args, 'audit', '--json', '--loglevel=silent'], { cwd });
  return output;
}
