import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { bindExistingNetwork } from './existing-network';
import type { FargateClusterAttributes } from './fargate-cluster-attributes';
import type { ImportedClusterFacts } from './imported-cluster';
import { ImportedIngress } from '../ingress/imported-ingress';
import type { IngressAttributes } from '../ingress/ingress-attributes';
import type { ISharedIngress } from '../ingress/ishared-ingress';
import { fail } from '../private/fail';
import { identityOf } from '../private/identity';

/** What `FargateCluster.fromAttributes` was told. */
export function factsFromAttributes(scope: Construct, attributes: FargateClusterAttributes): ImportedClusterFacts {
  checkOrigin(scope, attributes);
  const vpc = attributes.vpc ?? attributes.cluster?.vpc
    ?? fail(scope, "'vpc' must be given with 'clusterName' or 'clusterArn': a name does not tell the network; pass the VPC that tasks run in");
  const cluster = attributes.cluster ?? importCluster(scope, vpc, attributes);
  const { taskSubnets, assignPublicIp, egress } = bindExistingNetwork(scope, vpc, attributes, 'vpc');
  return {
    cluster,
    vpc,
    taskSubnets,
    assignPublicIp,
    egress,
    namespace: attributes.namespace ?? cluster.defaultCloudMapNamespace,
    identity: identityOf(scope, cluster.clusterName),
    publicIngress: () => importIngress(scope, 'PublicIngress', 'publicIngress', attributes.publicIngress),
    internalIngress: () => importIngress(scope, 'InternalIngress', 'internalIngress', attributes.internalIngress),
  };
}

function checkOrigin(scope: Construct, { cluster, clusterName, clusterArn }: FargateClusterAttributes): void {
  const given = Object.entries({ cluster, clusterName, clusterArn }).flatMap(([name, value]) => value === undefined ? [] : [name]);
  if (given.length === 1) return;
  fail(scope, `'cluster', 'clusterName' and 'clusterArn' say the same, so exactly one of them must be given, got ${given.length === 0 ? 'none' : given.join(' and ')}; `
    + 'pass the cluster where you have it as a construct, else its name');
}

function importCluster(scope: Construct, vpc: ec2.IVpc, { clusterName, clusterArn }: FargateClusterAttributes): ecs.ICluster {
  const nameInArn = clusterArn === undefined ? undefined : Stack.of(scope).splitArn(clusterArn, ArnFormat.SLASH_RESOURCE_NAME).resourceName;
  return ecs.Cluster.fromClusterAttributes(scope, 'Cluster', {
    clusterName: clusterName ?? nameInArn!,
    clusterArn,
    vpc,
    hasEc2Capacity: false,
    securityGroups: [],
  });
}

function importIngress(scope: Construct, id: string, prop: string, attributes?: IngressAttributes): ISharedIngress {
  return attributes === undefined
    ? fail(scope, `'${prop}' was not given where this cluster is imported, and a route asks for it; give the load balancer that the routes go to, or leave out the routes`)
    : new ImportedIngress(scope, id, attributes);
}
