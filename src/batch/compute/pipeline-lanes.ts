import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import { BatchCapacity } from './batch-capacity';
import { ComputeEnvironments } from './compute-environments';
import type { ComputeLane } from './compute-lane';
import { ComputeQueues } from './compute-queues';
import type { JobComputeConfig } from './job-compute-config';
import type { IFargateCluster } from '../../cluster/ifargate-cluster';

/** What the lanes of a pipeline have in common. */
interface PipelineLanesProps {
  readonly cluster: IFargateCluster;
  readonly securityGroup: ec2.ISecurityGroup;
  /** Of each. */
  readonly maxVcpus: number;
}

/** Where the jobs of a pipeline wait and run: one queue for each kind of compute, made for the first job that needs it. Fargate is always there. */
export class PipelineLanes {
  public readonly fargate: ComputeQueues;
  public readonly fargateEnvironments: ComputeEnvironments;
  private readonly instances = new Map<string, ComputeQueues>();

  constructor(private readonly pipeline: Construct, private readonly props: PipelineLanesProps) {
    this.fargateEnvironments = this.environmentsOf(pipeline, BatchCapacity.fargate({ maxVcpus: props.maxVcpus }));
    this.fargate = new ComputeQueues(pipeline, this.fargateEnvironments);
  }

  /** The lane of a job. */
  public laneOf(config: JobComputeConfig): ComputeLane {
    if (config.on !== undefined) return config.on._lane;
    return config.platform === 'FARGATE' ? this.fargate : this.instancesOf(config);
  }

  private instancesOf({ gpus, architecture }: JobComputeConfig): ComputeQueues {
    const { maxVcpus } = this.props;
    const id = gpus !== 0 ? 'Gpu' : architecture === ecs.CpuArchitecture.ARM64 ? 'Ec2Arm' : 'Ec2';
    const known = this.instances.get(id);
    if (known !== undefined) return known;
    const capacity = gpus !== 0 ? BatchCapacity.gpu({ maxVcpus }) : BatchCapacity.ec2({ maxVcpus, architecture });
    const scope = new Construct(this.pipeline, id);
    const made = new ComputeQueues(scope, this.environmentsOf(scope, capacity));
    this.instances.set(id, made);
    return made;
  }

  private environmentsOf(scope: Construct, capacity: BatchCapacity): ComputeEnvironments {
    const { cluster, securityGroup } = this.props;
    return new ComputeEnvironments(scope, { cluster, securityGroup, capacity: capacity._bind() });
  }
}
