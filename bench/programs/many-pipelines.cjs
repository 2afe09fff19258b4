/**
 * `node many-pipelines.cjs <pipelines>`: pipelines of five jobs on compute that they share, laid out as docs/scaling.md says. Prints, as JSON, how much of
 * each quota they use.
 */
const ec2 = require('aws-cdk-lib/aws-ec2');
const ecs = require('aws-cdk-lib/aws-ecs');
const { App, Size, Stack } = require('aws-cdk-lib/core');
const { rmSync } = require('node:fs');
const { BatchCompute, ClusterNetwork, EcsBatchPipeline, FargateCluster, JobCompute } = require('cdk-ecs-workloads');
const { IMAGE, JOBS } = require('./surroundings.cjs');

const IN_A_STACK = 25;

const [, , pipelines] = process.argv.map(Number);
const app = new App({ outdir: process.env.CDK_OUTDIR });
const env = { region: 'us-east-1', account: '111122223333' };
const platform = new Stack(app, 'Platform', { env });
const cluster = new FargateCluster(platform, 'Cluster', { network: ClusterNetwork.existing(new ec2.Vpc(platform, 'Vpc', { maxAzs: 2 })) });
const shared = new BatchCompute(platform, 'Compute', { cluster });
for (let from = 0; from < pipelines; from += IN_A_STACK) {
  const stack = new Stack(app, `Pipelines${from}`, { env });
  for (let index = from; index < Math.min(from + IN_A_STACK, pipelines); index++) declarePipeline(stack, index);
}
const assembly = app.synth();
const stacks = assembly.stacks.map(({ template }) => Object.values(template.Resources));
rmSync(assembly.directory, { recursive: true });
const count = (type) => stacks.flat().filter(({ Type }) => Type === type).length;
process.stdout.write(JSON.stringify({
  stacks: stacks.length,
  largestStack: Math.max(...stacks.map((resources) => resources.length)),
  resources: stacks.flat().length,
  queues: count('AWS::Batch::JobQueue'),
  environments: count('AWS::Batch::ComputeEnvironment'),
  roles: count('AWS::IAM::Role'),
}));

function declarePipeline(stack, index) {
  const pipeline = new EcsBatchPipeline(stack, `Pipeline${index}`, { cluster });
  JOBS.reduce((after, id) => [pipeline.addJob(id, {
    image: ecs.ContainerImage.fromRegistry(IMAGE), compute: JobCompute.on(shared, { vcpus: 1, memory: Size.gibibytes(2) }), after,
  })], []);
}
