import * as iam from 'aws-cdk-lib/aws-iam';
import type { StartTarget } from './start-target';

/** To start a state machine: its ARN, and the one right that this takes. */
export function startOf(stateMachineArn: string): Pick<StartTarget, 'arn' | 'statements'> {
  return {
    arn: stateMachineArn,
    statements: [new iam.PolicyStatement({ actions: ['states:StartExecution'], resources: [stateMachineArn] })],
  };
}
