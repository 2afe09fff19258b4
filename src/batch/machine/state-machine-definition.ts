import type { GraphNode } from '../graph/job-graph';
import { OnJobFailure } from '../on-job-failure';
import { anyOf, type FlowJob, type Following, type Machine, REDRIVES, type States } from './flow-job';
import { JobStates, type Step } from './job-states';
import { FLOW_PATH, JOBS_PATH, Outcomes } from './outcomes';
import { StateNames } from './state-names';

/**
 * Renders a compiled graph in the Amazon States Language.
 *
 * The state that does a job has the job's id as its name. Every state hands its input on, so that each job sees the input of the execution; where later
 * states need to know what has become of a job, that is added under `pipeline`.
 *
 * @see https://states-language.net/spec.html
 */
export function renderStateMachine(root: GraphNode, jobs: FlowJob[], onFailure = OnJobFailure.STOP_OTHERS): Machine {
  return new Renderer(jobs, onFailure === OnJobFailure.FINISH_OTHERS).whole(root);
}

class Renderer {
  private readonly names = new StateNames();
  private readonly jobs: Map<string, FlowJob>;
  private readonly outcomes: Outcomes;

  constructor(jobs: FlowJob[], private readonly finishOthers: boolean) {
    this.jobs = new Map(jobs.map((job) => [job.id, job]));
    this.outcomes = new Outcomes(jobs, finishOthers);
  }

  public whole(root: GraphNode): Machine {
    const steps = this.steps(root);
    if (this.needsNotes()) steps.unshift(this.begin());
    if (this.finishOthers && this.jobs.size > 0) steps.push(this.end(steps[1].entry));
    return chain(steps);
  }

  private steps(node: GraphNode): Step[] {
    return (node.kind === 'series' ? node.children : [node]).flatMap((child) => this.step(child));
  }

  private step(node: GraphNode): Step[] {
    if (node.kind === 'job') return [new JobStates(this.jobs.get(node.id)!, this.outcomes, this.finishOthers, this.names)];
    const entry = this.names.take(parallelName(node.children.map(firstJob)));
    const tracked = node.children.map((branch) => jobsIn(branch).filter((id) => this.outcomes.isTracked(id)));
    const branches = node.children.map((branch, index) => chain(this.steps(branch), tracked[index].length === 0 ? null : JOBS_PATH));
    const parallel = (result: object): Step => ({
      entry, states: (following) => ({ [entry]: { Type: 'Parallel', Branches: branches, ...result, ...following } }),
    });
    return tracked.flat().length === 0 ? [parallel({ ResultPath: null })] : [parallel(this.joined(tracked)), this.merge(entry)];
  }

  /** What has become of the jobs of each branch, which is all that is left of a branch. */
  private joined(tracked: string[][]): object {
    const paths = tracked.flatMap((ids, index) => ids.map((id) => [`${this.outcomes.key(id)}.$`, `$[${index}].${this.outcomes.key(id)}`]));
    return { ResultSelector: Object.fromEntries(paths), ResultPath: `${FLOW_PATH}.joined` };
  }

  private merge(parallel: string): Step {
    return this.noteStep(this.names.take(`After ${parallel}`), {
      'redrives.$': `${FLOW_PATH}.redrives`,
      'jobs.$': `States.JsonMerge(${JOBS_PATH}, ${FLOW_PATH}.joined, false)`,
    });
  }

  private needsNotes(): boolean {
    return this.jobs.size > 0 && (!this.outcomes.isEmpty || [...this.jobs.values()].some((job) => job.condition !== undefined));
  }

  private begin(): Step {
    return this.noteStep(this.names.take('Begin of all'), { 'redrives.$': REDRIVES, 'jobs': {} });
  }

  private noteStep(entry: string, parameters: object): Step {
    return { entry, states: (following) => ({ [entry]: noteState(parameters, following) }) };
  }

  /**
   * Fails the execution if a job is unfinished, in a way that a redrive can take up.
   *
   * A redrive enters a Fail state again, but evaluates the rules of a Choice anew: at first none of them matches, which is an error; redriven, the last one
   * does and leads back to the beginning, where all that is settled is passed over.
   *
   * @see https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
   */
  private end(first: string): Step {
    const [entry, succeeded, again] = ['Is every job finished?', 'All is finished', 'Begin with what is unfinished'].map((name) => this.names.take(name));
    const waitedFor = new Set([...this.jobs.values()].flatMap((job) => job.after));
    const last = [...this.jobs.keys()].filter((id) => !waitedFor.has(id));
    const choice = {
      Type: 'Choice',
      Comment: 'no rule matches where a job has failed, so that the execution fails once the others are done; a redrive goes on with what is unfinished',
      Choices: [
        { Not: anyOf(last.map((id) => this.outcomes.is(id, 'unfinished'))), Next: succeeded },
        { Variable: REDRIVES, NumericGreaterThanPath: `${FLOW_PATH}.redrives`, Next: again },
      ],
    };
    const states: States = {
      [entry]: choice,
      [again]: noteState({ 'redrives.$': REDRIVES, 'jobs.$': JOBS_PATH }, { Next: first }),
      [succeeded]: { Type: 'Succeed' },
    };
    return { entry, states: () => states };
  }
}

/** `outputPath`: what is left at the end of a branch. The outputs of all branches together may have 256 KiB, whatever becomes of them then. */
function chain(steps: Step[], outputPath?: string | null): Machine {
  const end: Following = { End: true, ...(outputPath === undefined ? {} : { OutputPath: outputPath }) };
  const states = steps.map((step, index) => step.states(index + 1 < steps.length ? { Next: steps[index + 1].entry } : end));
  return { StartAt: steps[0]?.entry, States: Object.assign({}, ...states) };
}

function noteState(parameters: object, following: Following): object {
  return { Type: 'Pass', Parameters: parameters, ResultPath: FLOW_PATH, ...following };
}

/**
 * A parallel is named by the first jobs of its first two branches, and says how many more there are.
 *
 * No other parallel can have these two in different branches.
 */
function parallelName([first, second, ...others]: string[]): string {
  return others.length === 0 ? `${first} and ${second}` : `${first}, ${second} and ${others.length} more`;
}

function firstJob(node: GraphNode): string {
  return node.kind === 'job' ? node.id : firstJob(node.children[0]);
}

function jobsIn(node: GraphNode): string[] {
  return node.kind === 'job' ? [node.id] : node.children.flatMap(jobsIn);
}
