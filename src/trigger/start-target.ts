import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as scheduler from 'aws-cdk-lib/aws-scheduler';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** What triggers start, be it a task or a pipeline: its ARN, by what right, and who hears of it where that fails. */
export interface StartTarget {
  /** What alarms call it. */
  readonly noun: 'task' | 'pipeline';
  /** A state machine, or the cluster that a task is started in. */
  readonly arn: string;
  /** How a task is started in its cluster, in the words of Scheduler and in those of rules. */
  readonly ecsParameters?: {
    readonly forScheduler: scheduler.CfnSchedule.EcsParametersProperty;
    readonly forRule: events.CfnRule.EcsParametersProperty;
  };
  /** What the role of a trigger may do. */
  readonly statements: iam.PolicyStatement[];
  readonly permissionsBoundary?: iam.IManagedPolicy;
  /** Makes a resource that starts it wait for all that it needs. */
  readonly startedBy: (resource: Construct) => void;
  /** Where starts go that fail; made with the first trigger that asks. */
  readonly deadLetters: () => sqs.IQueue;
  /** Whom alarms tell; undefined where the profile has none. */
  readonly alarmActions?: cloudwatch.IAlarmAction[];
}

/** What a trigger does where the start fails. */
export interface StartPolicy {
  readonly retryAttempts?: number;
  readonly maxEventAge?: Duration;
}

/** Of a schedule, also how exactly it keeps the time. */
export interface SchedulePolicy extends StartPolicy {
  readonly flexibleWindow?: Duration;
}
