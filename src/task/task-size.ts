import { Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { InstanceHardware } from '../cluster/instance-hardware';
import { CapacityKind } from '../private/capacity-kind';
import { checkInteger } from '../private/check';
import { fail } from '../private/fail';

/** Options of `TaskSize.onInstances`. */
export interface InstanceTaskOptions {
  /**
   * How many GPUs the main container has for itself, 1 to 16. The capacity's instance types must have them.
   *
   * Under the hood, this is a `ResourceRequirement` of the container.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-gpu.html
   */
  readonly gpus?: number;
}

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
 * How much CPU and memory a task gets: one of the pairs that Fargate offers, or any on instances.
 *
 * On Fargate both are charged for as long as the task runs. On instances they are reserved, and what is charged for is the instances.
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

  /**
   * A task of `cpu` CPU units (1024 are one vCPU), 128 to 196608, and `memoryMiB` MiB of memory, 6 or more, for capacity with instances: any pair, and GPUs.
   *
   * Instances keep some of their memory for themselves: a task of all that the type is sold with never finds room, and waits without an error.
   *
   * @example
   * declare const gpu: InstanceCapacity;
   * new EcsMicroservice(this, 'Inference', { cluster, image, size: TaskSize.onInstances(2048, 12000, { gpus: 1 }), capacity: ServiceCapacity.on(gpu) });
   */
  public static onInstances(cpu: number, memoryMiB: number, options: InstanceTaskOptions = {}): TaskSize {
    checkInteger(undefined, 'cpu', cpu, 128, 196608, '1024 CPU units are one vCPU');
    checkInteger(undefined, 'memoryMiB', memoryMiB, 6, 33554432, '1024 MiB are one GiB');
    checkInteger(undefined, 'gpus', options.gpus, 1, 16, 'omit it for a task without a GPU');
    return new TaskSize(cpu, memoryMiB, options.gpus, true);
  }

  private constructor(
    /** CPU units; 1024 are one vCPU. */
    public readonly cpu: number,
    /** Memory in MiB. */
    public readonly memoryMiB: number,
    /** GPUs of the main container; undefined for none. */
    public readonly gpus?: number,
    private readonly needsInstances: boolean = false,
  ) {
  }

  /** @internal Whether tasks of this size run on such capacity. */
  public _checkFit(scope: IConstruct, kind: CapacityKind, hardware?: InstanceHardware): void {
    if (this.needsInstances && kind === CapacityKind.FARGATE) {
      fail(scope, "'size' from TaskSize.onInstances needs capacity with instances, got Fargate; use TaskSize.of, or give 'capacity' with ServiceCapacity.on");
    }
    if (this.gpus !== undefined && hardware?.gpu !== true) {
      fail(scope, `'size' with ${this.gpus} GPUs needs capacity whose 'instanceTypes' have GPUs; give 'capacity' such instances, or omit 'gpus'`);
    }
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
