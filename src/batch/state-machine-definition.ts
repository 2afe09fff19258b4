import type { GraphNode } from './graph/job-graph';

/** States of the Amazon States Language, by name. */
export type States = Record<string, object>;

/** A part of a state machine that can run by itself. */
interface Machine {
  readonly StartAt?: string;
  readonly States: States;
}

/** AWS refuses longer names. */
const LONGEST_NAME = 80;

/**
 * Renders a compiled graph in the Amazon States Language.
 *
 * `tasks` has the task state of each job by its id, which is also the state's name. Every state hands its input on, so that each job sees the input of
 * the execution.
 *
 * @see https://states-language.net/spec.html
 */
export function renderStateMachine(root: GraphNode, tasks: States): Machine {
  return new Renderer(tasks).machine(root.kind === 'series' ? root.children : [root]);
}

class Renderer {
  private parallels = 0;

  constructor(private readonly tasks: States) {
  }

  public machine(steps: GraphNode[]): Machine {
    const named = steps.map((step) => ({ step, name: this.name(step) }));
    const states = named.map(({ step, name }, index): [string, object] => {
      const next = index + 1 < named.length ? { Next: named[index + 1].name } : { End: true };
      return [name, { ...this.state(step), ...next }];
    });
    return { StartAt: named[0]?.name, States: Object.fromEntries(states) };
  }

  private state(step: GraphNode): object {
    if (step.kind === 'job') return this.tasks[step.id];
    const branches = step.children.map((branch) => this.machine(branch.kind === 'series' ? branch.children : [branch]));
    return { Type: 'Parallel', Branches: branches, ResultPath: null };
  }

  /**
   * A parallel is named by the first jobs of its first two branches, and says how many more there are.
   *
   * No other parallel can have these two in different branches; blanks keep it apart from the jobs' names. Only what is cut off needs a number.
   */
  private name(step: GraphNode): string {
    if (step.kind === 'job') return step.id;
    this.parallels++;
    const [first, second, ...others] = step.children.map(firstJob);
    const name = others.length === 0 ? `${first} and ${second}` : `${first}, ${second} and ${others.length} more`;
    if (name.length <= LONGEST_NAME) return name;
    const suffix = ` ... (${this.parallels})`;
    return name.slice(0, LONGEST_NAME - suffix.length) + suffix;
  }
}

function firstJob(node: GraphNode): string {
  return node.kind === 'job' ? node.id : firstJob(node.children[0]);
}
