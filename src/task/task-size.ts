import { Token } from 'aws-cdk-lib/core';
import { fail } from '../private/fail';

/** The memory that goes with a number of CPU units, in MiB: from, to, in steps; or the few values that exist. */
interface MemoryRange {
  readonly cpu: number;
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly only?: number[];
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html */
const FARGATE_SIZES: MemoryRange[] = [
  { cpu: 256, from: 512, to: 2048, step: 512, only: [512, 1024, 2048] },
  { cpu: 512, from: 1024, to: 4096, step: 1024 },
  { cpu: 1024, from: 2048, to: 8192, step: 1024 },
  { cpu: 2048, from: 4096, to: 16384, step: 1024 },
  { cpu: 4096, from: 8192, to: 30720, step: 1024 },
  { cpu: 8192, from: 16384, to: 61440, step: 4096 },
  { cpu: 16384, from: 32768, to: 122880, step: 8192 },
  { cpu: 32768, from: 61440, to: 249856, step: 1, only: [61440, 122880, 249856] },
];

/**
 * How much CPU and memory a task gets: one of the pairs that Fargate offers.
 *
 * Both are reserved and charged for as long as the task runs.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
 */
export class TaskSize {
  /**
   * A task of `cpu` CPU units (1024 are one vCPU) and `memoryMiB` MiB of memory.
   *
   * Fargate offers 256, 512, 1024, 2048, 4096, 8192, 16384 and 32768 CPU units, each with a range of memory. A pair that it does not offer is an error
   * that lists those that it does. Under the hood, these are the task definition's `Cpu` and `Memory`.
   *
   * @example
   * new EcsMicroservice(this, 'Orders', { cluster, image, size: TaskSize.of(512, 1024) });
   */
  public static of(cpu: number, memoryMiB: number): TaskSize {
    if (!Token.isUnresolved(cpu)) {
      const range = FARGATE_SIZES.find((size) => size.cpu === cpu) ?? fail(undefined,
        `'size' must have ${FARGATE_SIZES.map((size) => size.cpu).join(', ')} CPU units, got ${cpu}; 1024 CPU units are one vCPU`);
      if (!Token.isUnresolved(memoryMiB) && !offers(range, memoryMiB)) {
        fail(undefined, `'size' with ${cpu} CPU units must have ${describe(range)} of memory, got ${memoryMiB}; ${nearest(memoryMiB, range)}`);
      }
    }
    return new TaskSize(cpu, memoryMiB);
  }

  private constructor(
    /** CPU units; 1024 are one vCPU. */
    public readonly cpu: number,
    /** Memory in MiB. */
    public readonly memoryMiB: number,
  ) {
  }
}

function offers(range: MemoryRange, memory: number): boolean {
  if (range.only !== undefined) return range.only.includes(memory);
  return memory >= range.from && memory <= range.to && (memory - range.from) % range.step === 0;
}

function describe(range: MemoryRange): string {
  return range.only !== undefined ? `${range.only.join(', ')} MiB` : `${range.from} to ${range.to} MiB in steps of ${range.step}`;
}

/** Names a pair that Fargate offers and that holds what was asked for. */
function nearest(memory: number, range: MemoryRange): string {
  const fitting = FARGATE_SIZES
    .filter((size) => size.cpu >= range.cpu)
    .map((size) => ({ cpu: size.cpu, memory: values(size).find((value) => value >= memory) }))
    .find((pair) => pair.memory !== undefined);
  return fitting === undefined
    ? `the largest is ${FARGATE_SIZES[FARGATE_SIZES.length - 1].to} MiB`
    : `the nearest that holds it is TaskSize.of(${fitting.cpu}, ${fitting.memory})`;
}

function values(size: MemoryRange): number[] {
  if (size.only !== undefined) return size.only;
  const steps = (size.to - size.from) / size.step + 1;
  return Array.from({ length: steps }, (_, index) => size.from + index * size.step);
}
