import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Lazy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { Panel, renderBoard, TextPanel } from './board';
import type { IWatchedWorkload } from './iwatched-workload';
import { errorsQuery, withSource } from './query-texts';
import { toldBelow } from './told-alarms';
import { Watched, watched } from './watched';
import { checkPattern } from '../private/check';
import { fail } from '../private/fail';

/** Properties of `WorkloadDashboard`. */
export interface WorkloadDashboardProps {
  /** What it shows, in this order: one workload, or all of a team. */
  readonly workloads: IWatchedWorkload[];

  /**
   * The name of the dashboard, 1 to 255 letters, digits, `-` and `_`, unique in the account: dashboards belong to no Region.
   *
   * A change replaces the dashboard.
   *
   * @default - a name that CloudFormation makes
   */
  readonly dashboardName?: string;

  /**
   * Whether the latest lines of the logs are shown that tell of an error.
   *
   * CloudWatch charges each look at the dashboard for the logs of the shown time that it goes through, about 0.005 USD a GB. Set it to `false` for workloads
   * that write gigabytes an hour.
   *
   * @default true
   */
  readonly errorLines?: boolean;
}

/** Shows the latest errors beside graphs, not instead of them. */
const ERROR_LINES = 20;

/**
 * A CloudWatch dashboard of workloads, from top to bottom: is it up, is it slow, is it full, what changed.
 *
 * At the top stand the alarms of the workloads, those that are on first; at the bottom the latest lines of their logs that tell of an error. It shows what
 * each kind has: tasks, requests, latency, queues, runs. Creates one dashboard, charged with 3 USD a month beyond the first three of an account: several
 * workloads in one cost less than one each. In production a cluster has a dashboard of all its services already, without the alarms and logs.
 *
 * @example
 * declare const orders: EcsMicroservice;
 * declare const mailer: EcsQueueWorker;
 * new WorkloadDashboard(this, 'Dashboard', { workloads: [orders, mailer] });
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Dashboards.html
 */
export class WorkloadDashboard extends Construct {
  /** The name of the dashboard, by which the console shows it. */
  public readonly dashboardName: string;

  private readonly workloads: IWatchedWorkload[];

  constructor(scope: Construct, id: string, private readonly props: WorkloadDashboardProps) {
    super(scope, id);
    this.validate(props);
    this.workloads = [...props.workloads];
    this.dashboardName = new cloudwatch.CfnDashboard(this, 'Resource', {
      dashboardName: props.dashboardName,
      // when all alarms, queues and jobs are there
      dashboardBody: Lazy.string({ produce: () => Stack.of(this).toJsonString(this.render()) }),
    }).ref;
  }

  private validate({ workloads, dashboardName }: WorkloadDashboardProps): void {
    checkPattern(this, 'dashboardName', dashboardName, /^[A-Za-z0-9_-]{1,255}$/, "1 to 255 letters, digits, '-' and '_'", 'choose another name or omit it');
    if (workloads.length === 0) fail(this, "'workloads' must have at least one, got none; name the workloads to show, or remove the dashboard");
    workloads.forEach((workload) => watched(this, workload));
  }

  private render(): object {
    return renderBoard(Stack.of(this).region, this.heading(), [
      { up: this.alarms(), slow: [], full: [], changed: [] },
      ...this.workloads.map((workload) => watched(this, workload).answers(this.labelOf(workload))),
      { up: [], slow: [], full: [], changed: this.errors() },
    ]);
  }

  /** Which workload it is stands in each title, where there are several. */
  private labelOf(workload: IWatchedWorkload): (title: string) => string {
    return this.workloads.length === 1 ? (title) => title : (title) => `${workload.node.id}: ${title}`;
  }

  private heading(): TextPanel {
    const lines = this.workloads.map((workload) => headingOf(workload, watched(this, workload), Stack.of(this).region));
    return { markdown: lines.join('\n\n'), height: 1 + lines.length };
  }

  /** Those of the workload that tell somebody, and those that a user has put below it; not those that start scaling. */
  private alarms(): Panel[] {
    const own = this.workloads.flatMap((workload) => workload.node.findAll())
      .filter((child) => child instanceof cloudwatch.Alarm || child instanceof cloudwatch.CompositeAlarm)
      .map((alarm) => alarm.alarmArn);
    const alarms = [...this.workloads.flatMap(toldBelow).map((alarm) => alarm.attrArn), ...own];
    return alarms.length === 0 ? [] : [{ title: 'Alarms', alarms }];
  }

  private errors(): Panel[] {
    if (this.props.errorLines === false) return [];
    const groups = [...new Set(this.workloads.map(({ logGroup }) => logGroup.logGroupName))];
    return [{ title: 'Latest lines that tell of an error', query: withSource(groups, errorsQuery(ERROR_LINES)) }];
  }
}

/** What it is, where to look further, and which version was deployed with the dashboard. */
function headingOf({ node }: IWatchedWorkload, { kind, logGroup, pages, version }: Watched, region: string): string {
  const console = `https://${region}.console.aws.amazon.com`;
  const links = { ...pages, log: `cloudwatch/home?region=${region}#logsV2:log-groups/log-group/${logGroup.logGroupName}` };
  return [
    `**${node.id}**, a ${kind}`,
    ...Object.entries(links).map(([text, path]) => `[${text}](${console}/${path})`),
    ...version === undefined ? [] : [`runs \`${version}\``],
  ].join(' · ');
}
