import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { IConstruct } from 'constructs';
import { measuredMetric } from '../observability/measured-metric';
import { insightsMetric, type MeasuredTasks, serviceMetric } from '../observability/task-metrics';
import { fail } from '../private/fail';

/** A service as CloudWatch names it. */
export interface MeasuredService extends MeasuredTasks {
  /** Of the load balancer whose requests count: the public one where there are two. */
  readonly target?: { readonly loadBalancer: string; readonly targetGroup: string; readonly alternate?: string };
}

/**
 * What CloudWatch knows of a service: for alarms and dashboards of your own. Get it from `service.metrics`.
 *
 * A metric creates nothing and costs nothing by itself. Each has the period of one minute unless the options say otherwise. An alarm on one of them names the
 * service, so it cannot be one that the service itself waits for.
 */
export class ServiceMetrics {
  /** @internal */
  public static _create(scope: IConstruct, service: MeasuredService): ServiceMetrics {
    return new ServiceMetrics(scope, service);
  }

  private constructor(private readonly scope: IConstruct, private readonly service: MeasuredService) {
  }

  /**
   * The CPU that the tasks use, in percent of what they have. By default the average over the tasks.
   *
   * @example
   * declare const orders: EcsMicroservice;
   * orders.metrics.cpuUtilization({ statistic: 'Maximum' }).createAlarm(this, 'Busy', { threshold: 90, evaluationPeriods: 5 });
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html
   */
  public cpuUtilization(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return serviceMetric(this.service, 'CPUUtilization', options);
  }

  /**
   * The memory that the tasks use, in percent of what they have. By default the average over the tasks.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html
   */
  public memoryUtilization(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return serviceMetric(this.service, 'MemoryUtilization', options);
  }

  /**
   * The number of tasks that run. The cluster must have Container Insights, which costs by the metric.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html
   */
  public runningTaskCount(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return insightsMetric(this.scope, this.service, 'RunningTaskCount', 'runningTaskCount', options);
  }

  /**
   * The number of tasks that should run. The cluster must have Container Insights, which costs by the metric.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html
   */
  public desiredTaskCount(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return insightsMetric(this.scope, this.service, 'DesiredTaskCount', 'desiredTaskCount', options);
  }

  /**
   * The requests that the load balancer handed to the tasks, by default their sum. The service must have a route of HTTP; of two load balancers the public one counts.
   *
   * @example
   * declare const orders: EcsMicroservice;
   * new cloudwatch.GraphWidget({ left: [orders.metrics.requestCount()], right: [orders.metrics.responseTime({ statistic: 'p99' })] });
   *
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
   */
  public requestCount(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.ofTarget('RequestCount', 'requestCount', { statistic: 'Sum', ...options });
  }

  /**
   * The seconds that the tasks take to answer, by default on average. The service must have a route of HTTP; of two load balancers the public one counts.
   *
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
   */
  public responseTime(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.ofTarget('TargetResponseTime', 'responseTime', options);
  }

  /**
   * The answers of the tasks with a status of 500 to 599, by default their sum. The service must have a route of HTTP; of two load balancers the public one counts.
   *
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
   */
  public serverErrorCount(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.ofTarget('HTTPCode_Target_5XX_Count', 'serverErrorCount', { statistic: 'Sum', ...options });
  }

  /**
   * The tasks that fail the load balancer's health check, by default the most at a time. The service must have a route of HTTP; of two load balancers the public one
   * counts.
   *
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
   */
  public unhealthyHostCount(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.ofTarget('UnHealthyHostCount', 'unhealthyHostCount', { statistic: 'Maximum', ...options });
  }

  private ofTarget(metricName: string, method: string, options: cloudwatch.MetricOptions): cloudwatch.Metric {
    const target = this.service.target ?? fail(this.scope, `'metrics.${method}' needs a route of HTTP, because a load balancer measures it, got a service without one; `
      + "add 'routes', or use a metric of the application's own");
    if (target.alternate !== undefined) {
      fail(this.scope, `'metrics.${method}' needs one target group, and a service whose deployments shift requests has two that take turns; `
        + "use the alarms that the service has, or a metric of the application's own");
    }
    return measuredMetric('AWS/ApplicationELB', metricName, { LoadBalancer: target.loadBalancer, TargetGroup: target.targetGroup }, options);
  }
}
