import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** The alarm actions that are SNS topics: they can be told of more than alarms. */
export function topicsAmong(alarmActions: cloudwatch.IAlarmAction[]): actions.SnsAction[] {
  return alarmActions.filter((action) => action instanceof actions.SnsAction);
}

/** The ARNs of the topics among alarm actions. `arn` is that of whatever is told of: an SNS action tells its topic whatever the alarm. */
export function alarmTopics(scope: Construct, alarmActions: cloudwatch.IAlarmAction[], arn: string): string[] {
  const topics = topicsAmong(alarmActions);
  if (topics.length === 0) return [];
  const alarm = cloudwatch.Alarm.fromAlarmArn(scope, 'AnyAlarm', arn);
  return topics.map((action) => action.bind(scope, alarm).alarmActionArn);
}

/** Lets a role tell the topics, also those that a key of the account encrypts: only the action knows its topic, and only the topic knows its key. */
export function allowToTell(role: iam.IRole, alarmActions: cloudwatch.IAlarmAction[]): void {
  topicsAmong(alarmActions).forEach((action) => (action as unknown as { readonly topic: sns.ITopic }).topic.grantPublish(role));
}
