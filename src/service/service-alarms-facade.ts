import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { ServiceSlo, SloProps } from './service-slo';
import type { SloOptions } from './slo-options';
import { alarmNamed, alarmsBelow } from '../observability/told-alarms';
import { fail } from '../private/fail';

/**
 * The alarms of a service: for dashboards, for alarms on several of them, and for actions of your own. Get it from `service.alarms`.
 *
 * What each means and what to do about it stands in docs/operations.md.
 */
export class ServiceAlarms {
  /** @internal */
  public static _create(scope: Construct, slo: SloProps): ServiceAlarms {
    return new ServiceAlarms(scope, slo);
  }

  private constructor(private readonly scope: Construct, private readonly slo: SloProps) {
  }

  /**
   * The alarms that tell somebody, in the order in which they were made. None in the development profile, unless you add an objective.
   *
   * @example
   * declare const orders: EcsMicroservice;
   * declare const dashboard: cloudwatch.Dashboard;
   * dashboard.addWidgets(new cloudwatch.AlarmStatusWidget({ alarms: orders.alarms.all }));
   */
  public get all(): cloudwatch.IAlarm[] {
    return alarmsBelow(this.scope);
  }

  /**
   * One of the alarms, by the name that it has in docs/operations.md. An error if the service has none of that name.
   *
   * @param name its path below the service: `LatencyAlarm`, or `Internal/LatencyAlarm` on the load balancer inside the network
   *
   * @example
   * declare const orders: EcsMicroservice;
   * declare const page: cloudwatch.IAlarmAction;
   * new cloudwatch.CompositeAlarm(this, 'Down', {
   *   alarmRule: cloudwatch.AlarmRule.allOf(orders.alarms.named('RunningTasksAlarm'), orders.alarms.named('ServerErrorsAlarm')),
   * }).addAlarmAction(page);
   */
  public named(name: string): cloudwatch.IAlarm {
    return alarmNamed(this.scope, name);
  }

  /**
   * Tells when the error budget of an objective burns too fast: at once in an outage, within a day in a slow leak, never because of a few requests.
   *
   * Creates five alarms, which look back over minutes, hours and days, and two composite ones of them, which alone tell the `alarmActions` of the cluster:
   * `Slo/OutageAlarm` is to wake somebody, `Slo/LeakAlarm` can wait for the morning. They are made in the development profile too, and cost 2.50 USD a month with
   * the objective of availability, 2.00 USD with that of latency, 3.00 USD with both; where deployments shift requests 4.00, 3.00 and 5.00 USD. Of two load
   * balancers the public one counts.
   *
   * @example
   * declare const orders: EcsMicroservice;
   * orders.alarms.addSlo({ availabilityPercent: 99.9, latency: Duration.millis(300), latencyPercent: 99 });
   *
   * @see https://sre.google/workbook/alerting-on-slos/
   */
  public addSlo(options: SloOptions): void {
    if (this.scope.node.tryFindChild('Slo') !== undefined) {
      fail(this.scope, "'addSlo' can be called once, got a second objective: one request would burn two budgets; give both 'availabilityPercent' and 'latency' in one call");
    }
    new ServiceSlo(this.scope, 'Slo', this.slo, options);
  }
}
