import { Template } from 'aws-cdk-lib/assertions';
import { ClusterProfile, EcsTask, EcsTaskProps } from '../../src';
import { machinesIn } from '../util/asl';
import { createCluster, createStack, IMAGE } from '../util/fixtures';

/** One task, with what the test is about. */
export function createTask(props: Partial<EcsTaskProps> = {}, profile = ClusterProfile.DEVELOPMENT) {
  const stack = createStack();
  const cluster = createCluster(stack, { profile });
  const task = new EcsTask(stack, 'Report', { cluster, image: IMAGE, ...props });
  return { stack, cluster, task, template: () => Template.fromStack(stack) };
}

/** The states of a task's state machine. */
export function statesOf(template: Template): Record<string, any> {
  const [machine] = Object.entries(machinesIn(template.toJSON())).filter(([id]) => id.startsWith('Report'));
  return (machine[1] as { States: Record<string, any> }).States;
}
