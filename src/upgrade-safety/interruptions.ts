import type { TemplateResource } from './template';
import { changedProperties } from './values';

/** What an update of a resource does to what runs, though the resource itself stays. */
export interface Interruption {
  readonly propertyPaths: string[];
  readonly meaning: string;
}

type Judge = (before: TemplateResource, after: TemplateResource, touched: string[]) => Interruption | undefined;

/** Properties of a service with which ECS starts new tasks. */
const NEW_TASKS = [
  'TaskDefinition', 'NetworkConfiguration', 'CapacityProviderStrategy', 'LoadBalancers', 'ServiceConnectConfiguration', 'ServiceRegistries',
  'PlatformVersion', 'EnableExecuteCommand', 'VolumeConfigurations', 'PlacementConstraints', 'PlacementStrategies', 'EnableECSManagedTags', 'PropagateTags',
];

/** By type. The table of CloudFormation says what is replaced, and nothing of these: they are written from the documentation of each service. */
const JUDGES: Record<string, Judge[]> = {
  'AWS::ECS::Service': [stoppedService, serviceWithoutSpareTasks],
  'AWS::AutoScaling::AutoScalingGroup': [rolledInstances],
  'AWS::Batch::ComputeEnvironment': [disabled('No job starts on it any more: they wait. Those that run go on')],
  'AWS::Batch::JobQueue': [disabled('No job can be submitted to it any more, and no execution of a pipeline goes on')],
  'AWS::Events::Rule': [disabled('Its events are heard no more')],
  'AWS::Scheduler::Schedule': [disabled('It starts nothing any more')],
};

/** `touched` are the properties that differ or name something that changes its identity. */
export function interruptionsOf(before: TemplateResource, after: TemplateResource, touched: string[]): Interruption[] {
  return (JUDGES[after.Type] ?? []).map((judge) => judge(before, after, touched)).filter((found) => found !== undefined);
}

function stoppedService({ Properties: before }: TemplateResource, { Properties: after }: TemplateResource): Interruption | undefined {
  if (Number(after.DesiredCount) !== 0 || Number(before.DesiredCount) === 0) return undefined;
  return { propertyPaths: ['DesiredCount'], meaning: "'DesiredCount' becomes 0: all tasks are stopped, and requests find nobody until scaling or an update starts some" };
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html */
function serviceWithoutSpareTasks(_before: TemplateResource, { Properties: after }: TemplateResource, touched: string[]): Interruption | undefined {
  const propertyPaths = touched.filter((property) => NEW_TASKS.includes(property));
  if (propertyPaths.length === 0 || Number(after.DeploymentConfiguration?.MinimumHealthyPercent ?? 100) > 0) return undefined;
  return {
    propertyPaths,
    meaning: "New tasks take the place of the old ones, and 'MinimumHealthyPercent' is 0: all old ones may be stopped before the first new one runs",
  };
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html */
function rolledInstances(_before: TemplateResource, { UpdatePolicy }: TemplateResource, touched: string[]): Interruption | undefined {
  const propertyPaths = touched.filter((property) => ['LaunchTemplate', 'LaunchConfigurationName', 'MixedInstancesPolicy', 'VPCZoneIdentifier'].includes(property));
  if (propertyPaths.length === 0 || UpdatePolicy?.AutoScalingRollingUpdate === undefined) return undefined;
  return { propertyPaths, meaning: 'The instances are ended and started anew in batches (AutoScalingRollingUpdate): the tasks on them are stopped and started elsewhere' };
}

function disabled(meaning: string): Judge {
  return ({ Properties: before }, { Properties: after }) => {
    if (after.State !== 'DISABLED' || before.State === 'DISABLED') return undefined;
    return { propertyPaths: ['State'], meaning: `'State' becomes DISABLED. ${meaning}` };
  };
}

/** The properties that a resource has differently, or that mention what gets another identity. */
export function touchedProperties(before: TemplateResource, after: TemplateResource, mentions: (value: unknown) => boolean): string[] {
  const changed = changedProperties(before.Properties, after.Properties);
  const mentioning = Object.keys(after.Properties).filter((name) => mentions(after.Properties[name]));
  return [...new Set([...changed, ...mentioning])].sort();
}
