import type * as batch from 'aws-cdk-lib/aws-batch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Duration, Lazy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { BatchCapacityConfig } from './batch-capacity-config';
import { createComputeEnvironment } from './compute-environment';
import { createInstanceStart, type InstanceStart } from './launch-template';
import type { IFargateCluster } from '../../cluster/ifargate-cluster';
import { instancePrerequisites } from '../../cluster/instance-role';
import { fail } from '../../private/fail';

/** What the environments are made of. */
export interface ComputeEnvironmentsProps {
  readonly cluster: IFargateCluster;
  readonly capacity: BatchCapacityConfig;
  readonly securityGroup: ec2.ISecurityGroup;
}

/** AWS waits no longer than that for jobs at an update of instances. */
const LONGEST_PATIENCE = Duration.hours(6);

/** The places of the environments behind the first, by the order in which they are tried. */
const FALLBACKS = ['Second', 'Third'];

/** The environments behind queues: on demand, and once somebody asks the same once more on Spot. */
export class ComputeEnvironments {
  private readonly capacities: BatchCapacityConfig[];
  private readonly starts: (InstanceStart | undefined)[] = [];
  private readonly demand: batch.CfnComputeEnvironment[] = [];
  private readonly spot: batch.CfnComputeEnvironment[] = [];
  private longest = Duration.minutes(30);

  constructor(private readonly scope: Construct, private readonly props: ComputeEnvironmentsProps) {
    this.capacities = [props.capacity];
    this.demand.push(this.create(0, false));
  }

  /** What they are, in the order in which they are tried. */
  public get supplies(): BatchCapacityConfig[] {
    return [...this.capacities];
  }

  public get onDemand(): batch.CfnComputeEnvironment[] {
    return [...this.demand];
  }

  /** Made when somebody asks for the first time. */
  public get onSpot(): batch.CfnComputeEnvironment[] {
    this.capacities.forEach((_, index) => this.spot[index] ??= this.create(index, true));
    return [...this.spot];
  }

  /** Updates of instances wait for the longest of their jobs. */
  public noteTimeout(timeout: Duration): void {
    if (!timeout.isUnresolved() && timeout.toSeconds() > this.longest.toSeconds()) this.longest = timeout;
  }

  /** Adds what is tried when what is there already has no room. */
  public add(capacity: BatchCapacityConfig): void {
    this.checkFallback(capacity);
    this.capacities.push(capacity);
    const index = this.capacities.length - 1;
    this.demand.push(this.create(index, false));
    if (this.spot.length > 0) this.spot.push(this.create(index, true));
  }

  private checkFallback(capacity: BatchCapacityConfig): void {
    const [first] = this.capacities;
    const remedy = 'make a BatchCompute of its own';
    if (this.capacities.length > FALLBACKS.length) {
      fail(this.scope, `'addFallback' must leave at most ${FALLBACKS.length + 1} compute environments in a queue, got one more; ${remedy}`);
    }
    if (capacity.platform !== first.platform) {
      fail(this.scope, `'addFallback' must not mix Fargate with instances in a queue, got ${capacity.platform} beside ${first.platform}; ${remedy}`);
    }
    if (capacity.arm !== first.arm) {
      fail(this.scope, `'addFallback' must be of the architecture of the queue, which is ${nameOf(first.arm)}, got ${nameOf(capacity.arm)}; ${remedy}`);
    }
    if (capacity.instances?.gpu !== first.instances?.gpu) {
      fail(this.scope, "'addFallback' must have GPUs where the first has them, got the one and the other: jobs without a GPU would block instances with one; "
        + remedy);
    }
  }

  private create(index: number, spot: boolean): batch.CfnComputeEnvironment {
    const { cluster, securityGroup } = this.props;
    const capacity = this.capacities[index];
    const place = index === 0 ? '' : FALLBACKS[index - 1];
    const start = capacity.instances === undefined ? undefined : this.starts[index] ??= this.createStart(place, capacity);
    const environment = createComputeEnvironment(this.scope, `${spot ? 'Spot' : ''}${place}ComputeEnvironment`, {
      cluster, capacity, securityGroup, spot, start, patience: this.patience(),
    });
    if (start !== undefined) environment.node.addDependency(...instancePrerequisites(this.scope, cluster));
    return environment;
  }

  private createStart(place: string, capacity: BatchCapacityConfig): InstanceStart {
    const { cluster } = this.props;
    if (cluster.assignPublicIp) {
      fail(this.scope, "'capacity' with instances needs a cluster whose tasks run in private subnets, got public ones: AWS Batch gives its instances no "
        + "public address; give the cluster a 'network' with private subnets, or use Fargate");
    }
    const scope = place === '' ? this.scope : new Construct(this.scope, `${place}Instances`);
    return createInstanceStart(scope, cluster, capacity.instances!);
  }

  private patience(): number {
    return Lazy.number({ produce: () => Math.ceil(Math.min(this.longest.toMinutes({ integral: false }), LONGEST_PATIENCE.toMinutes())) });
  }
}

function nameOf(arm?: boolean): string {
  return arm === true ? 'ARM64' : 'X86_64';
}
