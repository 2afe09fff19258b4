import * as ecs from 'aws-cdk-lib/aws-ecs';
import { BEHAVIOUR, APP_STAGE } from './role-behaviour';
import { SidecarRole } from './sidecar-role';

/** A container and its place in the order of start. */
interface Placed {
  readonly container: ecs.ContainerDefinition;
  readonly stage: number;
  readonly condition: ecs.ContainerDependencyCondition;
}

/** The order in which the containers of a task start: each waits for all of earlier stages. */
export class StartOrder {
  private readonly placed: Placed[] = [];

  /** Without a role it is the application. */
  public add(container: ecs.ContainerDefinition, hasHealthCheck: boolean, role?: SidecarRole): void {
    const condition = role === SidecarRole.SETUP
      ? ecs.ContainerDependencyCondition.SUCCESS
      : hasHealthCheck ? ecs.ContainerDependencyCondition.HEALTHY : ecs.ContainerDependencyCondition.START;
    const added = { container, condition, stage: role === undefined ? APP_STAGE : BEHAVIOUR[role].stage };
    for (const other of this.placed) {
      if (other.stage < added.stage) waitFor(added, other);
      if (other.stage > added.stage) waitFor(other, added);
    }
    this.placed.push(added);
  }
}

function waitFor(later: Placed, earlier: Placed): void {
  later.container.addContainerDependencies({ container: earlier.container, condition: earlier.condition });
}
