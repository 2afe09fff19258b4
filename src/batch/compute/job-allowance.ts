import * as batch from 'aws-cdk-lib/aws-batch';
import { Construct } from 'constructs';
import { shieldFromTags } from './tag-shield';
import { checkInteger } from '../../private/check';

/** Properties of `JobAllowance`. */
export interface JobAllowanceProps {
  /** How much there is in all, 0 or more. */
  readonly quantity: number;

  /**
   * Whether jobs give back what they took when they end, as licences; otherwise it is used up, as a budget.
   *
   * Under the hood, this is `ResourceType`: `REPLENISHABLE` or `NON_REPLENISHABLE`.
   *
   * @default true
   */
  readonly givenBack?: boolean;
}

/**
 * Something of which there is only so much, and without which a job does not start: licences, connections, a quota of somebody else's.
 *
 * A job takes it with `BatchJob.takes`, and waits in its queue until there is enough. Jobs of any pipeline may take of it. Creates a consumable resource of
 * AWS Batch, which costs nothing.
 *
 * @example
 * declare const train: BatchJob;
 * const licences = new JobAllowance(this, 'Licences', { quantity: 10 });
 * train.takes(licences, 2);
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/resource-aware-scheduling.html
 */
export class JobAllowance extends Construct {
  /** The ARN of the consumable resource. */
  public readonly consumableResourceArn: string;

  constructor(scope: Construct, id: string, props: JobAllowanceProps) {
    super(scope, id);
    checkInteger(this, 'quantity', props.quantity, 0, 1_000_000_000, 'it is how much there is in all');
    const resource = shieldFromTags(new batch.CfnConsumableResource(this, 'Resource', {
      resourceType: props.givenBack === false ? 'NON_REPLENISHABLE' : 'REPLENISHABLE',
      totalQuantity: props.quantity,
    }));
    this.consumableResourceArn = resource.attrConsumableResourceArn;
  }
}
