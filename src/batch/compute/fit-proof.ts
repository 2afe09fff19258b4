import { type InstanceOffer, knownOffers, offersOf } from './instance-types';

/** What a job asks of an instance. */
export interface JobDemand {
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly gpus: number;
}

/** The instances that are to hold it. */
export interface InstanceSupply {
  /** Types, families and bundles. */
  readonly instanceTypes: string[];
  readonly arm: boolean;
}

/** Whether some instance type holds a job: what is wrong, or which words nothing is known of. */
export interface FitProof {
  readonly problem?: string;
  readonly unknown: string[];
}

/** What the kernel and the ECS agent leave of the memory, in the worst case that was seen: m4.large has 7985 of 8192 MiB, and the agent takes 32. */
const USABLE_SHARE = 0.96;
const AGENT_MIB = 32;

/** The memory of an instance that jobs can have, in MiB. */
export function usableMemory(memoryMiB: number): number {
  return Math.floor(memoryMiB * USABLE_SHARE) - AGENT_MIB;
}

/**
 * Proves that a job finds an instance. One that never does stays RUNNABLE and holds up those behind it.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/memory-management.html
 */
export function proveFit(demand: JobDemand, { instanceTypes, arm }: InstanceSupply): FitProof {
  const known = instanceTypes.map((word) => ({ word, offers: offersOf(word) }));
  const offers = known.flatMap((entry) => entry.offers ?? []);
  const unknown = known.filter((entry) => entry.offers === undefined).map((entry) => entry.word);
  if (offers.some((offer) => holds(offer, demand))) return { unknown: [] };
  if (unknown.length > 0) return { unknown };
  return { unknown, problem: describe(demand, offers, arm) };
}

function holds(offer: InstanceOffer, { vcpus, memoryMiB, gpus }: JobDemand): boolean {
  return offer.vcpus >= vcpus && usableMemory(offer.memoryMiB) >= memoryMiB && offer.gpus >= gpus;
}

function describe(demand: JobDemand, offers: InstanceOffer[], arm: boolean): string {
  const fitting = knownOffers().find((offer) => offer.arm === arm && (offer.gpus > 0) === (demand.gpus > 0) && holds(offer, demand));
  const lacksCpus = offers.every((offer) => offer.vcpus < demand.vcpus);
  const rank = (offer: InstanceOffer) => lacksCpus ? offer.vcpus : offer.memoryMiB;
  const [largest] = [...offers].sort((one, other) => other.gpus - one.gpus || rank(other) - rank(one));
  const remedy = fitting === undefined
    ? 'no instance type that is known here does: ask for less'
    : `the nearest that does is ${fitting.name}: add it to 'instanceTypes', or ask for less`;
  return `'compute' must fit onto an instance of its compute environment, got ${demandText(demand)}, and the largest of them, ${largest.name}, has `
    + `${demandText({ ...largest, memoryMiB: usableMemory(largest.memoryMiB) })} for jobs; ${remedy}`;
}

function demandText({ vcpus, memoryMiB, gpus }: JobDemand): string {
  return `${vcpus} vCPU, ${memoryMiB} MiB${gpus === 0 ? '' : ` and ${gpus} GPU`}`;
}
