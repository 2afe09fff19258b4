import type * as ec2 from 'aws-cdk-lib/aws-ec2';

/** Options of `TestRoute.port`. */
export interface TestPortOptions {
  /**
   * Who may call the port.
   *
   * @default - nobody but the smoke tests of the service
   */
  readonly allowedSources?: ec2.IPeer[];
}
