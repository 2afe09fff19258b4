import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { ContainerOptions } from './container-options';

/** What the options of a container say of its process, for main containers and sidecars alike. */
export function processOptions(options: ContainerOptions): Partial<ecs.ContainerDefinitionOptions> {
  const { command, entryPoint, user, healthCheck, ulimits, environmentFiles, stopTimeout } = options;
  return { command, entryPoint, user, healthCheck, ulimits, environmentFiles, stopTimeout };
}
