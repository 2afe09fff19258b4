import { Template } from 'aws-cdk-lib/assertions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { App, Duration, Stack } from 'aws-cdk-lib/core';
import library from '../../../src/index.ts';

const {
  ClusterNetwork, EcsBatchPipeline, EcsMicroservice, EcsQueueWorker, FargateCluster, ServiceRoute, ServiceScaling, WorkloadDashboard,
} = library;
const IMAGE = ecs.ContainerImage.fromRegistry('public.ecr.aws/nginx/nginx:1.29');

/**
 * An application with dashboards of each kind, which are drawn for docs/observability.md.
 *
 * @returns {Record<string, object>} the bodies, by the name of the image
 */
export function dashboards() {
  const stack = new Stack(new App({ analyticsReporting: false }), 'Shop', { env: { account: '111122223333', region: 'eu-south-1' } });
  const cluster = new FargateCluster(stack, 'Platform', { network: ClusterNetwork.natGateways(1) });
  const orders = new EcsMicroservice(stack, 'Orders', {
    cluster, image: IMAGE, routes: [ServiceRoute.internetFacing({ paths: ['/orders', '/orders/*'] })], scaling: ServiceScaling.between(2, 8), maxRequestTime: Duration.seconds(10),
  });
  new EcsMicroservice(stack, 'Web', { cluster, image: IMAGE, routes: [ServiceRoute.internetFacing({ paths: ['/*'] })] });
  const mailer = new EcsQueueWorker(stack, 'Mailer', { cluster, image: IMAGE });
  const etl = new EcsBatchPipeline(stack, 'Etl', { cluster });
  etl.addJob('Extract', { image: IMAGE });
  new WorkloadDashboard(stack, 'OrdersDashboard', { workloads: [orders] });
  new WorkloadDashboard(stack, 'TeamDashboard', { workloads: [mailer, etl] });
  const bodies = Object.entries(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard'))
    .map(([id, { Properties }]) => [id.replace(/[0-9A-F]{8}$/, ''), JSON.parse(textOf(Properties.DashboardBody))]);
  const named = Object.fromEntries(bodies);
  return { 'service-dashboard': named.OrdersDashboard, 'team-dashboard': named.TeamDashboard, 'cluster-dashboard': named.PlatformDashboard };
}

/** A text of CloudFormation, with names as a deployment might give them. */
function textOf(value) {
  if (typeof value === 'string') return value;
  if ('Fn::Join' in value) return value['Fn::Join'][1].map(textOf).join(value['Fn::Join'][0]);
  const id = (value.Ref ?? value['Fn::GetAtt'][0]).replace(/[0-9A-F]{8}$/, '');
  return id.endsWith('TaskDefinition') ? `${id.replace(/TaskDefinition$/, '')}:42` : id;
}
