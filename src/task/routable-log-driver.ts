import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';

/** A container, and what it will say of its log, which may change until synthesis. */
interface BoundContainer {
  readonly scope: Construct;
  readonly container: ecs.ContainerDefinition;
  readonly config: ecs.LogDriverConfig;
}

/**
 * A log driver that may be exchanged for another one after containers have it, so that an extension can route the logs of a workload.
 */
export class RoutableLogDriver extends ecs.LogDriver {
  private readonly bound: BoundContainer[] = [];

  constructor(private driver: ecs.LogDriver) {
    super();
  }

  public bind(scope: Construct, container: ecs.ContainerDefinition): ecs.LogDriverConfig {
    const config = { ...this.driver.bind(scope, container) };
    this.bound.push({ scope, container, config });
    return config;
  }

  /** From here on this driver serves all containers, those before and those to come; or the one of that name alone. */
  public routeTo(driver: ecs.LogDriver, only?: string): void {
    if (only === undefined) this.driver = driver;
    const served = this.bound.filter(({ container }) => only === undefined || container.containerName === only);
    for (const { scope, container, config } of served) {
      Object.assign(config, { options: undefined, secretOptions: undefined, ...driver.bind(scope, container) });
    }
  }
}
