import { Template } from 'aws-cdk-lib/assertions';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import { App, Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import {
  ClusterProfile, EcsBatchPipeline, EcsMicroservice, EcsMicroserviceProps, EcsQueueWorker, EcsTask, IWatchedWorkload, RunOverlap, ServiceDeployment,
  ServiceRoute, ServiceScaling, TaskTrigger, WorkerQueue, WorkerScaling, WorkloadDashboard, WorkloadDashboardProps,
} from '../../src';
import { dashboardBodies } from '../util/dashboard-bodies';
import { dashboardProblems } from '../util/dashboard-schema';
import { createCluster, createStack, ENV, IMAGE } from '../util/fixtures';

type Make = (stack: Stack) => IWatchedWorkload[];

/** One workload of each kind, and all that a dashboard can show of it. */
const WORKLOADS: Record<string, Make> = {
  'a service without a route': (stack) => [service(stack)],
  'a service with two routes': (stack) => [service(stack, {
    routes: [ServiceRoute.internetFacing({ paths: ['/orders'] }), ServiceRoute.insideVpc({ paths: ['/orders'] })],
    scaling: ServiceScaling.between(2, 7),
  })],
  'a service whose deployments shift requests': (stack) => [service(stack, {
    routes: [ServiceRoute.internetFacing({ paths: ['/orders'] })], deployment: ServiceDeployment.blueGreen(),
  })],
  'a worker with two queues': (stack) => {
    const worker = new EcsQueueWorker(stack, 'Mailer', { cluster: createCluster(stack), image: IMAGE });
    worker.addQueue('Newsletters', WorkerQueue.standard());
    return [worker];
  },
  'a task': (stack) => [new EcsTask(stack, 'Report', {
    cluster: createCluster(stack),
    image: IMAGE,
    overlap: RunOverlap.skip(),
    trigger: TaskTrigger.schedule(scheduler.ScheduleExpression.rate(Duration.hours(1))),
  })],
  'a pipeline': (stack) => {
    const pipeline = new EcsBatchPipeline(stack, 'Etl', { cluster: createCluster(stack) });
    pipeline.addJob('Extract', { image: IMAGE });
    return [pipeline];
  },
  'all kinds in one': (stack) => {
    const cluster = createCluster(stack, { profile: ClusterProfile.DEVELOPMENT });
    const pipeline = new EcsBatchPipeline(stack, 'Etl', { cluster });
    pipeline.addJob('Extract', { image: IMAGE });
    return [
      new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE }),
      new EcsQueueWorker(stack, 'Mailer', { cluster, image: IMAGE }),
      new EcsTask(stack, 'Report', { cluster, image: IMAGE }),
      pipeline,
    ];
  },
};

function service(stack: Stack, props: Partial<EcsMicroserviceProps> = {}): EcsMicroservice {
  return new EcsMicroservice(stack, 'Orders', { cluster: createCluster(stack), image: IMAGE, ...props });
}

/** The widgets of the dashboard alone, not of that of the cluster. */
function widgetsOf(make: Make, props: Partial<WorkloadDashboardProps> = {}): any[] {
  const stack = createStack();
  new WorkloadDashboard(stack, 'Board', { workloads: make(stack), ...props });
  return dashboardBodies(Template.fromStack(stack), /^Board/)[0].widgets;
}

const titlesOf = (widgets: any[]) => widgets.map(({ properties }) => properties.title ?? properties.markdown.split(' · ')[0]);

