import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';
import type { DirectAddress } from './direct-address';
import type { ServiceMetrics } from './service-metrics';

/** A service that others may call: an `EcsMicroservice` of this app, or one of another app by `EcsMicroservice.fromAttributes`. */
export interface IEcsMicroservice extends IConstruct, ec2.IConnectable {
  /** The port that the application listens on. */
  readonly port: number;

  /** The name by which other services of the cluster call this one. */
  readonly discoveryName: string;

  /** Where other services of the cluster reach this one, once they are connected: `http://orders:8080`, or `http://orders.shop.internal:8080`. */
  readonly endpoint: string;

  /** What CloudWatch knows of the service: for alarms and dashboards of your own. */
  readonly metrics: ServiceMetrics;

  /**
   * Whether its callers need a proxy of Service Connect.
   *
   * @internal
   */
  readonly _isBehindProxy: boolean;

  /**
   * Makes the service known by its name. Returns what must be there before its caller, if this app makes it.
   *
   * @internal
   */
  _beCalledBy(caller: IConstruct): IConstruct | undefined;

  /**
   * Whether this service waits for the other one, by whatever way.
   *
   * @internal
   */
  _reaches(other: IConstruct): boolean;

  /**
   * Where it is called by those who have no proxy; undefined: nowhere.
   *
   * @internal
   */
  _directAddress(): DirectAddress | undefined;
}
