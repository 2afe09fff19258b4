/**
 * What the project depends on, judged from package.json and the lock file alone: no network, no installation.
 *
 * @typedef {{ license?: string, integrity?: string, resolved?: string, inBundle?: boolean, hasInstallScript?: boolean, link?: boolean }} LockedPackage
 * @typedef {{ packages: Record<string, LockedPackage> }} Lock
 */

/** Licences that ask for no more than to be named. The copyleft ones are not among them; of alternatives, one is enough. */
const LICENCES = new Set([
  'MIT', 'MIT-0', 'ISC', '0BSD', 'BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0', 'Python-2.0', 'CC0-1.0', 'CC-BY-3.0', 'CC-BY-4.0',
]);

/** Packages that run something when they are installed. Each was looked at. */
const INSTALL_SCRIPTS = new Set([
  '@parcel/watcher', // builds itself where there is no binary for the platform; comes with a tool, and is not used
  'esbuild', // replaces its launcher by the binary for the platform
  'fsevents', // macOS only
  'unrs-resolver', // checks that its binary is there
]);

/** Who uses the package installs these, and nothing else. */
const PEERS = ['aws-cdk-lib', 'constructs'];

/** Whether what is published brings nothing along. */
export function publishedProblems(manifest) {
  const brought = ['dependencies', 'optionalDependencies', 'bundledDependencies', 'bundleDependencies'].filter((kind) => Object.keys(manifest[kind] ?? {}).length > 0);
  const peers = Object.keys(manifest.peerDependencies ?? {}).sort();
  return [
    ...brought.map((kind) => `package.json has ${kind}: the published package brings nothing along`),
    ...peers.join() === PEERS.join() ? [] : [`package.json has the peers ${peers.join(', ')}: they are ${PEERS.join(' and ')}`],
  ];
}

/** Whether each tool is one version, with a hash, from the registry. */
export function pinProblems(manifest, /** @type {Lock} */ lock) {
  const loose = Object.entries(manifest.devDependencies ?? {}).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version));
  return [
    ...loose.map(([name, version]) => `${name} is asked for as ${version}: pin one version`),
    ...packagesOf(lock).filter(([, { integrity, inBundle }]) => integrity === undefined && inBundle !== true).map(([path]) => `${path} has no hash in the lock file`),
    ...packagesOf(lock).filter(([, { resolved }]) => /^(git|http:|file:)/.test(resolved ?? '')).map(([path, { resolved }]) => `${path} does not come from the registry, but from ${resolved}`),
  ];
}

/** Whether each licence is one that we may use, and is stated. */
export function licenceProblems(/** @type {Lock} */ lock) {
  return packagesOf(lock).filter(([, { license }]) => !isAllowed(license)).map(([path, { license }]) => `${path} has the licence ${license ?? '(none stated)'}`);
}

/** Whether anything runs at installation that nobody has looked at. */
export function scriptProblems(/** @type {Lock} */ lock) {
  return packagesOf(lock).filter(([path, { hasInstallScript }]) => hasInstallScript === true && !INSTALL_SCRIPTS.has(nameOf(path)))
    .map(([path]) => `${path} runs a script when it is installed: look at it, then add it to INSTALL_SCRIPTS`);
}

/** SPDX: `MIT`, `(MIT OR GPL-3.0-or-later)`, `Apache-2.0 AND MIT`. */
function isAllowed(licence) {
  if (licence === undefined) return false;
  return licence.replace(/[()]/g, '').split(' OR ').some((one) => one.split(' AND ').every((part) => LICENCES.has(part.trim())));
}

function packagesOf(lock) {
  return Object.entries(lock.packages).filter(([path, { link }]) => path !== '' && link !== true);
}

function nameOf(path) {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}
