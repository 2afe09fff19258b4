import { AutoScaling, Minute, ScaleIn } from './auto-scaling';
import type { Deployed } from './template';

/** One message, and what became of it. */
export interface Message {
  readonly id: number;
  readonly sent: number;
  /** Seconds of work. */
  readonly work: number;
  /** Whether work on it always fails. */
  readonly poison: boolean;
  deliveries: number;
  hiddenUntil: number;
  finished?: number;
  dead?: number;
}

interface Task {
  readonly ready: number;
  message?: Message;
  busyUntil: number;
  /** When it got SIGTERM. */
  stopping?: number;
}

/** What was seen in one minute. */
export interface Sample {
  readonly time: number;
  readonly backlog: number;
  readonly desired: number;
  readonly running: number;
}

/** A load and how the application behaves. */
export interface Scenario {
  /** When messages are sent, in seconds, with their work. */
  readonly messages: { at: number; work: number; poison?: boolean }[];
  readonly seconds: number;
  readonly scaleIn?: ScaleIn;
  /** Whether busy tasks protect themselves and renew the visibility of their message. */
  readonly protects?: boolean;
  readonly startSeconds?: number;
  /** Minutes in which SQS sends no metrics, as [from, to). */
  readonly silent?: [number, number];
}

/** What came out. */
export interface Outcome {
  readonly messages: Message[];
  readonly samples: Sample[];
  /** Messages whose task was killed while it worked on them. */
  readonly killed: number;
  /** Work that began on a message that somebody else was still working on. */
  readonly doubled: number;
}

/** Metrics are there a minute after the minute that they tell of. */
const METRIC_DELAY = 60;

/**
 * A queue, the tasks of an ECS service and their scaling, second by second.
 *
 * A task works on one message at a time. ECS stops protected tasks last, which is never while they are protected; a stopped one finishes its message unless
 * its stop time-out ends first.
 */
export function simulate(deployed: Deployed, scenario: Scenario): Outcome {
  return new System(deployed, scenario).run();
}

class System {
  private readonly scaling: AutoScaling;
  private readonly messages: Message[];
  private tasks: Task[] = [];
  private desired: number;
  private readonly samples: Sample[] = [];
  private readonly pending: { at: number; minute: Minute }[] = [];
  private killed = 0;
  private doubled = 0;

  constructor(private readonly deployed: Deployed, private readonly scenario: Scenario) {
    this.scaling = new AutoScaling(deployed, scenario.scaleIn ?? ScaleIn.PROPORTIONAL);
    this.desired = deployed.min;
    this.messages = scenario.messages.map(({ at, work, poison = false }, id) => ({ id, sent: at, work, poison, deliveries: 0, hiddenUntil: 0 }));
  }

  public run(): Outcome {
    for (let time = 0; time < this.scenario.seconds; time++) {
      this.work(time);
      this.stop(time);
      this.deliver(time);
      if (time % 60 === 0) this.measure(time);
      this.place(time);
    }
    return { messages: this.messages, samples: this.samples, killed: this.killed, doubled: this.doubled };
  }

  private open(time: number): Message[] {
    return this.messages.filter((message) => message.sent <= time && message.finished === undefined && message.dead === undefined);
  }

  private work(time: number): void {
    for (const task of this.tasks) {
      const { message } = task;
      if (message === undefined) continue;
      if (this.scenario.protects) message.hiddenUntil = Math.max(message.hiddenUntil, time + 240);
      if (time < task.busyUntil) continue;
      if (!message.poison) message.finished = time;
      task.message = undefined;
    }
  }

  private stop(time: number): void {
    this.tasks = this.tasks.filter((task) => {
      if (task.stopping === undefined) return true;
      if (task.message === undefined) return false;
      if (time - task.stopping < this.deployed.stopTimeout) return true;
      this.killed++;
      return false;
    });
  }

  private deliver(time: number): void {
    const idle = this.tasks.filter((task) => task.ready <= time && task.message === undefined && task.stopping === undefined);
    if (idle.length === 0) return;
    const waiting = this.open(time).filter((message) => message.hiddenUntil <= time);
    for (const message of waiting) {
      if (message.deliveries >= this.deployed.deliveries) {
        message.dead = time;
        continue;
      }
      const task = idle.shift();
      if (task === undefined) return;
      if (this.tasks.some((other) => other.message === message)) this.doubled++;
      message.deliveries++;
      message.hiddenUntil = time + this.deployed.visibility;
      task.message = message;
      task.busyUntil = time + message.work;
    }
  }

  private measure(time: number): void {
    const open = this.open(time);
    const visible = open.filter((message) => message.hiddenUntil <= time).length;
    const running = this.tasks.filter((task) => task.ready <= time).length;
    const [from, to] = this.scenario.silent ?? [Infinity, Infinity];
    const silent = time / 60 >= from && time / 60 < to;
    this.samples.push({ time, backlog: open.length, desired: this.desired, running });
    this.pending.push({
      at: time + METRIC_DELAY,
      minute: {
        'AWS/SQS/ApproximateNumberOfMessagesVisible/Maximum': silent ? undefined : visible,
        'AWS/SQS/ApproximateNumberOfMessagesNotVisible/Maximum': silent ? undefined : open.length - visible,
        'ECS/ContainerInsights/DesiredTaskCount/Average': this.desired,
        'ECS/ContainerInsights/RunningTaskCount/Average': running,
        'AWS/ECS/CPUUtilization/SampleCount': running === 0 ? undefined : running,
      },
    });
    while (this.pending[0]?.at <= time) this.desired = this.scaling.next(time, this.pending.shift()!.minute, this.desired);
  }

  private place(time: number): void {
    const alive = this.tasks.filter((task) => task.stopping === undefined);
    for (let count = alive.length; count < this.desired; count++) this.tasks.push({ ready: time + (this.scenario.startSeconds ?? 45), busyUntil: 0 });
    const surplus = alive.length - this.desired;
    if (surplus <= 0) return;
    const stoppable = alive.filter((task) => !(this.scenario.protects && task.message !== undefined));
    // ECS does not know who is busy: the worst case is that it stops those that are.
    stoppable.sort((one, other) => Number(other.message !== undefined) - Number(one.message !== undefined));
    stoppable.slice(0, surplus).forEach((task) => { task.stopping = time; });
  }
}
