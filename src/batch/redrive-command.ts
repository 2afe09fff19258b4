import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { ArnFormat, Fn, Stack } from 'aws-cdk-lib/core';

/**
 * What to type to take up a failed execution of a state machine, for all executions of which only the name differs.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
 */
export function redriveCommand({ stack, stateMachineArn }: sfn.IStateMachine): string {
  const machine = Fn.select(6, Fn.split(':', stateMachineArn));
  const executionArn = Stack.of(stack).formatArn({
    service: 'states', resource: 'execution', resourceName: `${machine}:EXECUTION_NAME`, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return `aws stepfunctions redrive-execution --region ${stack.region} --execution-arn ${executionArn}`;
}
