import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';

/** Attributes of a queue that is declared elsewhere, for `BatchCompute.fromAttributes`. */
export interface BatchComputeAttributes {
  /** The ARN of the queue that jobs wait in. */
  readonly jobQueueArn: string;

  /**
   * The ARN of the queue that jobs with `spot` wait in.
   *
   * @default - none: a job with `spot` is an error
   */
  readonly spotJobQueueArn?: string;

  /**
   * Whether the environments of the queue have EC2 instances, rather than Fargate.
   *
   * @default false
   */
  readonly instances?: boolean;

  /**
   * The processor of the instances.
   *
   * @default - x86 with instances; each job says it on Fargate
   */
  readonly architecture?: ecs.CpuArchitecture;

  /**
   * The most vCPUs that the environments have: a job that never fits is an error.
   *
   * @default 256
   */
  readonly maxVcpus?: number;

  /**
   * The security group of the jobs, which `connections` and `connectTo` open others for.
   *
   * @default - none: `connections` know nobody
   */
  readonly securityGroup?: ec2.ISecurityGroup;
}
