import { runProgram } from '../lib/lane.mjs';
import { interleaved, medianOf } from '../lib/rounds.mjs';
import { format, table } from '../lib/section.mjs';

const ROUNDS = 7;
const PACKAGES = {
  'cdk-ecs-workloads': 'the package',
  'cdk-ecs-workloads EcsMicroservice,FargateCluster': 'the package, two constructs named',
  'aws-cdk-lib/aws-ecs FargateService': '`aws-ecs`, the service class named',
  'aws-cdk-lib/aws-ecs-patterns ApplicationLoadBalancedFargateService': '`aws-ecs-patterns`, the pattern class named',
  '@aws-cdk-containers/ecs-service-extensions': '`ecs-service-extensions`',
};

/** @type {import('../lib/section.mjs').Section} */
export const IMPORT = {
  title: 'Import',
  async measure() {
    const results = await interleaved(Object.fromEntries(Object.keys(PACKAGES).map((name) => (
      [name, () => runProgram(['import.cjs', ...name.split(' ')])]))), ROUNDS);
    const rows = Object.entries(PACKAGES).map(([name, label]) => [
      label, format(medianOf(results[name], 'cpu'), 1), format(medianOf(results[name], 'memory'), 1), medianOf(results[name], 'files'),
    ]);
    const own = results['cdk-ecs-workloads EcsMicroservice,FargateCluster'];
    return {
      markdown: 'Beyond `aws-cdk-lib/core`, which each application loads anyway. Nothing is computed at the import; what a construct needs is loaded when it is first made '
        + '([decision 0050](decisions/0050-lazy-modules.md)).\n\n'
        + table(['Import', 'CPU ms', 'MiB', 'Files'], rows),
      targets: [
        { what: 'import, CPU ms', value: medianOf(own, 'cpu'), limit: 35, digits: 1 },
        { what: 'import, MiB', value: medianOf(own, 'memory'), limit: 10, digits: 1 },
      ],
    };
  },
};