describe('WorkloadDashboard', () => {
  test.each(Object.keys(WORKLOADS))('has a body as CloudWatch documents it: %s', (name) => {
    const stack = createStack();
    new WorkloadDashboard(stack, 'Board', { workloads: WORKLOADS[name](stack) });
    const bodies = dashboardBodies(Template.fromStack(stack));
    expect(bodies.map(dashboardProblems)).toEqual(bodies.map(() => []));
  });

  test('answers from top to bottom for a service: is it up, is it slow, is it full, what changed', () => {
    const routes = [ServiceRoute.internetFacing({ paths: ['/orders'] })];
    expect(titlesOf(widgetsOf((stack) => [service(stack, { routes })]))).toEqual([
      '**Orders**, a service',
      '## Is it up?', 'Alarms', 'Tasks', 'Tasks behind the load balancer',
      '## Is it slow, does it fail?', 'Requests a minute', 'Requests that fail (percent)', 'Latency (seconds)',
      '## Is it full?', 'CPU (percent)', 'Memory (percent)',
      '## What changed?', 'Deployments (more than one: in progress)', 'Latest lines that tell of an error',
    ]);
  });

  test('names the workload in each title where there are several', () => {
    const titles = titlesOf(widgetsOf(WORKLOADS['all kinds in one'])).filter((title) => !/^(##|\*\*|Alarms|Latest)/.test(title));
    expect(titles.every((title) => /^(Orders|Mailer|Report|Etl): /.test(title))).toBe(true);
    expect(titles).toEqual(expect.arrayContaining(['Orders: Tasks', 'Mailer: Messages', 'Mailer: Messages given up', 'Etl: Runs']));
  });

  test('compares lines with what the workload has set: the most tasks, half of maxRequestTime, the age that messages may get', () => {
    const levelsOf = (widgets: any[]) => widgets.flatMap(({ properties }) => properties.annotations?.horizontal ?? [])
      .map(({ label, value }: any) => [label, value]);
    const routes = [ServiceRoute.internetFacing({ paths: ['/orders'] })];
    const props = { routes, scaling: ServiceScaling.between(2, 7), maxRequestTime: Duration.seconds(20) };
    const shown = levelsOf(widgetsOf((stack) => [service(stack, props)]));
    expect(shown).toEqual([
      ['most that scaling allows', 7], ["half of 'maxRequestTime'", 10], ['all that a task has', 100], ['all that a task has', 100],
    ]);
    expect(levelsOf(widgetsOf((stack) => [
      new EcsQueueWorker(stack, 'Mailer', { cluster: createCluster(stack), image: IMAGE, queue: WorkerQueue.standard({ maxAge: Duration.minutes(7) }) }),
    ]))).toContainEqual(['as old as one may get', 420]);
  });

  test('shows the alarms of the workload that tell somebody, also those that come later, and none that start scaling', () => {
    const stack = createStack();
    const worker = new EcsQueueWorker(stack, 'Mailer', { cluster: createCluster(stack), image: IMAGE, scaling: WorkerScaling.between(0, 4) });
    new WorkloadDashboard(stack, 'Board', { workloads: [worker] });
    worker.addQueue('Newsletters', WorkerQueue.standard());
    const template = Template.fromStack(stack);
    const all = Object.keys(template.findResources('AWS::CloudWatch::Alarm')).filter((id) => id.startsWith('Mailer'));
    const alarms = all.filter((id) => !/Scal|Wake|Sleep|Start|Backlog|Empty|Idle/.test(id));
    expect(alarms.length).toBeLessThan(all.length);
    const [body] = dashboardBodies(template, /^Board/);
    expect(alarms.length).toBeGreaterThan(6);
    expect(body.widgets.find(({ type }: any) => type === 'alarm').properties.alarms.sort()).toEqual(alarms.map((id) => `<${id}.Arn>`).sort());
  });

  test('shows of an objective the two alarms that tell, not their parts', () => {
    const widgets = widgetsOf((stack) => {
      const orders = service(stack, { routes: [ServiceRoute.internetFacing({ paths: ['/orders'] })] });
      orders.alarms.addSlo({ availabilityPercent: 99.9 });
      return [orders];
    });
    const { properties: { alarms } } = widgets.find(({ type }) => type === 'alarm');
    expect(alarms.filter((name: string) => name.includes('Slo')).map((name: string) => name.replace(/[0-9A-F]{8}\.Arn/, ''))).toEqual([
      '<OrdersSloOutageAlarm>', '<OrdersSloLeakAlarm>',
    ]);
  });

  test('pages alarms by a hundred, which is what one widget shows', () => {
    const stack = createStack();
    const worker = new EcsQueueWorker(stack, 'Mailer', { cluster: createCluster(stack), image: IMAGE });
    const further = new Construct(worker, 'Further');
    for (let index = 0; index < 120; index++) {
      worker.queue.metricApproximateNumberOfMessagesVisible().createAlarm(further, `Alarm${index}`, { threshold: index, evaluationPeriods: 1 });
    }
    new WorkloadDashboard(stack, 'Board', { workloads: [worker] });
    const [body] = dashboardBodies(Template.fromStack(stack), /^Board/);
    expect(dashboardProblems(body)).toEqual([]);
    expect(body.widgets.filter(({ type }: any) => type === 'alarm').map(({ properties }: any) => properties.alarms.length)).toEqual([100, expect.any(Number)]);
  });

  test('reads the logs of all its workloads, or none', () => {
    const logs = (widgets: any[]) => widgets.filter(({ type }) => type === 'log').map(({ properties }) => properties.query);
    expect(logs(widgetsOf(WORKLOADS['all kinds in one']))).toEqual([expect.stringMatching(
      /^SOURCE '<Orders.*>' \| SOURCE '<Mailer.*>' \| SOURCE '<Report.*>' \| SOURCE '<Etl.*>' \| fields @timestamp/)]);
    expect(logs(widgetsOf(WORKLOADS['all kinds in one'], { errorLines: false }))).toEqual([]);
  });

  test('counts tasks by their samples where Container Insights does not', () => {
    const widgets = widgetsOf((stack) => [
      new EcsMicroservice(stack, 'Orders', { cluster: createCluster(stack, { profile: ClusterProfile.DEVELOPMENT }), image: IMAGE }),
    ]);
    const [tasks] = widgets.filter(({ properties }) => properties.title === 'Tasks');
    expect(tasks.properties.metrics.map((metric: any[]) => [metric[0], metric[1], metric.at(-1).stat])).toEqual([['AWS/ECS', 'CPUUtilization', 'SampleCount']]);
    expect(JSON.stringify(widgets)).not.toContain('ContainerInsights');
  });

  test('says which revision runs, and links to the console', () => {
    const [heading] = widgetsOf((stack) => [service(stack)]);
    expect(heading.properties.markdown).toMatch(/^\*\*Orders\*\*, a service · \[health\]\(https:\/\/us-east-1\.console\.aws\.amazon\.com\/ecs\/v2\/clusters\//);
    expect(heading.properties.markdown).toMatch(/runs `<OrdersTaskDefinition[0-9A-F]+>`$/);
  });

  test('may stand in another stack of the app', () => {
    const app = new App();
    const stack = new Stack(app, 'Shop', { env: ENV });
    const board = new Stack(app, 'Boards', { env: ENV });
    new WorkloadDashboard(board, 'Board', { workloads: [service(stack)], dashboardName: 'shop' });
    Template.fromStack(board).hasResourceProperties('AWS::CloudWatch::Dashboard', { DashboardName: 'shop' });
    expect(dashboardBodies(Template.fromStack(board)).map(dashboardProblems)).toEqual([[]]);
  });

  test('fails when there is no workload, or one of another app', () => {
    const stack = createStack();
    expect(() => new WorkloadDashboard(stack, 'None', { workloads: [] })).toThrow(
      new Error("'workloads' must have at least one, got none; name the workloads to show, or remove the dashboard (at Stack/None)"));
    const imported = EcsMicroservice.fromAttributes(stack, 'Users', {
      cluster: createCluster(stack), serviceName: 'Users', discoveryName: 'users', securityGroupId: 'sg-1',
    });
    expect(() => new WorkloadDashboard(stack, 'Foreign', { workloads: [imported as unknown as IWatchedWorkload] })).toThrow(new Error(
      "'workloads' must be services, workers, tasks and pipelines of this app, got \"Stack/Users\"; take it out (at Stack/Foreign)"));
  });

  test.each(['', 'my board', 'a'.repeat(256)])('fails when the name is "%s"', (dashboardName) => {
    const stack = createStack();
    expect(() => new WorkloadDashboard(stack, 'Board', { workloads: [service(stack)], dashboardName })).toThrow(new Error(
      `'dashboardName' must be 1 to 255 letters, digits, '-' and '_', got "${dashboardName}"; choose another name or omit it (at Stack/Board)`));
  });
});
