import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { inputOf } from './container-overrides';
import { retryPolicyOf } from './start-checks';
import { createStartRole, startsTasks } from './start-role';
import { alarmOnRule } from './task-alarms';
import type { TaskStartOptions } from './task-trigger-options';
import type { TriggeredTask } from './triggered-task';

/** A rule on the default bus. */
export function runOnEvent(scope: Construct, task: TriggeredTask, eventPattern: events.EventPattern, options: TaskStartOptions): void {
  const { launch, machine, alarmActions } = task;
  const role = createStartRole(scope, 'events.amazonaws.com', task);
  const deadLetters = task.deadLetters();
  const rule = new events.Rule(scope, 'Rule', {
    eventPattern,
    targets: [{
      bind: () => ({
        role,
        arn: machine === undefined ? launch.clusterArn : machine.stateMachine.stateMachineArn,
        ecsParameters: machine === undefined ? launch.forRule() : undefined,
        input: events.RuleTargetInput.fromObject(inputOf(scope, task, options)),
        deadLetterConfig: { arn: deadLetters.queueArn },
        retryPolicy: retryPolicyOf(scope, options),
      }),
    }],
  });
  allowDeadLetters(deadLetters, rule);
  startsTasks(rule.node.defaultChild as events.CfnRule, task);
  if (alarmActions !== undefined) alarmOnRule(scope, alarmActions, { ruleName: rule.ruleName, deadLetters: deadLetters.queueName });
}

/** Unlike Scheduler, rules send dead letters in their own name, not by a role. */
function allowDeadLetters(queue: sqs.IQueue, rule: events.Rule): void {
  queue.addToResourcePolicy(new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal('events.amazonaws.com')],
    actions: ['sqs:SendMessage'],
    resources: [queue.queueArn],
    conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleArn } },
  }));
}
