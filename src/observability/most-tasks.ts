import * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import { Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/** The most tasks that scaling allows a service, where that is a number at synthesis. Asked for when everything is there. */
export function mostTasks(service: IConstruct): number | undefined {
  const target = service.node.findAll().find((child) => child instanceof appscaling.CfnScalableTarget);
  const most = (target as appscaling.CfnScalableTarget | undefined)?.maxCapacity;
  return most === undefined || Token.isUnresolved(most) ? undefined : most;
}
