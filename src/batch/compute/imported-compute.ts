import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { BatchComputeAttributes } from './batch-compute-attributes';
import type { ComputeLane } from './compute-lane';
import type { IBatchCompute } from './ibatch-compute';
import { fail } from '../../private/fail';

/** A queue that is declared elsewhere. Nothing is created, and nothing is known of its instances. */
export class ImportedCompute extends Construct implements IBatchCompute {
  public readonly jobQueueArn: string;
  public readonly connections: ec2.Connections;
  public readonly _lane: ComputeLane;

  constructor(scope: Construct, id: string, attributes: BatchComputeAttributes) {
    super(scope, id);
    const { jobQueueArn, spotJobQueueArn, securityGroup, instances, architecture, maxVcpus = 256 } = attributes;
    this.jobQueueArn = jobQueueArn;
    this.connections = new ec2.Connections({ securityGroups: securityGroup === undefined ? [] : [securityGroup] });
    const owner = this;
    this._lane = {
      platform: instances === true ? 'EC2' : 'FARGATE',
      jobQueueArn,
      get spotJobQueueArn() {
        return spotJobQueueArn ?? fail(owner, "'spotJobQueueArn' is needed where a job has 'spot', got none; give the queue that stands before Spot capacity");
      },
      maxVcpus,
      arm: instances === true ? architecture?._cpuArchitecture === 'ARM64' : undefined,
      supplies: [],
      noteTimeout: () => undefined,
    };
  }
}
