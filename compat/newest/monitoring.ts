/** cdk-monitoring-constructs beside the library's own metrics and alarms, as examples/monitoring/README.md shows it. */
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import { App, Duration, Stack } from 'aws-cdk-lib/core';
import { EcsMicroservice, EcsQueueWorker, EcsTask, FargateCluster, ServiceRoute, TaskTrigger } from 'cdk-ecs-workloads';
import { MonitoringFacade } from 'cdk-monitoring-constructs';

const app = new App({ analyticsReporting: false });

class Shop extends Stack {
  constructor(id: string) {
    super(app, id);
    const cluster = new FargateCluster(this, 'Platform');
    const image = ecs.ContainerImage.fromRegistry('public.ecr.aws/docker/library/python:3.13-slim');
    const orders = new EcsMicroservice(this, 'Orders', { cluster, image, routes: [ServiceRoute.internetFacing({ paths: ['/orders/*'] })] });
    const mailer = new EcsQueueWorker(this, 'Mailer', { cluster, image });
    const report = new EcsTask(this, 'Report', { cluster, image, trigger: TaskTrigger.schedule(scheduler.ScheduleExpression.rate(Duration.days(1))) });

    const monitoring = new MonitoringFacade(this, 'Monitor');
    monitoring
      .addLargeHeader('Shop')
      .monitorCustom({ // what it has for Fargate knows no errors and no latency
        alarmFriendlyName: 'Orders',
        metricGroups: [
          { title: 'Requests', metrics: [orders.metrics.requestCount(), orders.metrics.serverErrorCount()] },
          { title: 'Latency', metrics: [orders.metrics.responseTime({ statistic: 'p99' })] },
          { title: 'Utilisation', metrics: [orders.metrics.cpuUtilization(), orders.metrics.memoryUtilization()] },
        ],
      })
      .monitorSqsQueueWithDlq({ queue: mailer.queue, deadLetterQueue: mailer.deadLetterQueue! })
      .monitorStepFunction({ stateMachine: report.stateMachine! })
      .addWidget(new cloudwatch.AlarmStatusWidget({ alarms: [...orders.alarms.all, ...mailer.alarms.all, ...report.alarms.all], width: 24 }));
  }
}

new Shop('Shop');
app.synth();
