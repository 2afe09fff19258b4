import { setTimeout as pause } from 'timers/promises';
import type { Steps } from './scenario';
import type { Answer } from './steady-requests';

/** The part of the requests that the new version had at a moment, from 0 to 1. */
interface Sample {
  readonly askedAt: number;
  readonly part: number;
}

const PAUSE_MS = 200;

/** Looks again and again at the weights of a live rule: the part of the group that has no requests at the beginning. */
export class Weights {
  /** Fails where the rule has no weights. */
  public static async watch(steps: Steps, rule: string): Promise<Weights> {
    const weights = new Weights(steps, rule);
    weights.group = (await weights.groups()).find(({ Weight }) => Weight === 0)!.TargetGroupArn;
    await weights.look();
    weights.watching = weights.go();
    return weights;
  }

  private readonly samples: Sample[] = [];
  private group = '';
  private watching?: Promise<void>;
  private stopped = false;

  private constructor(private readonly steps: Steps, private readonly rule: string) {
  }

  /** The latest that was seen. */
  public get part(): number {
    return this.samples.at(-1)!.part;
  }

  /** All parts in their order, each change once. */
  public get parts(): number[] {
    return this.samples.map(({ part }) => part).filter((part, index, all) => index === 0 || part !== all[index - 1]);
  }

  public async stop(): Promise<void> {
    await this.look(); // after all that has to be looked at
    this.stopped = true;
    await this.watching;
    await this.look();
  }

  /** How many of the requests may go to the new version: of each the highest part while it was on its way, and between the looks before and after it. */
  public allowed(answers: Answer[]): number {
    return answers.reduce((sum, answer) => sum + this.highestAround(answer), 0);
  }

  private highestAround({ sentAt, endedAt }: Answer): number {
    const before = this.samples.filter(({ askedAt }) => askedAt < sentAt).length - 1;
    const until = this.samples.filter(({ askedAt }) => askedAt <= endedAt).length;
    return Math.max(...this.samples.slice(Math.max(0, before - 1), until + 2).map(({ part }) => part));
  }

  private async go(): Promise<void> {
    while (!this.stopped) {
      await this.look();
      await pause(PAUSE_MS);
    }
  }

  private async look(): Promise<void> {
    const askedAt = Date.now();
    const groups = await this.groups();
    const sum = groups.reduce((all, { Weight }) => all + Weight, 0);
    this.samples.push({ askedAt, part: groups.find(({ TargetGroupArn }) => TargetGroupArn === this.group)!.Weight / sum });
  }

  private async groups(): Promise<{ TargetGroupArn: string; Weight: number }[]> {
    const { Rules: [rule] } = await this.steps.call('elbv2', 'DescribeRules', { RuleArns: [this.rule] });
    return rule.Actions[0].ForwardConfig.TargetGroups;
  }
}
