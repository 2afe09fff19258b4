import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as servicediscovery from 'aws-cdk-lib/aws-servicediscovery';
import { Annotations, CfnParameter, CfnRule, Fn, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { OPEN_EGRESS } from './cluster-egress';
import { DeclaredEndpoints } from './declared-endpoints';
import type { ImportedCluster, ImportedClusterFacts } from './imported-cluster';
import type { PublishedClusterProps } from './published-cluster-props';
import { checkPath, CLUSTER_PARAMETERS, INGRESS_PARAMETERS, INTERNAL_INGRESS, parameterName, ParameterSet, PUBLIC_INGRESS } from './published-parameters';
import { ImportedIngress } from '../ingress/imported-ingress';
import type { ISharedIngress } from '../ingress/ishared-ingress';
import { checkInteger } from '../private/check';
import { fail } from '../private/fail';

/** The most zones that a Region has. */
const MOST_ZONES = 6;

/** What `FargateCluster.fromParameters` reads, at deploy time: the values are parameters of the template. */
export function factsFromParameters(scope: ImportedCluster, path: string, props: PublishedClusterProps): ImportedClusterFacts {
  checkPath(scope, path);
  checkZones(scope, props.zones);
  const read = declare(scope, path, CLUSTER_PARAMETERS);
  checkAtDeployment(scope, path, read, props);
  const vpc = importVpc(scope, read, props);
  return {
    vpc,
    cluster: ecs.Cluster.fromClusterAttributes(scope, 'Cluster', { clusterName: read.clusterName.valueAsString, vpc, hasEc2Capacity: false, securityGroups: [] }),
    taskSubnets: { subnetType: props.assignPublicIp === true ? ec2.SubnetType.PUBLIC : ec2.SubnetType.PRIVATE_WITH_EGRESS },
    assignPublicIp: props.assignPublicIp ?? false,
    egress: props.endpoints === undefined ? OPEN_EGRESS : new DeclaredEndpoints(scope, props.endpoints),
    namespace: servicediscovery.HttpNamespace.fromHttpNamespaceAttributes(scope, 'Namespace', {
      namespaceName: read.namespaceName.valueAsString,
      namespaceId: read.namespaceId.valueAsString,
      namespaceArn: read.namespaceArn.valueAsString,
    }),
    identity: path,
    publicIngress: () => importIngress(scope, 'PublicIngress', path, PUBLIC_INGRESS, props),
    internalIngress: () => importIngress(scope, 'InternalIngress', path, INTERNAL_INGRESS, props),
  };
}

function checkZones(scope: Construct, zones: number): void {
  if (Token.isUnresolved(zones)) {
    fail(scope, "'zones' must be known at synthesis: it decides how many subnets the templates name; pass a plain number");
  }
  checkInteger(scope, 'zones', zones, 1, MOST_ZONES, 'give the number that the platform has published, or a smaller one');
}

function declare<S extends ParameterSet>(scope: Construct, path: string, set: S, folder = ''): Record<keyof S, CfnParameter> {
  return Object.fromEntries(Object.entries(set).map(([key, { id, name, description, isList }]) => [key, new CfnParameter(scope, id, {
    type: `AWS::SSM::Parameter::Value<${isList === true ? 'List<String>' : 'String'}>`,
    default: parameterName(path, folder + name),
    description: `${description}, as another app has published it`,
  })])) as Record<keyof S, CfnParameter>;
}

/** What was decided at synthesis must be what the platform is like: if not, the deployment fails before anything is made, and says why. */
function checkAtDeployment(
  scope: ImportedCluster, path: string, read: Record<keyof typeof CLUSTER_PARAMETERS, CfnParameter>, props: PublishedClusterProps,
): void {
  const assignPublicIp = props.assignPublicIp ?? false;
  const enoughZones = Array.from({ length: MOST_ZONES - props.zones + 1 }, (_, more) => String(props.zones + more));
  new CfnRule(scope, 'Check', {
    assertions: [
      {
        assert: Fn.conditionContains(enoughZones, read.zones.valueAsString),
        assertDescription: `'zones' is ${props.zones}, and the platform at ${path} has fewer; give the number in its parameter 'zones'`,
      },
      {
        assert: Fn.conditionEquals(read.assignPublicIp.valueAsString, assignPublicIp ? 'yes' : 'no'),
        assertDescription: `'assignPublicIp' is ${assignPublicIp}, and the platform at ${path} has ${assignPublicIp ? 'private' : 'public'} subnets for tasks; `
          + `give 'assignPublicIp: ${!assignPublicIp}'`,
      },
      ...scope._hasContainerInsights ? [{
        assert: Fn.conditionEquals(read.containerInsights.valueAsString, 'yes'),
        assertDescription: `'containerInsights' is true, and the platform at ${path} has none, so alarms on the number of tasks would never fire; `
          + "give 'containerInsights: false'",
      }] : [],
    ],
  });
}

function importVpc(scope: Construct, read: Record<keyof typeof CLUSTER_PARAMETERS, CfnParameter>, props: PublishedClusterProps): ec2.IVpc {
  const select = (list: CfnParameter) => Array.from({ length: props.zones }, (_, index) => Fn.select(index, list.valueAsList));
  const vpc = ec2.Vpc.fromVpcAttributes(scope, 'Vpc', {
    vpcId: read.vpcId.valueAsString,
    availabilityZones: select(read.zoneNames),
    [props.assignPublicIp === true ? 'publicSubnetIds' : 'privateSubnetIds']: select(read.taskSubnetIds),
  });
  Annotations.of(vpc).acknowledgeWarning('@aws-cdk/aws-ec2:noSubnetRouteTableId', 'tasks and jobs have no use for the route tables of their subnets');
  return vpc;
}

function importIngress(scope: Construct, id: string, path: string, folder: string, props: PublishedClusterProps): ISharedIngress {
  const priorities = props.priorities ?? fail(scope, "'priorities' must be given where this cluster is imported, because a route of this app needs a number "
    + "that no other app gives out; give 'priorities: RoutePriorities.band(1)', with the band that is this app's");
  const read = declare(new Construct(scope, `${id}Parameters`), path, INGRESS_PARAMETERS, `${folder}/`);
  return new ImportedIngress(scope, id, {
    listenerArn: read.listenerArn.valueAsString,
    securityGroupId: read.securityGroupId.valueAsString,
    loadBalancerFullName: read.loadBalancerFullName.valueAsString,
    url: read.url.valueAsString,
    priorities,
    idleTimeout: props.maxRequestTime,
    ruleQuota: props.ruleQuota,
  }, parameterName(path, folder));
}
