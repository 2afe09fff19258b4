import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Size } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { RoutableLogDriver } from './routable-log-driver';
import { fail } from '../private/fail';

/** How the driver of CloudWatch Logs delivers lines. */
export type Delivery = Pick<ecs.AwsLogDriverProps, 'mode' | 'maxBufferSize'>;

/** What begins an entry of several lines. */
export type EntryStart = Pick<ecs.AwsLogDriverProps, 'multilinePattern' | 'datetimeFormat'>;

/** Without ever making the application wait. */
const DEFAULT_DELIVERY: Delivery = { mode: ecs.AwsLogDriverMode.NON_BLOCKING, maxBufferSize: Size.mebibytes(25) };

/** What the main container of each workload is called. */
const APPLICATION = 'App';

const known = new WeakMap<IConstruct, OwnLogs>();

/** How the containers of a workload write to its own log group, until a log router takes their lines. */
export class OwnLogs {
  /** That of a workload, if it has tasks of ECS. */
  public static of(workload: IConstruct): OwnLogs | undefined {
    return known.get(workload);
  }

  /** What containers are given: it may be changed after they have it. */
  public readonly driver: RoutableLogDriver;
  private delivery = DEFAULT_DELIVERY;
  private entryStart?: EntryStart;
  private isRouted = false;
  private isChanged = false;

  constructor(private readonly workload: IConstruct, private readonly logGroup: logs.ILogGroup) {
    this.driver = new RoutableLogDriver(this.toLogGroup());
    known.set(workload, this);
  }

  /** To the workload's own log group. */
  public toLogGroup(entryStart?: EntryStart): ecs.LogDriver {
    return ecs.LogDrivers.awsLogs({ logGroup: this.logGroup, streamPrefix: 'ecs', ...this.delivery, ...entryStart });
  }

  public deliver(delivery: Delivery): void {
    this.delivery = delivery;
    this.apply();
  }

  /** Of the application only: a sidecar writes in another form. */
  public joinEntries(entryStart: EntryStart): void {
    this.entryStart = entryStart;
    this.apply();
  }

  /** From here on a router takes the lines of all containers. */
  public routeTo(driver: ecs.LogDriver): void {
    if (this.isChanged) this.refuse();
    this.isRouted = true;
    this.driver.routeTo(driver);
  }

  private apply(): void {
    if (this.isRouted) this.refuse();
    this.isChanged = true;
    this.driver.routeTo(this.toLogGroup());
    if (this.entryStart !== undefined) this.driver.routeTo(this.toLogGroup(this.entryStart), APPLICATION);
  }

  private refuse(): never {
    fail(this.workload, "'WorkloadLogs' cannot say how lines are delivered and joined where a log router takes them; say it to the 'FireLensRouter'");
  }
}
