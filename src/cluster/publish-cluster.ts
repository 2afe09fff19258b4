import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Fn, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { ClusterPublication } from './cluster-publication';
import type { IFargateCluster } from './ifargate-cluster';
import { checkPath, CLUSTER_PARAMETERS, INGRESS_PARAMETERS, INTERNAL_INGRESS, parameterName, ParameterSet, PUBLIC_INGRESS } from './published-parameters';
import type { ISharedIngress } from '../ingress/ishared-ingress';
import { checkSeconds } from '../private/check';
import { fail } from '../private/fail';

/** Makes the SSM parameters that other apps read by `FargateCluster.fromParameters`, and the load balancers that they name. */
export function publishCluster(cluster: IFargateCluster & Construct, publication: ClusterPublication): void {
  checkPath(cluster, publication.path);
  checkSeconds(cluster, 'maxRequestTime', publication.maxRequestTime, 1, 4000, 'a load balancer waits at most 4000 seconds for an answer');
  const scope = new Construct(cluster, 'Publication');
  const { zones, zoneNames, taskSubnetIds } = subnetsOf(cluster);
  publish(scope, publication.path, CLUSTER_PARAMETERS, {
    clusterName: cluster.cluster.clusterName,
    vpcId: cluster.vpc.vpcId,
    zones,
    zoneNames,
    taskSubnetIds,
    assignPublicIp: yesOrNo(cluster.assignPublicIp),
    containerInsights: yesOrNo(cluster._hasContainerInsights),
    namespaceName: cluster.namespace.namespaceName,
    namespaceId: cluster.namespace.namespaceId,
    namespaceArn: cluster.namespace.namespaceArn,
  });
  if (publication.publicIngress === true) publishIngress(scope, 'PublicIngress', PUBLIC_INGRESS, cluster.publicIngress(), publication);
  if (publication.internalIngress === true) publishIngress(scope, 'InternalIngress', INTERNAL_INGRESS, cluster.internalIngress(), publication);
}

function publishIngress(scope: Construct, id: string, folder: string, ingress: ISharedIngress, publication: ClusterPublication): void {
  if (publication.maxRequestTime !== undefined) ingress._allowRequestTime(publication.maxRequestTime, 'publication.maxRequestTime');
  publish(new Construct(scope, id), publication.path, INGRESS_PARAMETERS, {
    listenerArn: ingress.listenerArn,
    securityGroupId: ingress.securityGroup.securityGroupId,
    loadBalancerFullName: ingress.loadBalancerFullName,
    url: ingress.url,
  }, `${folder}/`);
}

function publish<S extends ParameterSet>(scope: Construct, path: string, set: S, values: Record<keyof S, string>, folder = ''): void {
  for (const [key, { id, name, description, isList }] of Object.entries(set)) {
    new ssm.CfnParameter(scope, id, {
      name: parameterName(path, folder + name),
      type: isList === true ? 'StringList' : 'String',
      value: values[key],
      description,
    });
  }
}

/** One subnet of each zone, because an app that reads the parameters must know at synthesis how many there are. */
function subnetsOf(cluster: IFargateCluster): { zones: string; zoneNames: string; taskSubnetIds: string } {
  const { subnets, subnetIds, availabilityZones } = cluster.vpc.selectSubnets(cluster.taskSubnets);
  if (Token.isUnresolved(subnetIds) || Token.isUnresolved(availabilityZones)) {
    fail(cluster, "'publication' needs a network whose number of subnets is known at synthesis; import the VPC with lists of subnets and zones, not with a token for a list");
  }
  const zones = new Map<string, ec2.ISubnet>();
  subnets.forEach((subnet) => zones.set(subnet.availabilityZone, zones.get(subnet.availabilityZone) ?? subnet));
  return {
    zones: String(zones.size),
    zoneNames: Fn.join(',', [...zones.keys()]),
    taskSubnetIds: Fn.join(',', [...zones.values()].map(({ subnetId }) => subnetId)),
  };
}

function yesOrNo(value: boolean): string {
  return value ? 'yes' : 'no';
}
