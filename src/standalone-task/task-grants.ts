import * as iam from 'aws-cdk-lib/aws-iam';
import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import type { RunMachine } from './run-machine';
import type { TaskLaunch } from './task-launch';

/** What others may do with a task. Get it from `task.grants`. */
export class TaskGrants {
  /** @internal */
  public static _create(launch: TaskLaunch, machine?: RunMachine): TaskGrants {
    return new TaskGrants(launch, machine);
  }

  private constructor(private readonly launch: TaskLaunch, private readonly machine?: RunMachine) {
  }

  /**
   * Lets somebody run the task: by `RunTask`, with `task.runRequest`, and, where it has a state machine, by an execution.
   *
   * Allows this task definition in this cluster, with its two roles.
   *
   * @example
   * declare const fn: lambda.Function;
   * declare const report: EcsTask;
   * report.grants.run(fn);
   * fn.addEnvironment('REPORT', report.runRequest); // ecs.send(new RunTaskCommand(JSON.parse(process.env.REPORT)))
   */
  public run(grantee: iam.IGrantable): iam.Grant {
    const grant = allow(grantee, this.launch.runStatements);
    if (this.machine === undefined) return grant;
    const resourceArns = [this.machine.stateMachine.stateMachineArn];
    return grant.combine(iam.Grant.addToPrincipal({ grantee, actions: ['states:StartExecution'], resourceArns }));
  }

  /**
   * Lets somebody find, look at and stop runs of this task, and of no other.
   *
   * Allows stopping tasks with the tag that this task's runs have and, where it has a state machine, executions.
   *
   * @example
   * declare const onCall: iam.IRole;
   * declare const report: EcsTask;
   * report.grants.stop(onCall);
   */
  public stop(grantee: iam.IGrantable): iam.Grant {
    const grant = allow(grantee, this.launch.stopStatements);
    if (this.machine === undefined) return grant;
    const { stateMachineArn, stateMachineName } = this.machine.stateMachine;
    const executions = Stack.of(this.machine).formatArn({
      service: 'states', resource: 'execution', resourceName: `${stateMachineName}:*`, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    return [
      grant,
      iam.Grant.addToPrincipal({ grantee, actions: ['states:StopExecution', 'states:DescribeExecution'], resourceArns: [executions] }),
      iam.Grant.addToPrincipal({ grantee, actions: ['states:ListExecutions'], resourceArns: [stateMachineArn] }),
    ].reduce((all, one) => all.combine(one));
  }
}

function allow(grantee: iam.IGrantable, statements: iam.PolicyStatement[]): iam.Grant {
  return statements
    .map(({ actions, resources, conditions }) => iam.Grant.addToPrincipal({ grantee, actions, resourceArns: resources, conditions }))
    .reduce((all, one) => all.combine(one));
}
