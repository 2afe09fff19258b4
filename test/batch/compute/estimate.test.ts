import { CfnParameter, Duration, Size } from 'aws-cdk-lib/core';
import { FanOut, JobCompute, JobOptions, JobSpot, RunOverlap } from '../../../src';
import { createStack, IMAGE } from '../../util/fixtures';
import { createPipeline, definitionOf } from '../fixtures';

const DAY = 86_400;
const WAIT = 7 * DAY;
const timeout = Duration.hours(1);
const fargate = JobCompute.size({ vcpus: 2, memory: Size.gibibytes(4) });
const spot = JobSpot.thenOnDemand({ attempts: 4 });

describe('EcsBatchPipeline.estimate', () => {
  test.each<[string, Partial<JobOptions>, number, number]>([
    ['a job', { compute: fargate }, 2, 0],
    ['what is tried three times', { compute: fargate, attempts: 3 }, 6, 0],
    ['an array', { compute: fargate, fanOut: FanOut.array(10) }, 20, 0],
    ['instances, whose hosts may be lost twice', { compute: JobCompute.ec2({ vcpus: 2, memory: Size.gibibytes(4) }) }, 6, 0],
    ['GPUs', { compute: JobCompute.gpu({ gpus: 4, vcpus: 40, memory: Size.gibibytes(100) }) }, 120, 12],
    ['Spot and on demand', { compute: JobCompute.size({ vcpus: 2, memory: Size.gibibytes(4), spot }) }, 10, 0],
    ['Spot only', { compute: JobCompute.size({ vcpus: 2, memory: Size.gibibytes(4), spot: JobSpot.only() }) }, 10, 0],
  ])('counts %s', (_, options, vcpuHours, gpuHours) => {
    const { pipeline } = createPipeline();
    pipeline.addJob('Job', { image: IMAGE, timeout, ...options });
    expect(pipeline.estimate()).toEqual({ vcpuHours, gpuHours, uncountedJobs: [] });
  });

  test('adds all jobs, and names those that cannot be counted', () => {
    const stack = createStack();
    const { pipeline } = createPipeline({}, stack);
    const seconds = new CfnParameter(stack, 'Seconds', { type: 'Number' }).valueAsNumber;
    const list = pipeline.addJob('List', { image: IMAGE, timeout, compute: fargate, outputs: ['parts'] });
    pipeline.addJob('Other', { image: IMAGE, timeout: Duration.minutes(30), compute: fargate });
    pipeline.addJob('Items', { image: IMAGE, timeout, fanOut: FanOut.outputObjects(list.output('parts')) });
    pipeline.addJob('Late', { image: IMAGE, timeout: Duration.seconds(seconds) });
    expect(pipeline.estimate()).toEqual({ vcpuHours: 3, gpuHours: 0, uncountedJobs: ['Items', 'Late'] });
  });

  test('stays below a ceiling that holds it', () => {
    const { pipeline, template } = createPipeline({ ceiling: { vcpuHours: 2, gpuHours: 0 } });
    pipeline.addJob('Job', { image: IMAGE, timeout, compute: fargate });
    expect(template).not.toThrow();
  });

  test('fails when an execution may use more than the ceiling', () => {
    const { pipeline, template } = createPipeline({ ceiling: { vcpuHours: 100, gpuHours: 11.5 } });
    pipeline.addJob('Job', { image: IMAGE, timeout, compute: JobCompute.gpu({ gpus: 4, vcpus: 40, memory: Size.gibibytes(100) }) });
    const remedy = "raise it, or give jobs a shorter 'timeout', fewer 'attempts' or fewer items (at Stack/Etl)";
    expect(template).toThrow(`'ceiling.vcpuHours' must hold what an execution uses at worst, which is 120, got 100; ${remedy}`);
    expect(template).toThrow(`'ceiling.gpuHours' must hold what an execution uses at worst, which is 12, got 11.5; ${remedy}`);
  });

  test('fails when a ceiling is above what cannot be counted', () => {
    const { pipeline, template } = createPipeline({ ceiling: { vcpuHours: 1000 } });
    const list = pipeline.addJob('List', { image: IMAGE, outputs: ['parts'] });
    pipeline.addJob('Items', { image: IMAGE, fanOut: FanOut.outputObjects(list.output('parts')) });
    expect(template).toThrow("'ceiling' needs jobs that can be counted, got [\"Items\"], whose items, size or time are not known here; use FanOut.array, "
      + 'or omit it (at Stack/Etl)');
  });

  test('fails when a ceiling is out of range', () => {
    expect(() => createPipeline({ ceiling: { vcpuHours: -1 } })).toThrow(new Error(
      "'ceiling.vcpuHours' must be between 0 and 1000000000, got -1; it is what an execution may use at worst (at Stack/Etl)"));
  });
});

describe('time-out of executions', () => {
  const timeoutOf = (add: (pipeline: ReturnType<typeof createPipeline>['pipeline']) => void, props = {}) => {
    const { pipeline, template } = createPipeline(props);
    add(pipeline);
    return definitionOf(template()).TimeoutSeconds;
  };
  const attempts = 3; // that a failed start has

  test('follows the longest way through the graph', () => {
    const seconds = timeoutOf((pipeline) => {
      const first = pipeline.addJob('First', { image: IMAGE, timeout });
      pipeline.addJob('Short', { image: IMAGE, timeout: Duration.minutes(1), after: [first] });
      pipeline.addJob('Long', { image: IMAGE, timeout: Duration.hours(5), after: [first] });
    });
    expect(seconds).toBe(attempts * 3600 + WAIT + attempts * 5 * 3600 + WAIT);
  });

  test('counts Spot and on demand', () => {
    const compute = JobCompute.size({ vcpus: 2, memory: Size.gibibytes(4), spot });
    expect(timeoutOf((pipeline) => pipeline.addJob('Job', { image: IMAGE, timeout, compute }))).toBe(2 * (4 * 3600 + WAIT));
  });

  test('is a year where the wait for the turn is only known at deployment', () => {
    const stack = createStack();
    const bound = Duration.seconds(new CfnParameter(stack, 'Seconds', { type: 'Number' }).valueAsNumber);
    const { pipeline, template } = createPipeline({ overlap: RunOverlap.wait(bound) }, stack);
    pipeline.addJob('Job', { image: IMAGE });
    expect(definitionOf(template()).TimeoutSeconds).toBe(365 * DAY);
  });

  test('is a year where nobody knows', () => {
    expect(timeoutOf((pipeline) => {
      const list = pipeline.addJob('List', { image: IMAGE, outputs: ['parts'] });
      pipeline.addJob('Items', { image: IMAGE, fanOut: FanOut.outputObjects(list.output('parts')) });
    })).toBe(365 * DAY);
  });

  test('counts the wait for the turn', () => {
    const overlap = RunOverlap.wait(Duration.hours(2));
    expect(timeoutOf((pipeline) => pipeline.addJob('Job', { image: IMAGE, timeout }), { overlap })).toBe(2 * 3600 + attempts * 3600 + WAIT);
  });
});
