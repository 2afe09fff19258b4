/** The memory that Fargate offers with a number of vCPUs, in MiB. */
interface MemoryRange {
  readonly vcpus: number;
  readonly memory: number[];
}

/**
 * The sizes that AWS Batch offers on Fargate.
 *
 * @see https://docs.aws.amazon.com/batch/latest/APIReference/API_ResourceRequirement.html
 */
const SIZES: MemoryRange[] = [
  { vcpus: 0.25, memory: [512, 1024, 2048] },
  { vcpus: 0.5, memory: gibibytes(1, 4, 1) },
  { vcpus: 1, memory: gibibytes(2, 8, 1) },
  { vcpus: 2, memory: gibibytes(4, 16, 1) },
  { vcpus: 4, memory: gibibytes(8, 30, 1) },
  { vcpus: 8, memory: gibibytes(16, 60, 4) },
  { vcpus: 16, memory: gibibytes(32, 120, 8) },
];

function gibibytes(from: number, to: number, step: number): number[] {
  return Array.from({ length: (to - from) / step + 1 }, (_, index) => (from + index * step) * 1024);
}

/** What is wrong with a number of vCPUs; undefined where Fargate offers it. */
export function vcpusProblem(vcpus: number): string | undefined {
  if (rangeOf(vcpus) !== undefined) return undefined;
  const allowed = `'vcpus' must be ${SIZES.map((size) => size.vcpus).join(', ')}, got ${vcpus}`;
  const meant = cpuUnitsMeant(vcpus);
  return meant === undefined ? `${allowed}; ${nearest(vcpus, 0)}` : `${allowed}; did you mean CPU units? ${vcpus} CPU units are ${meant} vCPU`;
}

/** The vCPUs that a number of CPU units stands for, where it is one that ECS has; undefined where vCPUs are meant. */
export function cpuUnitsMeant(vcpus: number): number | undefined {
  return rangeOf(vcpus / 1024)?.vcpus;
}

/** What is wrong with the memory beside a number of vCPUs that Fargate offers. */
export function memoryProblem(vcpus: number, memoryMiB: number): string | undefined {
  const offered = rangeOf(vcpus)!.memory;
  if (offered.includes(memoryMiB)) return undefined;
  return `'memory' beside ${vcpus} vCPU must be ${describe(offered)}, got ${memoryMiB} MiB; ${nearest(vcpus, memoryMiB)}`;
}

function rangeOf(vcpus: number): MemoryRange | undefined {
  return SIZES.find((size) => size.vcpus === vcpus);
}

function describe(memory: number[]): string {
  return memory.length === 3
    ? `${memory.join(', ')} MiB`
    : `${memory[0]} to ${memory[memory.length - 1]} MiB in steps of ${memory[1] - memory[0]}`;
}

/** Names the smallest size that holds what was asked for. */
function nearest(vcpus: number, memoryMiB: number): string {
  const fitting = SIZES
    .filter((size) => size.vcpus >= vcpus)
    .map((size) => ({ vcpus: size.vcpus, memory: size.memory.find((value) => value >= memoryMiB) }))
    .find((size) => size.memory !== undefined);
  return fitting === undefined
    ? 'the largest that Fargate offers is 16 vCPU with 122880 MiB: use JobCompute.ec2'
    : `the nearest that holds it is JobCompute.${factoryFor(fitting.vcpus)}({ vcpus: ${fitting.vcpus}, memory: Size.mebibytes(${fitting.memory}) })`;
}

/** The shortest way to say it: larger sizes would be put on instances. */
function factoryFor(vcpus: number): string {
  return vcpus <= 4 ? 'size' : 'fargate';
}
