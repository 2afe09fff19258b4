import type { Construct } from 'constructs';
import type { TaskDeploymentOptions } from './task-trigger-options';
import type { TriggeredTask } from './triggered-task';
import { DeploymentTask } from '../service/deployment/deployment-task';
import { DeploymentTasks } from '../service/deployment/deployment-tasks';

/** A custom resource that runs the task, and waits for its end. */
export function runAtDeployment(scope: Construct, task: TriggeredTask, options: TaskDeploymentOptions): void {
  new DeploymentTask(new DeploymentTasks(scope, 'DeploymentTasks', task), 'Run', options);
}
