import type { Size } from 'aws-cdk-lib/core';
import type { BatchInstanceOptions } from './batch-capacity-options';

/** The instances of a compute environment, every option decided. */
export interface InstancesConfig {
  readonly instanceTypes: string[];
  readonly minVcpus: number;
  readonly diskSize: Size;
  readonly gpu: boolean;
  readonly options: BatchInstanceOptions;
}

/** What a capacity is, before it is made. */
export interface BatchCapacityConfig {
  readonly platform: 'FARGATE' | 'EC2';
  readonly maxVcpus: number;
  /** Absent on Fargate, where each job says it. */
  readonly arm?: boolean;
  /** Absent on Fargate. */
  readonly instances?: InstancesConfig;
}
