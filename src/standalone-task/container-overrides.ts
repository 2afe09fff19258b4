import type { Construct } from 'constructs';
import type { TaskRunOptions } from './task-run-options';
import type { TriggeredTask } from './triggered-task';
import { fail } from '../private/fail';
import { refusePlainSecrets } from '../task/refuse-plain-secrets';

/** What a trigger sends to what it starts: to the state machine, or to the task itself. */
export function inputOf(scope: Construct, { task, machine }: TriggeredTask, options: TaskRunOptions): object {
  const name = task.container.containerName;
  return machine === undefined ? overridesForApi(scope, name, options) : overridesForStates(scope, name, options);
}

/** As Step Functions spells it. */
export function overridesForStates(scope: Construct, container: string, options: TaskRunOptions): object {
  const { command, variables } = read(scope, options);
  if (command === undefined && variables === undefined) return {};
  return { ContainerOverrides: [{ Name: container, Command: command, Environment: variables?.map(([Name, Value]) => ({ Name, Value })) }] };
}

/** As the API spells it. */
function overridesForApi(scope: Construct, container: string, options: TaskRunOptions): object {
  const { command, variables } = read(scope, options);
  if (command === undefined && variables === undefined) return {};
  return { containerOverrides: [{ name: container, command, environment: variables?.map(([name, value]) => ({ name, value })) }] };
}

function read(scope: Construct, { command, environment }: TaskRunOptions) {
  if (command?.length === 0) fail(scope, "'command' must have at least one word, got none; omit it for the task's own command");
  refusePlainSecrets(scope, environment ?? {});
  return { command, variables: environment && Object.entries(environment) };
}
