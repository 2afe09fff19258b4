import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Size, Token } from 'aws-cdk-lib/core';
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

/** Options of `TaskSize`. */
export interface TaskSizeOptions {
  /**
   * The processor that the task runs on: `ecs.CpuArchitecture.X86_64` or `ecs.CpuArchitecture.ARM64`.
   *
   * ARM64 costs about a fifth less on Fargate, if every image of the task is there for it. An image that is built from a directory is built for this
   * processor, whatever machine builds it; one whose own `platform` says otherwise is an error. Under the hood, this is the task definition's
   * `RuntimePlatform` and the platform of the image asset.
   *
   * @default - ecs.CpuArchitecture.X86_64
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-arm64.html
   */
  readonly architecture?: ecs.CpuArchitecture;

  /**
   * The task's own disk, 21 to 200 GiB, for images, writable paths and volumes without a file system of their own. It is gone with the task.
   *
   * 20 GiB are free; what is more is charged by the hour. It is encrypted; with a key of your own where the cluster has an `ephemeralStorageKey`. Under
   * the hood, this is the task definition's `EphemeralStorage`.
   *
   * @default - 20 GiB
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-storage.html
   */
  readonly ephemeralStorage?: Size;
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
  public static of(cpu: number, memoryMiB: number, options: TaskSizeOptions = {}): TaskSize {
    checkStorage(options.ephemeralStorage);
    if (!Token.isUnresolved(cpu)) {
      const range = FARGATE_SIZES.find((size) => size.cpu === cpu) ?? fail(undefined,
        `'size' must have ${FARGATE_SIZES.map((size) => size.cpu).join(', ')} CPU units, got ${cpu}; 1024 CPU units are one vCPU`);
      if (!Token.isUnresolved(memoryMiB) && !offers(range, memoryMiB)) {
        fail(undefined, `'size' with ${cpu} CPU units must have ${describe(range)} of memory, got ${memoryMiB}; ${nearest(memoryMiB, range)}`);
      }
    }
    return new TaskSize(cpu, memoryMiB, undefined, false, options.architecture, options.ephemeralStorage);
  }

  /**
   * A quarter of a vCPU and 512 MiB: the smallest and the default.
   *
   * @example
   * new EcsMicroservice(this, 'Orders', { cluster, image, size: TaskSize.nano({ architecture: ecs.CpuArchitecture.ARM64 }) });
   */
  public static nano(options?: TaskSizeOptions): TaskSize {
    return TaskSize.of(256, 512, options);
  }

  /**
   * Half a vCPU and 1 GiB.
   *
   * @example
   * new EcsMicroservice(this, 'Orders', { cluster, image, size: TaskSize.small() });
   */
  public static small(options?: TaskSizeOptions): TaskSize {
    return TaskSize.of(512, 1024, options);
  }

  /**
   * One vCPU and 2 GiB.
   *
   * @example
   * new EcsMicroservice(this, 'Orders', { cluster, image, size: TaskSize.medium({ ephemeralStorage: Size.gibibytes(50) }) });
   */
  public static medium(options?: TaskSizeOptions): TaskSize {
    return TaskSize.of(1024, 2048, options);
  }

  /**
   * Two vCPUs and 4 GiB.
   *
   * @example
   * new EcsMicroservice(this, 'Orders', { cluster, image, size: TaskSize.large() });
   */
  public static large(options?: TaskSizeOptions): TaskSize {
    return TaskSize.of(2048, 4096, options);
  }

  /**
   * Four vCPUs and 8 GiB.
   *
   * @example
   * new EcsMicroservice(this, 'Orders', { cluster, image, size: TaskSize.xlarge() });
   */
  public static xlarge(options?: TaskSizeOptions): TaskSize {
    return TaskSize.of(4096, 8192, options);
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
    /** The processor, where it was chosen. */
    public readonly architecture?: ecs.CpuArchitecture,
    /** The task's own disk, where it was chosen. */
    public readonly ephemeralStorage?: Size,
  ) {
  }

  /** @internal The processor of such a task: what was chosen, what instances have; undefined where nothing says it, which is X86_64. */
  public _architectureOn(hardware?: InstanceHardware): ecs.CpuArchitecture | undefined {
    return this.architecture ?? (hardware && architectureOf(hardware));
  }

  /** @internal Whether tasks of this size run on such capacity. */
  public _checkFit(scope: IConstruct, kind: CapacityKind, hardware?: InstanceHardware): void {
    if (this.needsInstances && kind === CapacityKind.FARGATE) {
      fail(scope, "'size' from TaskSize.onInstances needs capacity with instances, got Fargate; use TaskSize.of, or give 'capacity' with ServiceCapacity.on");
    }
    if (this.ephemeralStorage !== undefined && kind !== CapacityKind.FARGATE) {
      fail(scope, "'ephemeralStorage' is the disk of a task on Fargate, got capacity with instances; give the capacity's 'diskSize', or use TaskSize.onInstances");
    }
    if (this.architecture !== undefined && hardware !== undefined && this._architectureOn(hardware) !== architectureOf(hardware)) {
      fail(scope, `'architecture' must be that of the capacity's instances, ${architectureName(architectureOf(hardware))}, `
        + `got ${architectureName(this.architecture)}; omit it, or choose other 'instanceTypes'`);
    }
    if (this.gpus !== undefined && hardware?.gpu !== true) {
      fail(scope, `'size' with ${this.gpus} GPUs needs capacity whose 'instanceTypes' have GPUs; give 'capacity' such instances, or omit 'gpus'`);
    }
  }
}

function architectureOf(hardware: InstanceHardware): ecs.CpuArchitecture {
  return hardware.architecture === ec2.InstanceArchitecture.ARM_64 ? ecs.CpuArchitecture.ARM64 : ecs.CpuArchitecture.X86_64;
}

function architectureName(architecture: ecs.CpuArchitecture): string {
  return architecture === ecs.CpuArchitecture.ARM64 ? 'ARM64' : 'X86_64';
}

function checkStorage(storage?: Size): void {
  if (storage === undefined || storage.isUnresolved()) return;
  const gibibytes = storage.toKibibytes() / (1024 * 1024);
  if (!Number.isInteger(gibibytes) || gibibytes < 21 || gibibytes > 200) {
    fail(undefined, `'ephemeralStorage' must be a whole number of GiB between 21 and 200, got ${gibibytes} GiB; omit it for the 20 GiB that are free`);
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
