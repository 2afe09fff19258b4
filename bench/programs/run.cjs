/**
 * One application in a process of its own: `node run.cjs <program> <number> [<of them in a stack>]`. Prints what it took and what it made, as JSON.
 *
 * CPU time is that of the whole process, its start included, up to the end of the synthesis; counting comes after.
 */
const { readFileSync, rmSync } = require('node:fs');
const { join } = require('node:path');

const [program, number, perStack = number] = process.argv.slice(2);
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const start = cpu();
const { App, Stack } = require('aws-cdk-lib/core');
const { declare } = require(`./${program}.cjs`);
const app = new App({ context: surroundings(), outdir: process.env.CDK_OUTDIR });
const indexes = Array.from({ length: Number(number) }, (_, index) => index + 1);
const imported = cpu();

for (let first = 0; first === 0 || first < indexes.length; first += Number(perStack)) {
  declare(new Stack(app, `Stack${first}`), indexes.slice(first, first + Number(perStack)));
}
const constructed = cpu();
const assembly = app.synth();
const synthesised = cpu();
const memory = process.resourceUsage().maxRSS / 1024;

const texts = assembly.stacks.map(({ templateFullPath }) => readFileSync(templateFullPath, 'utf8'));
rmSync(assembly.directory, { recursive: true });
process.stdout.write(JSON.stringify({
  cpu: synthesised,
  load: imported - start,
  construct: constructed - imported,
  synth: synthesised - constructed,
  memory,
  constructs: app.node.findAll().length,
  resources: texts.reduce((sum, text) => sum + Object.keys(JSON.parse(text).Resources).length, 0),
  bytes: texts.reduce((sum, text) => sum + text.length, 0),
  stacks: texts.length,
}));

/** What `cdk init` and the CLI give a new application, and no bound on the resources of a stack: growth is measured in one. */
function surroundings() {
  const flags = JSON.parse(readFileSync(join(require.resolve('aws-cdk-lib/package.json'), '..', 'recommended-feature-flags.json'), 'utf8'));
  return { ...flags, 'aws:cdk:enable-path-metadata': true, 'aws:cdk:enable-asset-metadata': true, 'aws:cdk:version-reporting': true, '@aws-cdk/core:stackResourceLimit': 0 };
}
