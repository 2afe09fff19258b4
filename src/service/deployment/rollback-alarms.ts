import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import { CfnResource, Stack, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ServiceDeployment } from '../service-deployment';

/** Lets alarms roll a deployment back: those on the service's requests, and the user's own. Each name stands in the template once. */
export function rollBackOnAlarms(
  scope: Construct, service: ecs.CfnService, { _alarms: chosen }: ServiceDeployment, ofService: cloudwatch.CfnAlarm[],
): void {
  const { rollBackOnServiceAlarms = true, rollbackAlarms = [] } = chosen;
  const names = [...rollBackOnServiceAlarms ? ofService.map(({ ref }) => ref) : [], ...rollbackAlarms.map(({ alarmName }) => alarmName)];
  if (names.length === 0) return;
  const configuration = service.deploymentConfiguration as ecs.CfnService.DeploymentConfigurationProperty;
  service.deploymentConfiguration = { ...configuration, alarms: { alarmNames: [...new Set(names)], enable: true, rollback: true } };
  if (rollbackAlarms.length > 0) scope.node.addValidation({ validate: () => rollbackAlarms.flatMap((alarm) => waitsForItself(service, alarm)) });
}

/** An alarm that names the service comes after it, and the service after the alarms of its deployments. CloudFormation would speak of a circle only. */
function waitsForItself(service: ecs.CfnService, alarm: cloudwatch.IAlarm): string[] {
  const resource = alarm.node.defaultChild;
  if (!CfnResource.isCfnResource(resource) || Stack.of(resource) !== Stack.of(service)) return [];
  const stack = Stack.of(service);
  const id = String(stack.resolve(service.logicalId));
  const text = JSON.stringify(stack.resolve((resource as unknown as { cfnProperties: object }).cfnProperties));
  if (Token.isUnresolved(id) || !(text.includes(`"${id}"`) || text.includes(`\${${id}.`))) return [];
  return [`'rollbackAlarms' must not name the service whose deployments wait for them, and ${alarm.node.path} does, by its dimensions; choose a metric of the load balancer, `
    + 'of a queue or of the application'];
}
