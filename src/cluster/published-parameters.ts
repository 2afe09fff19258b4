import { Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { fail, show } from '../private/fail';

/**
 * The version of the parameter set, part of each path.
 *
 * Within a version, parameters keep their names, types and meaning, and none goes away; new ones may be added, and are read only by who asks for what is
 * new. Any other change is a new version, published beside the old one. See docs/decisions/0030-published-parameters.md.
 */
const VERSION = 'v1';

/** A parameter of the set: its name below path and version, and what it says. */
interface PublishedParameter {
  /** The construct id, on both sides. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly isList?: boolean;
}

/** What every cluster publishes. */
export const CLUSTER_PARAMETERS = {
  clusterName: { id: 'ClusterName', name: 'cluster-name', description: 'Name of the ECS cluster' },
  vpcId: { id: 'VpcId', name: 'vpc-id', description: 'Id of the VPC' },
  zones: { id: 'Zones', name: 'zones', description: 'Number of the zones and of the subnets that tasks run in' },
  zoneNames: { id: 'ZoneNames', name: 'zone-names', description: 'Zones of the subnets that tasks run in', isList: true },
  taskSubnetIds: { id: 'TaskSubnetIds', name: 'task-subnet-ids', description: 'Subnets that tasks run in, one a zone', isList: true },
  assignPublicIp: { id: 'AssignPublicIp', name: 'assign-public-ip', description: 'Whether tasks need a public address: yes or no' },
  containerInsights: { id: 'ContainerInsights', name: 'container-insights', description: 'Whether Container Insights is on: yes or no' },
  namespaceName: { id: 'NamespaceName', name: 'namespace-name', description: 'Name of the Cloud Map namespace' },
  namespaceId: { id: 'NamespaceId', name: 'namespace-id', description: 'Id of the Cloud Map namespace' },
  namespaceArn: { id: 'NamespaceArn', name: 'namespace-arn', description: 'ARN of the Cloud Map namespace' },
} satisfies Record<string, PublishedParameter>;

/** What is published of a load balancer, below `public-ingress` or `internal-ingress`. */
export const INGRESS_PARAMETERS = {
  listenerArn: { id: 'ListenerArn', name: 'listener-arn', description: 'ARN of the listener that holds the rules' },
  securityGroupId: { id: 'SecurityGroupId', name: 'security-group-id', description: 'Id of the security group of the load balancer' },
  loadBalancerFullName: { id: 'LoadBalancerFullName', name: 'load-balancer-full-name', description: 'Name of the load balancer in metrics' },
  url: { id: 'Url', name: 'url', description: 'Scheme and domain name of the load balancer' },
} satisfies Record<string, PublishedParameter>;

/** The load balancers that may be published: folder in the parameters' path. */
export const PUBLIC_INGRESS = 'public-ingress';
export const INTERNAL_INGRESS = 'internal-ingress';

/** `/platform`, `public-ingress/url` -> `/platform/v1/public-ingress/url` */
export function parameterName(path: string, name: string): string {
  return `${path}/${VERSION}/${name}`;
}

/** What SSM and the ends of a path allow: the longest name of ours must fit behind it. */
export function checkPath(scope: IConstruct, path: string): void {
  if (Token.isUnresolved(path)) {
    fail(scope, "'path' must be known at synthesis: the default of a template's parameter is plain text; pass a plain string");
  }
  if (!/^(\/[A-Za-z0-9_.-]+){1,10}$/.test(path) || path.length > 200) {
    fail(scope, `'path' must be 1 to 10 names of letters, digits, '_', '.' and '-', each behind a '/', 200 characters at most, got ${show(path)}; `
      + "write it like '/platform'");
  }
  if (/^\/(aws|ssm)/i.test(path)) {
    fail(scope, `'path' must not begin with '/aws' or '/ssm', which Systems Manager keeps for itself, got ${show(path)}; choose another path`);
  }
}

export type ParameterSet = Record<string, PublishedParameter>;
