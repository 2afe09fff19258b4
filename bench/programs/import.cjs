/** `node import.cjs <package> [<its exports>]`: what loading it costs beyond the core of the CDK, as JSON. */
const core = require('aws-cdk-lib/core');

const [name, exported = ''] = process.argv.slice(2);
void [core.App, core.Stack, core.CfnResource]; // which loads them
const measure = () => {
  const { user, system } = process.cpuUsage();
  return { cpu: (user + system) / 1000, memory: process.memoryUsage().rss / 2 ** 20, files: Object.keys(require.cache).length };
};

const before = measure();
const loaded = require(name);
void exported.split(',').map((one) => loaded[one]);
const after = measure();
process.stdout.write(JSON.stringify({ cpu: after.cpu - before.cpu, memory: after.memory - before.memory, files: after.files - before.files }));
