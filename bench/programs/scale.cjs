/**
 * `node scale.cjs <services>`: an application laid out as docs/scaling.md says. Prints, as JSON, how much of each quota it uses.
 *
 * One VPC; for each 75 services a cell, which is a cluster with a load balancer of its own in a stack of its own; for each 25 of them a stack.
 */
const ec2 = require('aws-cdk-lib/aws-ec2');
const ecs = require('aws-cdk-lib/aws-ecs');
const { App, Stack } = require('aws-cdk-lib/core');
const { readFileSync, rmSync } = require('node:fs');
const { ClusterNetwork, EcsMicroservice, FargateCluster, ServiceRoute } = require('cdk-ecs-workloads');

const IN_A_CELL = 75;
const IN_A_STACK = 25;

const [, , services] = process.argv.map(Number);
const app = new App({ outdir: process.env.CDK_OUTDIR });
const env = { region: 'us-east-1', account: '111122223333' };
const vpc = new ec2.Vpc(new Stack(app, 'Network', { env }), 'Vpc', { maxAzs: 2 });

for (let first = 0; first < services; first += IN_A_CELL) {
  const cell = new FargateCluster(new Stack(app, `Cell${first}`, { env }), 'Platform', { network: ClusterNetwork.existing(vpc) });
  cell.publicIngress();
  for (let from = first; from < Math.min(first + IN_A_CELL, services); from += IN_A_STACK) declareServices(new Stack(app, `Services${from}`, { env }), cell, from);
}
process.stdout.write(JSON.stringify(used(app.synth())));

function declareServices(stack, cluster, from) {
  for (let index = from; index < Math.min(from + IN_A_STACK, services); index++) {
    new EcsMicroservice(stack, `Service${index}`, {
      cluster, image: ecs.ContainerImage.fromRegistry('public.ecr.aws/nginx/nginx:stable'), routes: [ServiceRoute.internetFacing({ paths: [`/service-${index}/*`], priority: index + 1 })],
    });
  }
}

function used(assembly) {
  const stacks = assembly.stacks.map(({ templateFullPath }) => readFileSync(templateFullPath, 'utf8')).map((text) => ({ text, resources: Object.values(JSON.parse(text).Resources) }));
  rmSync(assembly.directory, { recursive: true });
  const all = stacks.flatMap(({ resources }) => resources);
  const of = (type) => all.filter(({ Type }) => Type === type).map(({ Properties = {} }) => Properties);
  const groups = of('AWS::EC2::SecurityGroup');
  const rules = rulesOfListeners(of('AWS::ElasticLoadBalancingV2::ListenerRule'));
  return {
    stacks: stacks.length,
    largestStack: Math.max(...stacks.map(({ resources }) => resources.length)),
    largestTemplate: Math.max(...stacks.map(({ text }) => text.length)) / 1024,
    resources: all.length,
    loadBalancers: of('AWS::ElasticLoadBalancingV2::LoadBalancer').length,
    rulesOfLoadBalancer: Math.max(...rules),
    targetGroups: of('AWS::ElasticLoadBalancingV2::TargetGroup').length,
    securityGroups: groups.length,
    rulesOfSecurityGroup: Math.max(...groups.flatMap(({ SecurityGroupIngress = [], SecurityGroupEgress = [] }) => [SecurityGroupIngress.length, SecurityGroupEgress.length])),
    roles: of('AWS::IAM::Role').length,
    alarms: of('AWS::CloudWatch::Alarm').length,
    scalableTargets: of('AWS::ApplicationAutoScaling::ScalableTarget').length,
    logGroups: of('AWS::Logs::LogGroup').length,
  };
}

/** How many rules each listener has, wherever they stand. */
function rulesOfListeners(rules) {
  const counts = new Map();
  for (const { ListenerArn } of rules) counts.set(JSON.stringify(ListenerArn), (counts.get(JSON.stringify(ListenerArn)) ?? 0) + 1);
  return [...counts.values()];
}
