/** What an instance type offers. */
export interface InstanceOffer {
  readonly name: string;
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly gpus: number;
  readonly arm: boolean;
}

/** Families that come in even sizes: how much memory goes with a vCPU, in GiB, and the vCPUs of the sizes. */
const EVEN_FAMILIES: { readonly families: string[]; readonly memoryPerVcpu: number; readonly sizes: number[] }[] = [
  ...general(['5', '5a'], [2, 4, 8, 16, 32, 48, 64, 96], ['m', 'r']),
  ...general(['5a'], [2, 4, 8, 16, 32, 48, 64, 96], ['c']),
  ...general(['6i'], [2, 4, 8, 16, 32, 48, 64, 96, 128]),
  ...general(['6a'], [2, 4, 8, 16, 32, 48, 64, 96, 128, 192]),
  ...general(['7a'], [1, 2, 4, 8, 16, 32, 48, 64, 96, 128, 192]),
  ...general(['7i'], [2, 4, 8, 16, 32, 48, 64, 96, 192]),
  ...general(['8i'], [2, 4, 8, 16, 32, 48, 64, 96, 128, 192, 384]),
  ...general(['6g', '7g'], [1, 2, 4, 8, 16, 32, 48, 64]),
  ...general(['8g'], [1, 2, 4, 8, 16, 32, 48, 64, 96, 192]),
];

/** Families whose sizes follow no rule: size, vCPUs, memory in GiB, GPUs. */
const OTHER_FAMILIES: Record<string, [string, number, number, number][]> = {
  'c5': [['large', 2, 4, 0], ['xlarge', 4, 8, 0], ['2xlarge', 8, 16, 0], ['4xlarge', 16, 32, 0], ['9xlarge', 36, 72, 0], ['12xlarge', 48, 96, 0],
    ['18xlarge', 72, 144, 0], ['24xlarge', 96, 192, 0]],
  'x2idn': [['16xlarge', 64, 1024, 0], ['24xlarge', 96, 1536, 0], ['32xlarge', 128, 2048, 0]],
  'x2iedn': [['xlarge', 4, 128, 0], ['2xlarge', 8, 256, 0], ['4xlarge', 16, 512, 0], ['8xlarge', 32, 1024, 0], ['16xlarge', 64, 2048, 0],
    ['24xlarge', 96, 3072, 0], ['32xlarge', 128, 4096, 0]],
  'g4dn': [['xlarge', 4, 16, 1], ['2xlarge', 8, 32, 1], ['4xlarge', 16, 64, 1], ['8xlarge', 32, 128, 1], ['12xlarge', 48, 192, 4],
    ['16xlarge', 64, 256, 1]],
  'g5': graphics(4),
  'g6': graphics(4),
  'g6e': graphics(8),
  'gr6': [['4xlarge', 16, 128, 1], ['8xlarge', 32, 256, 1]],
  'p4d': [['24xlarge', 96, 1152, 8]],
  'p4de': [['24xlarge', 96, 1152, 8]],
  'p5': [['4xlarge', 16, 256, 1], ['48xlarge', 192, 2048, 8]],
  'p5e': [['48xlarge', 192, 2048, 8]],
  'p5en': [['48xlarge', 192, 2048, 8]],
  'p6-b200': [['48xlarge', 192, 2048, 8]],
};

/**
 * What AWS Batch chooses from for its words for general instances. It says that there are these families, and more in some Regions.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/instance-type-compute-table.html
 */
const BUNDLES: Record<string, string[]> = {
  default_x86_64: ['m6i', 'c6i', 'r6i', 'c7i'],
  default_arm64: ['m6g', 'c6g', 'r6g', 'c7g'],
};

const OFFERS: InstanceOffer[] = [
  ...EVEN_FAMILIES.flatMap(({ families, memoryPerVcpu, sizes }) => families.flatMap((family) => sizes.map((vcpus) => offer(
    family, sizeName(vcpus), vcpus, vcpus * memoryPerVcpu, 0)))),
  ...Object.entries(OTHER_FAMILIES).flatMap(([family, sizes]) => sizes.map((size) => offer(family, ...size))),
];

/** What a word of `instanceTypes` stands for: a type, a family, a bundle. Undefined where this table does not know it. */
export function offersOf(word: string): InstanceOffer[] | undefined {
  const families = BUNDLES[word] ?? [word];
  const found = OFFERS.filter(({ name }) => name === word || families.includes(name.split('.')[0]));
  return found.length === 0 ? undefined : found;
}

/** All that is known, the smallest first. */
export function knownOffers(): InstanceOffer[] {
  return [...OFFERS].sort((one, other) => one.gpus - other.gpus || one.vcpus - other.vcpus || one.memoryMiB - other.memoryMiB);
}

function general(generations: string[], sizes: number[], letters = ['c', 'm', 'r']): typeof EVEN_FAMILIES {
  const memoryOf: Record<string, number> = { c: 2, m: 4, r: 8 };
  return letters.map((letter) => ({ families: generations.map((generation) => letter + generation), memoryPerVcpu: memoryOf[letter], sizes }));
}

function graphics(memoryPerVcpu: number): [string, number, number, number][] {
  const gpus: Record<number, number> = { 48: 4, 96: 4, 192: 8 };
  return [4, 8, 16, 32, 48, 64, 96, 192].map((vcpus) => [sizeName(vcpus), vcpus, vcpus * memoryPerVcpu, gpus[vcpus] ?? 1]);
}

function sizeName(vcpus: number): string {
  if (vcpus === 1) return 'medium';
  if (vcpus === 2) return 'large';
  return vcpus === 4 ? 'xlarge' : `${vcpus / 4}xlarge`;
}

function offer(family: string, size: string, vcpus: number, memoryGiB: number, gpus: number): InstanceOffer {
  return { name: `${family}.${size}`, vcpus, memoryMiB: memoryGiB * 1024, gpus, arm: /\dg/.test(family) };
}
