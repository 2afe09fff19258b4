import * as iam from 'aws-cdk-lib/aws-iam';
import * as pipes from 'aws-cdk-lib/aws-pipes';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { PipelineStart } from './pipeline-start';
import type { PipelineQueueOptions } from './pipeline-trigger-options';
import { createAlarm } from '../observability/alarm';
import { warn, WarningId } from '../private/warnings';
import { createStartRole } from '../trigger/start-role';
import type { StartTarget } from '../trigger/start-target';

/**
 * A pipe of EventBridge from a queue to the state machine, one message an execution.
 *
 * Pipes hands on a list even of one message, and deletes the message once the execution has started.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html
 */
export function startOnMessage(scope: Construct, queue: sqs.IQueue, start: PipelineStart, options: PipelineQueueOptions): void {
  start.takesMessages = true;
  warnOfLostMessages(scope, queue);
  const pipe = new pipes.CfnPipe(scope, 'Pipe', {
    roleArn: createRole(scope, queue, start.target).roleArn,
    source: queue.queueArn,
    sourceParameters: { sqsQueueParameters: { batchSize: 1 } },
    target: start.target.arn,
    targetParameters: {
      inputTemplate: inputTemplate(scope, start, options),
      stepFunctionStateMachineParameters: { invocationType: 'FIRE_AND_FORGET' },
    },
  });
  start.target.startedBy(pipe);
  alarmOnPipe(scope, start.target, pipe.ref);
}

function createRole(scope: Construct, queue: sqs.IQueue, target: StartTarget): iam.IRole {
  // the pipe has no name before it is made, and it is made with the role: those of this account and Region.
  const anyPipe = Stack.of(scope).formatArn({ service: 'pipes', resource: 'pipe', resourceName: '*' });
  const role = createStartRole(scope, 'pipes.amazonaws.com', target, { ArnLike: { 'aws:SourceArn': anyPipe } });
  role.addToPrincipalPolicy(new iam.PolicyStatement({
    actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], resources: [queue.queueArn],
  }));
  if (queue.encryptionMasterKey !== undefined) {
    role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['kms:Decrypt'], resources: [queue.encryptionMasterKey.keyArn] }));
  }
  return role;
}

/** Without parameters nobody looks at what comes. */
function inputTemplate(scope: Construct, { parameters }: PipelineStart, options: PipelineQueueOptions): string | undefined {
  if (options.parameters === undefined) return parameters.isEmpty ? undefined : '<$.body>';
  // a path without quotes stands for a value of any type.
  const given = Object.entries(parameters.read(scope, options.parameters))
    .map(([name, value]) => `${JSON.stringify(name)}:${isPath(value) ? value : Stack.of(scope).toJsonString(value)}`);
  return `{${given.join(',')}}`;
}

function isPath(value: unknown): boolean {
  return typeof value === 'string' && /^<(\$\.|aws\.pipes\.)[^<>]+>$/.test(value);
}

function warnOfLostMessages(scope: Construct, queue: sqs.IQueue): void {
  if (!(queue instanceof sqs.Queue) || queue.deadLetterQueue !== undefined) return;
  warn(scope, WarningId.QUEUE_WITHOUT_DEAD_LETTERS, `${queue.node.path} has no dead-letter queue: a message that starts no execution comes back until it is too old, `
    + "and then is gone. Give the queue a 'deadLetterQueue'.");
}

function alarmOnPipe(scope: Construct, { alarmActions }: StartTarget, pipeName: string): void {
  if (alarmActions === undefined) return;
  createAlarm(scope, 'StartAlarm', alarmActions, {
    description: 'The pipeline could not be started for a message of the queue. '
      + 'Look first whether the role of its pipe may still read the queue and start the state machine; messages come back after the visibility timeout of the queue.',
    metrics: { failed: { namespace: 'AWS/EventBridge/Pipes', name: 'ExecutionFailed', statistic: 'Sum', dimensions: { PipeName: pipeName } } },
    expression: 'FILL(failed, 0)',
    threshold: 0,
    minutes: 2,
    of: 2,
  });
}
