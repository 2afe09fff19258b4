import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct, type IConstruct } from 'constructs';
import { admitCaller } from './admit-caller';
import type { DirectAddress } from './direct-address';
import type { EcsMicroserviceAttributes } from './ecs-microservice-attributes';
import type { IEcsMicroservice } from './iecs-microservice';
import { endpointOf, portOf } from './service-address';
import { claimName, rejectUncallable } from './service-connect';
import { MeasuredService, ServiceMetrics } from './service-metrics';
import { ServiceProtocol } from './service-protocol';
import { checkDiscoveryName, checkPort } from './validate-service';
import { fail } from '../private/fail';

/** A service of another app: makes nothing, so its callers have nothing to wait for. */
export class ImportedService extends Construct implements IEcsMicroservice {
  public readonly port: number;
  public readonly discoveryName: string;
  public readonly endpoint: string;
  public readonly metrics: ServiceMetrics;
  public readonly connections: ec2.Connections;

  /** @internal */
  public readonly _isBehindProxy: boolean;

  private readonly protocol: ServiceProtocol;
  private readonly internalUrl?: string;

  constructor(scope: Construct, id: string, attributes: EcsMicroserviceAttributes) {
    super(scope, id);
    const { cluster, discoveryName, discoveryDomain, port = 8080, protocol = ServiceProtocol.http1() } = attributes;
    checkPort(this, port);
    checkDiscoveryName(this, discoveryName);
    if (discoveryDomain === undefined) claimName(this, { cluster, discoveryName });
    this.port = port;
    this.protocol = protocol;
    this.discoveryName = discoveryName;
    this.endpoint = endpointOf(protocol, discoveryDomain === undefined ? discoveryName : `${discoveryName}.${discoveryDomain}`, port);
    this._isBehindProxy = discoveryDomain === undefined;
    this.internalUrl = attributes.internalUrl;
    this.connections = new ec2.Connections({
      securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(this, 'SecurityGroup', attributes.securityGroupId)],
      defaultPort: portOf(protocol, port),
    });
    this.metrics = ServiceMetrics._create(this, {
      clusterName: cluster.cluster.clusterName,
      serviceName: attributes.serviceName,
      hasContainerInsights: cluster._hasContainerInsights,
      target: this.targetOf(attributes),
    });
  }

  /** @internal The other app has made it known, or it is not. */
  public _beCalledBy(): undefined {
    if (this._isBehindProxy) rejectUncallable(this, this.protocol._bind());
    return undefined;
  }

  /** @internal What it calls is another app's matter. */
  public _reaches(other: IConstruct): boolean {
    return this === other;
  }

  /** @internal Whom its load balancer lets in, the other app decides. */
  public _directAddress(): DirectAddress | undefined {
    if (this.internalUrl !== undefined) return { url: this.internalUrl, admit: () => undefined };
    return this._isBehindProxy ? undefined : { url: this.endpoint, admit: (caller) => admitCaller(caller, this) };
  }

  private targetOf({ loadBalancerFullName, targetGroupFullName }: EcsMicroserviceAttributes): MeasuredService['target'] {
    if (loadBalancerFullName !== undefined && targetGroupFullName !== undefined) {
      return { loadBalancer: loadBalancerFullName, targetGroup: targetGroupFullName };
    }
    if (loadBalancerFullName === undefined && targetGroupFullName === undefined) return undefined;
    const [given, missing] = loadBalancerFullName === undefined ? ['targetGroupFullName', 'loadBalancerFullName'] : ['loadBalancerFullName', 'targetGroupFullName'];
    return fail(this, `'${given}' goes with '${missing}', got only the former; give both, or none where nobody asks for metrics of requests`);
  }
}
