/** `node template.cjs <program> <number>`: the templates of an application, as a list in JSON. */
const { App, Stack } = require('aws-cdk-lib/core');
const { rmSync } = require('node:fs');

const [program, number, choice] = process.argv.slice(2);
const app = new App({ context: { '@aws-cdk/core:stackResourceLimit': 0 }, outdir: process.env.CDK_OUTDIR });
const { declare } = require(`./${program}.cjs`);
declare(new Stack(app, 'App', { env: { region: 'us-east-1', account: '111122223333' } }), Array.from({ length: Number(number) }, (_, index) => index + 1), choice);
const assembly = app.synth();
const templates = assembly.stacks.map(({ template }) => template);
rmSync(assembly.directory, { recursive: true });
process.stdout.write(JSON.stringify({ templates }));
