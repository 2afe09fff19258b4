import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { LAMBDA_PERMISSION_LOGICAL_ID_FOR_LAMBDA_ACTION } from 'aws-cdk-lib/cx-api';
import type { Construct, IConstruct } from 'constructs';
import { fail, show } from '../private/fail';

/** An alarm as a resource. */
export type AlarmResource = cloudwatch.CfnAlarm | cloudwatch.CfnCompositeAlarm;

/** Those that workloads make to tell somebody, not those that start scaling or are a part of others. */
const told = new WeakSet<IConstruct>();

export function tellOf(alarm: AlarmResource): void {
  told.add(alarm);
}

/** The alarms below a workload that tell somebody, in the order in which they were made. */
export function alarmsBelow(workload: IConstruct): cloudwatch.IAlarm[] {
  return toldBelow(workload).map(viewOf);
}

/** The alarm below a workload with a path. */
export function alarmNamed(workload: IConstruct, name: string): cloudwatch.IAlarm {
  const alarms = new Map(toldBelow(workload).map((alarm) => [pathBelow(workload, alarm), alarm]));
  const alarm = alarms.get(name) ?? fail(workload, `'named' must be one of ${[...alarms.keys()].join(', ') || 'none, for there are no alarms'}, got ${show(name)}; `
    + 'docs/operations.md lists which alarm comes with what');
  return viewOf(alarm);
}

export function toldBelow(workload: IConstruct): AlarmResource[] {
  return workload.node.findAll().filter((construct): construct is AlarmResource => told.has(construct));
}

function pathBelow(workload: IConstruct, { node }: IConstruct): string {
  return node.path.slice(workload.node.path.length + 1);
}

/** What actions, dashboards and composite alarms take for an alarm. It is made when it is asked for the first time. */
export function viewOf(alarm: AlarmResource): cloudwatch.IAlarm & Construct {
  const scope = alarm.node.scope as Construct;
  // the Lambda action names its permission after the view's id alone, so that the id must be unique beyond this scope.
  const id = `${alarm.node.id}View${scope.node.addr.slice(-8)}`;
  const existing = scope.node.tryFindChild(id);
  if (existing !== undefined) return existing as unknown as cloudwatch.IAlarm & Construct;
  const view = cloudwatch.Alarm.fromAlarmArn(scope, id, alarm.attrArn) as cloudwatch.IAlarm & Construct;
  // in apps without this flag of the CDK it names all permissions of a function alike, and the second alarm fails.
  view.node.setContext(LAMBDA_PERMISSION_LOGICAL_ID_FOR_LAMBDA_ACTION, true);
  return view;
}
