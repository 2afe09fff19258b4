import type { Construct } from 'constructs';
import type { IEcsWorkload } from './iecs-workload';

/**
 * Something that is added to a workload after it is declared: a sidecar with all that belongs to it, a volume, a variable with its permissions.
 *
 * Write your own by this one method. It must not look for other extensions, and it works for every kind of workload, or fails with a sentence where it cannot.
 *
 * @example
 * class Greeting implements IWorkloadExtension {
 *   public extend(scope: Construct, workload: IEcsWorkload): void {
 *     const bucket = new s3.Bucket(scope, 'Greetings');
 *     bucket.grantRead(workload);
 *     workload.addEnvironment('GREETINGS', bucket.bucketName);
 *   }
 * }
 * declare const orders: EcsMicroservice;
 * orders.addExtension('Greeting', new Greeting());
 */
export interface IWorkloadExtension {
  /**
   * Adds to the workload. Called once for each `addExtension`.
   *
   * @param scope the construct, of the extension alone, below which its children go
   * @param workload what is extended
   */
  extend(scope: Construct, workload: IEcsWorkload): void;
}
