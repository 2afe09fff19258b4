import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { alarmOnRule } from './start-alarms';
import { retryPolicyOf } from './start-checks';
import { createStartRole } from './start-role';
import type { StartPolicy, StartTarget } from './start-target';

/** A rule on the default bus. Values of `input` may be fields of the event. */
export function startOnEvent(scope: Construct, target: StartTarget, eventPattern: events.EventPattern, input: object, policy: StartPolicy): void {
  const role = createStartRole(scope, 'events.amazonaws.com', target);
  const deadLetters = target.deadLetters();
  const rule = new events.Rule(scope, 'Rule', {
    eventPattern,
    targets: [{
      bind: () => ({
        role,
        arn: target.arn,
        ecsParameters: target.ecsParameters?.forRule,
        input: events.RuleTargetInput.fromObject(input),
        deadLetterConfig: { arn: deadLetters.queueArn },
        retryPolicy: retryPolicyOf(scope, policy),
      }),
    }],
  });
  allowDeadLetters(deadLetters, rule);
  target.startedBy(rule.node.defaultChild as events.CfnRule);
  alarmOnRule(scope, target, { ruleName: rule.ruleName, deadLetters: deadLetters.queueName });
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
