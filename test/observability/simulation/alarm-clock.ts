/* eslint-disable @typescript-eslint/no-explicit-any */
import type { Template } from 'aws-cdk-lib/assertions';
import type { Traffic } from './traffic';
import { evaluate } from '../../worker/simulation/metric-math';

interface AlarmMetric {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: { Stat: string; Period: number; Metric: { MetricName: string; Dimensions: any[] } };
}

/** A metric alarm, as the template has it. */
interface MetricAlarm {
  readonly id: string;
  readonly metrics: AlarmMetric[];
  readonly threshold: number;
  readonly periods: number;
  readonly of: number;
}

/**
 * Alarms of a template, as CloudWatch evaluates them: M of the last N periods above the threshold, no data is not above it, periods end now.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html
 */
export class AlarmClock {
  private readonly alarms: MetricAlarm[];
  private readonly rules: Record<string, string>;

  /** `trafficOf` tells what a target group gets, by its logical id. */
  constructor(template: Template, private readonly trafficOf: (targetGroup: string) => Traffic) {
    const known = parsed.get(template) ?? parse(template);
    parsed.set(template, known);
    this.alarms = known.alarms;
    this.rules = known.rules;
  }

  /** The names of the metric alarms that are on at a minute. */
  public parts(minute: number): string[] {
    return this.alarms.filter((alarm) => this.isOn(alarm, minute)).map(({ id }) => nameOf(id));
  }

  /** Whether a composite alarm is on at a minute. */
  public rings(name: string, minute: number): boolean {
    return holds(this.rules[name], this.alarms.filter((alarm) => this.isOn(alarm, minute)).map(({ id }) => id));
  }

  /** The minutes at which a composite alarm goes on and off, looked at each five minutes. */
  public changes(name: string, from: number, to: number): { on: number[]; off: number[] } {
    const changes: { on: number[]; off: number[] } = { on: [], off: [] };
    let before = false;
    for (let minute = from; minute <= to; minute += 5) {
      const now = this.rings(name, minute);
      if (now !== before) changes[now ? 'on' : 'off'].push(minute);
      before = now;
    }
    return changes;
  }

  private isOn({ metrics, threshold, periods, of }: MetricAlarm, minute: number): boolean {
    const period = metrics.find(({ MetricStat }) => MetricStat !== undefined)!.MetricStat!.Period / 60;
    const values = Array.from({ length: of }, (_, index) => this.value(metrics, minute - (index + 1) * period, minute - index * period));
    return values.filter((value) => value !== undefined && value > threshold).length >= periods;
  }

  private value(metrics: AlarmMetric[], from: number, to: number): number | undefined {
    const expression = metrics.find((metric) => metric.Expression !== undefined)!.Expression!;
    const values = metrics.flatMap(({ Id, MetricStat }) => {
      if (MetricStat === undefined) return [];
      const group = MetricStat.Metric.Dimensions.find(({ Name }) => Name === 'TargetGroup').Value['Fn::GetAtt'][0];
      return [[Id, this.trafficOf(group).metric(MetricStat.Metric.MetricName, MetricStat.Stat, from, to)] as const];
    });
    return evaluate(expression, Object.fromEntries(values));
  }
}

interface Parsed {
  readonly alarms: MetricAlarm[];
  readonly rules: Record<string, string>;
}

/** A template is read once: that takes longer than all the rest. */
const parsed = new WeakMap<Template, Parsed>();

function parse(template: Template): Parsed {
  const alarms = Object.entries(template.findResources('AWS::CloudWatch::Alarm')).map(([id, { Properties: alarm }]) => {
    if (alarm.TreatMissingData !== 'notBreaching' || alarm.ComparisonOperator !== 'GreaterThanThreshold') throw new Error(`${id} is not modelled`);
    return { id, metrics: alarm.Metrics, threshold: alarm.Threshold, periods: alarm.DatapointsToAlarm, of: alarm.EvaluationPeriods };
  });
  const rules = Object.entries(template.findResources('AWS::CloudWatch::CompositeAlarm')).map(([id, { Properties }]) => (
    [nameOf(id), Properties.AlarmRule['Fn::Join'][1].map((part: any) => part.Ref ?? part).join('')]
  ));
  return { alarms, rules: Object.fromEntries(rules) };
}

const nameOf = (id: string) => /Slo(\w+Alarm)/.exec(id)![1];

/** Works out a rule: brackets first, then AND, then OR. */
function holds(rule: string, on: string[]): boolean {
  let text = rule.replace(/ALARM\("(\w+)"\)/g, (_, id) => on.includes(id) ? 'T' : 'F');
  const flat = (part: string) => part.split(' OR ').some((all) => all.split(' AND ').every((one) => one === 'T')) ? 'T' : 'F';
  while (text.includes('(')) text = text.replace(/\(([^()]*)\)/g, (_, part) => flat(part));
  if (/[^TFANDOR ]/.test(text)) throw new Error(`cannot work out ${rule}: ${text}`);
  return flat(text) === 'T';
}
