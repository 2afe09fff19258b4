import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Aws, CfnResource, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { HookTarget } from './hook-target';
import type { ShiftStrategy } from './shift-strategy';
import type { ShiftedPlace } from './shifted-place';
import type { IFargateCluster } from '../../cluster/ifargate-cluster';
import { infrastructurePrincipal, WorkloadRole } from '../../private/workload-role';
import type { IngressPlace } from '../service-exposure';

/** What ECS shifts, and whose tasks it replaces. */
interface ShiftProps {
  readonly cluster: IFargateCluster;
  readonly service: ecs.CfnService;
  readonly strategy: ShiftStrategy;
  readonly places: IngressPlace[];
}

/** Makes ECS shift requests: gives it the strategy, the hooks, the rules with both groups, and a role that may do this and nothing else. */
export function shiftTraffic(scope: Construct, { cluster, service, strategy, places }: ShiftProps): ecs.CfnService.AdvancedConfigurationProperty[] {
  const role = new WorkloadRole(scope, 'DeploymentRole', {
    assumedBy: infrastructurePrincipal(), permissionsBoundary: cluster._permissionsBoundary,
  });
  const shifted = places.map((place) => place.shifted!);
  shiftStatements(places).forEach((statement) => role.addToPrincipalPolicy(statement));
  const hooks = strategy.hooks.map((hook) => hook._bind(scope, {
    cluster,
    testRoute: strategy.testRoute?._bind(),
    places: places.map(({ role: of, ingress }, index) => ({ role: of, ingress, conditions: shifted[index].conditions })),
    serviceArnPrefix: Stack.of(scope).formatArn({ service: 'ecs', resource: 'service', resourceName: `${cluster.cluster.clusterName}/${Aws.STACK_NAME}-${service.logicalId}-` }),
  }));
  allowHooks(role, hooks);
  configure(service, strategy, hooks, role);
  return shifted.map(({ alternate, live, test }) => (
    { alternateTargetGroupArn: alternate.ref, productionListenerRule: live.ref, testListenerRule: test?.ref, roleArn: role.roleArn }));
}

/** As the managed policy of AWS for this, but for these rules and groups only. What describes cannot be narrowed. */
function shiftStatements(places: IngressPlace[]): iam.PolicyStatement[] {
  const of = <T>(pick: (place: ShiftedPlace, of: IngressPlace) => T[]) => places.flatMap((place) => pick(place.shifted!, place));
  const elb = (actions: string[], resources: string[]) => new iam.PolicyStatement({
    actions: actions.map((action) => `elasticloadbalancing:${action}`), resources,
  });
  return [
    elb(['DescribeListeners', 'DescribeRules', 'DescribeTargetGroups', 'DescribeTargetHealth'], ['*']),
    elb(['RegisterTargets', 'DeregisterTargets'], of(({ alternate }, { targetGroup }) => [targetGroup.ref, alternate.ref])),
    elb(['ModifyListener'], of(({ listenerArns }) => listenerArns)),
    elb(['ModifyRule'], of(({ rules }) => rules.map((rule) => rule.ref))),
  ];
}

function allowHooks(role: iam.IRole, hooks: HookTarget[]): void {
  const functions = hooks.flatMap((hook) => hook.function ?? []);
  if (functions.length === 0) return;
  role.addToPrincipalPolicy(new iam.PolicyStatement({
    actions: ['lambda:InvokeFunction'], resources: [...new Set(functions.flatMap(({ functionArn }) => [functionArn, `${functionArn}:*`]))],
  }));
}

/** The circuit breaker is for rolling deployments only. */
function configure(service: ecs.CfnService, { config }: ShiftStrategy, hooks: HookTarget[], role: iam.IRole): void {
  const { minimumHealthyPercent, maximumPercent } = service.deploymentConfiguration as ecs.CfnService.DeploymentConfigurationProperty;
  service.deploymentConfiguration = {
    minimumHealthyPercent,
    maximumPercent,
    ...config,
    lifecycleHooks: hooks.length === 0 ? undefined : hooks.map((hook) => ({
      lifecycleStages: hook.stages, hookTargetArn: hook.function?.functionArn, roleArn: hook.function && role.roleArn, hookDetails: hook.details,
    })),
  };
  hooks.forEach((hook, index) => {
    if (hook.pause !== undefined) addPause(service, `DeploymentConfiguration.LifecycleHooks.${index}`, hook.pause);
  });
  hooks.flatMap(({ before = [] }) => before).forEach((dependable) => service.node.addDependency(dependable));
}

/** The CloudFormation types of the oldest CDK that is supported do not know it yet. */
function addPause(service: CfnResource, path: string, { minutes, action }: NonNullable<HookTarget['pause']>): void {
  service.addPropertyOverride(`${path}.TargetType`, 'PAUSE');
  service.addPropertyOverride(`${path}.TimeoutConfiguration`, { TimeoutInMinutes: minutes, Action: action });
}
