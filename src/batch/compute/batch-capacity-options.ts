import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Duration, Size } from 'aws-cdk-lib/core';

/** Options of `BatchCapacity.fargate`. */
export interface BatchFargateOptions {
  /**
   * The most vCPUs that jobs use at the same time, 1 to 100,000. Further jobs wait in the queue.
   *
   * Jobs on Spot have as many for themselves. Under the hood, this is `MaxvCpus` of the compute environment.
   *
   * @default 256
   */
  readonly maxVcpus?: number;
}

/** Options of `BatchCapacity.ec2` and `BatchCapacity.gpu`. */
export interface BatchInstanceOptions {
  /**
   * The most vCPUs of all instances together, 1 to 100,000. Further jobs wait in the queue.
   *
   * It is a ceiling on what the jobs cost by the hour. Batch goes beyond it by one instance at the most; Spot instances have as many vCPUs for themselves.
   * Under the hood, this is `MaxvCpus` of the compute environment.
   *
   * @default 256
   */
  readonly maxVcpus?: number;

  /**
   * Instance types such as `m7i.2xlarge`, whole families such as `m7i`, or the words `default_x86_64` and `default_arm64` of AWS Batch.
   *
   * All of one CPU architecture, and all with NVIDIA GPUs or all without. Batch takes the cheapest that holds the jobs which wait. A job that fits onto none
   * of them is an error; what this library knows nothing of is a warning.
   *
   * @default - for `ec2`, `default_x86_64` or `default_arm64`: general instances of the Region. For `gpu`, the families `g5` and `g6`
   * @see https://docs.aws.amazon.com/batch/latest/userguide/instance-type-compute-table.html
   */
  readonly instanceTypes?: string[];

  /**
   * The processor of the instances, where `instanceTypes` does not tell. With GPUs, it is x86.
   *
   * @default ecs.CpuArchitecture.X86_64
   */
  readonly architecture?: ecs.CpuArchitecture;

  /**
   * The vCPUs of instances that run, and cost money, whether there are jobs or not. Not for Spot instances.
   *
   * Set it where jobs must start at once: a new instance takes minutes. AWS does not lower it below what is running.
   *
   * @default 0
   */
  readonly minVcpus?: number;

  /**
   * The size of each instance's disk, 30 to 16384 GiB, for images and for what jobs write. Encrypted, of the type gp3; charged while the instance runs.
   *
   * @default Size.gibibytes(100)
   */
  readonly diskSize?: Size;

  /**
   * How long an instance without jobs is kept for the next one, 20 minutes to 7 days. It costs money all the while.
   *
   * Set it for GPU instances with large images, where jobs follow each other with pauses. Under the hood, this is `MinScaleDownDelayMinutes`.
   *
   * @default - Batch ends instances within minutes
   */
  readonly keepWarm?: Duration;

  /**
   * Tags of the instances and their disks: for the bill. They may change, without anything being replaced.
   *
   * The tags of the app and of the stack are kept off Batch resources, since CloudFormation would replace them at each change of a tag.
   *
   * @default - none but `Name`
   */
  readonly instanceTags?: { [key: string]: string };
}
