import type { IConstruct } from 'constructs';
import { ALWAYS_NEEDED, type ClusterEgress } from './cluster-egress';
import type { NetworkEndpoint } from './network-endpoint';
import { findPullProblem } from './pull-problem';
import { fail } from '../private/fail';

/**
 * The way out of a network whose endpoints somebody else made, as far as they are declared.
 *
 * A workload that needs another one is an error: it would wait for an answer in vain.
 */
export class DeclaredEndpoints implements ClusterEgress {
  private readonly declared: Set<string>;

  constructor(scope: IConstruct, endpoints: NetworkEndpoint[]) {
    this.declared = new Set(endpoints.map((endpoint) => endpoint.service));
    const missing = ALWAYS_NEEDED.filter((service) => !this.declared.has(service));
    if (missing.length > 0) {
      fail(scope, `'endpoints' must have what every task needs (${ALWAYS_NEEDED.join(', ')}), got none for ${missing.join(', ')}; `
        + 'make these endpoints in the network and add them');
    }
  }

  public reach(scope: IConstruct, ...endpoints: NetworkEndpoint[]): [] {
    const missing = endpoints.find((endpoint) => !this.declared.has(endpoint.service));
    if (missing !== undefined) {
      fail(scope, `'endpoints' of the cluster's network must have "${missing.service}", which this workload calls, got ${[...this.declared].join(', ')}; `
        + 'make the endpoint in the network and add it');
    }
    return [];
  }

  public mayReach(prefix: string): boolean {
    return [...this.declared].some((service) => service.startsWith(prefix));
  }

  public pullProblem(scope: IConstruct, imageName: string): string | undefined {
    return findPullProblem(scope, imageName);
  }
}
