import type { TriggeredTask } from './triggered-task';
import type { StartTarget } from '../trigger/start-target';
import { startOf } from '../trigger/state-machine-start';

/** A task, as triggers start it: its state machine if it has one, else the task itself. */
export function startOfTask({ cluster, launch, machine, deadLetters, alarmActions }: TriggeredTask): StartTarget {
  const common = { noun: 'task' as const, permissionsBoundary: cluster._permissionsBoundary, deadLetters, alarmActions };
  if (machine === undefined) {
    return {
      ...common,
      arn: launch.clusterArn,
      ecsParameters: { forScheduler: launch.forScheduler(), forRule: launch.forRule() },
      statements: launch.runStatements,
      startedBy: (resource) => launch.startedBy(resource),
    };
  }
  // a trigger that fires before all is there would fail.
  return {
    ...common,
    ...startOf(machine.stateMachine.stateMachineArn),
    startedBy: (resource) => resource.node.addDependency(...machine.prerequisites),
  };
}
