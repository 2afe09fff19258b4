import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Duration, Stack, StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ClusterNetwork, EcsMicroservice, EcsQueueWorker, EcsTask, FargateCluster, ServiceRoute, TaskTrigger } from 'cdk-ecs-workloads';

/** A shop that is watched: the alarms that come by themselves, an objective, alarms of its own, and a dashboard made from `metrics` and `alarms`. */
export class MonitoringStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps = {}) {
    super(scope, id, props);
    const onCall = new actions.SnsAction(new sns.Topic(this, 'OnCall'));
    const cluster = new FargateCluster(this, 'Platform', { network: ClusterNetwork.natGateways(1), alarmActions: [onCall] });
    const image = ecs.ContainerImage.fromRegistry('public.ecr.aws/docker/library/python:3.13-slim');

    const orders = new EcsMicroservice(this, 'Orders', { cluster, image, routes: [ServiceRoute.internetFacing({ paths: ['/orders/*'] })] });
    const mailer = new EcsQueueWorker(this, 'Mailer', { cluster, image });
    const report = new EcsTask(this, 'Report', {
      cluster, image, trigger: TaskTrigger.schedule(scheduler.ScheduleExpression.cron({ hour: '3', minute: '0' })),
    });

    orders.alarms.addSlo({ availabilityPercent: 99.9, latency: Duration.millis(300) });

    // alarms of one's own, on what is measured anyway
    orders.metrics.requestCount({ period: Duration.minutes(5) }).createAlarm(this, 'Rush', {
      threshold: 60_000, evaluationPeriods: 2, alarmDescription: 'Twice the requests of a sale. Look first whether it is one.',
    }).addAlarmAction(onCall);

    // one alarm for what customers feel: it wakes a second person, too
    const wake = new actions.SnsAction(new sns.Topic(this, 'SecondLine'));
    new cloudwatch.CompositeAlarm(this, 'Customers', {
      alarmDescription: 'Orders fail, or mails are late. Look first which of the two, and then at its own alarm.',
      alarmRule: cloudwatch.AlarmRule.anyOf(orders.alarms.named('Slo/OutageAlarm'), mailer.alarms.named('OldestMessageAlarm')),
    }).addAlarmAction(wake);

    new cloudwatch.Dashboard(this, 'Dashboard').addWidgets(
      new cloudwatch.AlarmStatusWidget({ alarms: [...orders.alarms.all, ...mailer.alarms.all, ...report.alarms.all], width: 24 }),
      new cloudwatch.GraphWidget({ title: 'Orders', left: [orders.metrics.requestCount(), orders.metrics.serverErrorCount()], width: 8 }),
      new cloudwatch.GraphWidget({ title: 'Mails', left: [mailer.metrics.waitingMessageCount(), mailer.metrics.finishedMessageCount()], width: 8 }),
      new cloudwatch.GraphWidget({ title: 'Report', left: [report.metrics.duration({ statistic: 'Maximum', period: Duration.days(1) })], width: 8 }),
    );
  }
}
