import type { IConstruct, IDependable } from 'constructs';
import type { NetworkEndpoint } from './network-endpoint';

/** The way of a cluster's tasks to AWS and to the image registry. Workloads say what they need of it. */
export interface ClusterEgress {
  /**
   * What `scope` runs calls these AWS services.
   *
   * Returns what must be there before it can. It is an error where the network has no way to one of them.
   */
  reach(scope: IConstruct, ...endpoints: NetworkEndpoint[]): IDependable[];

  /** Whether there may be a way to a service of which only the prefix of its IAM actions is known. */
  mayReach(prefix: string): boolean;

  /** Why what `scope` runs could not pull this image. undefined if it can, or if nobody knows. */
  pullProblem(scope: IConstruct, imageName: string): string | undefined;
}

/** Everything is reached, or nothing is known of the network at synthesis. */
export const OPEN_EGRESS: ClusterEgress = { reach: () => [], mayReach: () => true, pullProblem: () => undefined };

/** What every task needs before it can start: its image, and where its output goes. */
export const ALWAYS_NEEDED = ['ecr.api', 'ecr.dkr', 's3', 'logs'];
