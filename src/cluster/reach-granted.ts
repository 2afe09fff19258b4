import type { IConstruct, IDependable } from 'constructs';
import type { ClusterEgress } from './cluster-egress';
import { NetworkEndpoint } from './network-endpoint';
import { endpointsOfActions } from '../private/endpoint-of-action';
import { warn, WarningId } from '../private/warnings';

/** What `scope` runs was granted these actions: the network needs a way to their services. Returns what must be there before it can call them. */
export function reachGranted(scope: IConstruct, egress: ClusterEgress, actions: string[]): IDependable[] {
  const { known, unknown } = endpointsOfActions(actions);
  for (const prefix of unknown.filter((name) => !egress.mayReach(name))) {
    warn(scope, WarningId.CALL_WITHOUT_ENDPOINT, `is granted actions of "${prefix}", to which the cluster's network has no endpoint that the library knows of: `
      + `calls would wait for an answer in vain; add NetworkEndpoint.of('...') of that service to 'endpoints' of the network`);
  }
  return known.length === 0 ? [] : egress.reach(scope, ...known.map((service) => NetworkEndpoint.of(service)));
}
