import * as fs from 'fs';
import * as path from 'path';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import { App, Duration, Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import {
  ClusterIngress, ClusterNetwork, EcsBatchPipeline, EcsMicroservice, EcsQueueWorker, EcsTask, FargateCluster, ServiceDeployment, ServiceProtocol,
  ServiceRoute, TaskTrigger, WorkerQueue,
} from '../../src';
import { ENV, IMAGE, importedVpc } from '../util/fixtures';

const PAGE = fs.readFileSync(path.join(__dirname, '../../docs/operations.md'), 'utf8');
const USD = { metric: 0.1, composite: 0.5 };
const HTTP = [ServiceRoute.internetFacing({ paths: ['/*'] })];
const INSIDE = ClusterIngress.internalAlb({ allowedSources: [ec2.Peer.ipv4('10.0.0.0/8')] });
const SHIFT = ServiceDeployment.canary({ percent: 10 });

/** The rows of the first table of a section, cell by cell. */
function table(section: string): string[][] {
  const text = PAGE.split(`\n## ${section}\n`)[1].split('\n## ')[0];
  const rows = text.split('\n').filter((line) => line.startsWith('| ')).map((line) => line.slice(2, -2).split(' | '));
  return rows.slice(1);
}

const namesIn = (section: string) => table(section).map(([name]) => name.replace(/`/g, ''));

type Declare = (stack: Stack, cluster: FargateCluster) => IConstruct;

function make(declare: Declare): { workload: IConstruct; alarms: Found[] } {
  const stack = new Stack(new App({ analyticsReporting: false }), 'Shop', { env: ENV });
  const network = ClusterNetwork.existing(importedVpc(stack));
  const cluster = new FargateCluster(stack, 'Platform', { network, ingress: ClusterIngress.publicAlb(), internalIngress: INSIDE });
  const workload = declare(stack, cluster);
  return { workload, alarms: alarmsOf(stack, workload) };
}

interface Found {
  readonly name: string;
  readonly description: string;
  /** None of a composite alarm. */
  readonly metrics: number;
  readonly isComposite: boolean;
}

/** All alarms below a workload but those that start scaling. */
function alarmsOf(stack: Stack, workload: IConstruct): Found[] {
  return workload.node.findAll().flatMap((child) => {
    const isComposite = child instanceof cloudwatch.CfnCompositeAlarm;
    if (!isComposite && !(child instanceof cloudwatch.CfnAlarm)) return [];
    const name = child.node.path.slice(workload.node.path.length + 1);
    const metrics = isComposite ? [] : stack.resolve(child.metrics) as { metricStat?: object }[] | undefined;
    const count = metrics?.filter(({ metricStat }) => metricStat !== undefined).length ?? 1;
    return [{ name, description: child.alarmDescription!, isComposite, metrics: count }];
  });
}

const service = (props: object, slo?: object): Declare => (stack, cluster) => {
  const made = new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE, ...props });
  if (slo !== undefined) made.alarms.addSlo(slo);
  return made;
};
const DAILY = TaskTrigger.schedule(scheduler.ScheduleExpression.cron({ hour: '3', minute: '0' }));

const AVAILABLE = { availabilityPercent: 99.9 };
const FAST = { latency: Duration.millis(300) };

const WORKLOADS: Record<string, Declare> = {
  'A service': service({ routes: HTTP }),
  'The objective of a service': service({ routes: HTTP }, { ...AVAILABLE, ...FAST }),
  'A worker': (stack, cluster) => new EcsQueueWorker(stack, 'Mailer', { cluster, image: IMAGE }),
  'A task': (stack, cluster) => new EcsTask(stack, 'Report', { cluster, image: IMAGE, trigger: DAILY }),
  'A pipeline': (stack, cluster) => {
    const etl = new EcsBatchPipeline(stack, 'Etl', { cluster });
    etl.addJob('Load', { image: IMAGE });
    return etl;
  },
};

describe('docs/operations.md', () => {
  test.each(Object.entries(WORKLOADS))('%s: names each alarm there is, no other, and counts its metrics', (section, declare) => {
    const isObjective = section.includes('objective');
    const alarms = make(declare).alarms.filter(({ name }) => name.startsWith('Slo/') === isObjective);
    const onPage = table(section).map((cells) => [cells[0].replace(/`/g, ''), cells.at(-1)]);
    expect(onPage.sort()).toEqual(alarms.map(({ name, isComposite, metrics }) => [name, isComposite ? 'composite' : String(metrics)]).sort());
  });

  test.each(Object.entries(WORKLOADS))('%s: each description says where, what it means and what to look at first', (_, declare) => {
    const { workload, alarms } = make(declare);
    expect(alarms.length).toBeGreaterThan(0);
    for (const { description } of alarms) {
      expect(description).toMatch(new RegExp(`^${workload.node.path}(/\\w+)?: [A-Z].{20,}\\. Look .*first`));
      expect(description.length).toBeLessThanOrEqual(1024);
    }
  });

  test('the names of what is added begin as it says', () => {
    const both = make(service({ routes: [...HTTP, ServiceRoute.insideVpc({ paths: ['/*'] })] })).alarms;
    const inside = make(service({ routes: [ServiceRoute.insideVpc({ paths: ['/*'] })] })).alarms;
    const network = make(service({ protocol: ServiceProtocol.tcp(), routes: [ServiceRoute.tcp({ port: 5432, allowedSources: [ec2.Peer.ipv4('10.0.0.0/8')] })] })).alarms;
    const added = make((stack, cluster) => {
      const worker = new EcsQueueWorker(stack, 'Mailer', { cluster, image: IMAGE });
      worker.addQueue('Newsletters', WorkerQueue.standard());
      return worker;
    }).alarms;
    const later = make((stack, cluster) => {
      const task = new EcsTask(stack, 'Report', { cluster, image: IMAGE });
      task.addTrigger('Monthly', DAILY);
      return task;
    }).alarms;
    const beside = (alarms: Found[], section: string) => alarms.map(({ name }) => name).filter((name) => !namesIn(section).includes(name));
    expect(beside(both, 'A service')).toEqual(['Internal/UnhealthyHostsAlarm', 'Internal/ServerErrorsAlarm', 'Internal/LatencyAlarm']);
    expect(beside(inside, 'A service')).toEqual(beside(both, 'A service'));
    expect(beside(network, 'A service')).toEqual(['InternalPort5432/UnhealthyHostsAlarm']);
    expect(beside(added, 'A worker')).toEqual(['Newsletters/OldestMessageAlarm', 'Newsletters/DeadLetterAlarm', 'Newsletters/ConsumerAlarm']);
    expect(beside(later, 'A task')).toEqual(['Monthly/StartAlarm', 'Monthly/MissingAlarm']);
  });

  test.each([
    ['service without a route', service({}), ''],
    ['service with a route', service({ routes: HTTP }), ''],
    ['service with a route, deployments that shift requests', service({ routes: HTTP, deployment: SHIFT }), ''],
    ['objective of availability', service({ routes: HTTP }, AVAILABLE), 'Slo/'],
    ['objective of latency', service({ routes: HTTP }, FAST), 'Slo/'],
    ['both objectives', service({ routes: HTTP }, { ...AVAILABLE, ...FAST }), 'Slo/'],
    ['both objectives, deployments that shift requests', service({ routes: HTTP, deployment: SHIFT }, { ...AVAILABLE, ...FAST }), 'Slo/'],
    ['worker', WORKLOADS['A worker'], ''],
    ['task on a schedule of each day', WORKLOADS['A task'], ''],
    ['pipeline', WORKLOADS['A pipeline'], ''],
  ])('counts what costs: %s', (title, declare, part) => {
    const alarms = make(declare).alarms.filter(({ name }) => name.startsWith(part));
    const metrics = alarms.reduce((sum, alarm) => sum + alarm.metrics, 0);
    const usd = metrics * USD.metric + alarms.filter(({ isComposite }) => isComposite).length * USD.composite;
    expect(table('What it costs').find(([name]) => name === title)).toEqual([title, String(alarms.length), String(metrics), usd.toFixed(2)]);
  });
});
