import type * as iam from 'aws-cdk-lib/aws-iam';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { TaskLaunch } from './task-launch';

/** What the state does. */
interface RunTaskStateProps {
  readonly launch: TaskLaunch;
  readonly overrides: object;
  readonly timeoutSeconds?: number;
}

/** A state of somebody's state machine that runs a task to its end. The role of that state machine is allowed to when the state joins it. */
export class RunTaskState extends sfn.TaskStateBase {
  protected readonly taskMetrics = undefined;
  protected readonly taskPolicies: iam.PolicyStatement[];

  constructor(scope: Construct, id: string, private readonly run: RunTaskStateProps) {
    super(scope, id, { comment: 'Runs a task of ECS to its end' });
    this.taskPolicies = run.launch.followStatements;
  }

  protected _renderTask(): object {
    const { launch, overrides, timeoutSeconds } = this.run;
    return {
      Resource: `arn:${Stack.of(this).partition}:states:::ecs:runTask.sync`,
      Parameters: { ...launch.forStates(), Overrides: overrides },
      TimeoutSeconds: timeoutSeconds,
    };
  }
}
