import type { PartialOrder } from './partial-order';

/** What the search for a barrier needs to know of a set of jobs; each job is an index into it. Lists of jobs, so that nothing is looked up in vain. */
export interface Relations {
  readonly size: number;
  readonly successors: Uint16Array[];
  readonly predecessors: Uint16Array[];
  /** Those that may run at the same time. */
  readonly rivals: Uint16Array[];
  /** Jobs on the longest chain up to each job. */
  readonly rank: Uint16Array;
  /** Jobs on the longest chain from each job on. */
  readonly height: Uint16Array;
}

export function relationsOf(order: PartialOrder, jobs: number[]): Relations {
  const size = jobs.length;
  const [successors, predecessors, rivals] = [new JobLists(size), new JobLists(size), new JobLists(size)];
  for (let a = 0; a < size; a++) {
    const before = order.row(jobs[a]);
    for (let b = a + 1; b < size; b++) {
      if (before[jobs[b]] === 1) {
        successors.add(a, b);
        predecessors.add(b, a);
      } else if (order.precedes(jobs[b], jobs[a])) {
        successors.add(b, a);
        predecessors.add(a, b);
      } else {
        rivals.add(a, b);
        rivals.add(b, a);
      }
    }
  }
  const [later, earlier] = [successors.all(), predecessors.all()];
  const byDepth = jobs.map((_, index) => index).sort((a, b) => earlier[a].length - earlier[b].length || a - b);
  return {
    size,
    successors: later,
    predecessors: earlier,
    rivals: rivals.all(),
    rank: longestChains(byDepth, earlier),
    height: longestChains(byDepth.reverse(), later),
  };
}

/** The same jobs, seen from the other end. */
export function reversed({ size, successors, predecessors, rivals, rank, height }: Relations): Relations {
  return { size, successors: predecessors, predecessors: successors, rivals, rank: height, height: rank };
}

/** A list of jobs for each job, in one piece of memory. */
class JobLists {
  private readonly lengths: Uint16Array;
  private readonly members: Uint16Array;

  constructor(private readonly size: number) {
    this.lengths = new Uint16Array(size);
    this.members = new Uint16Array(size * size);
  }

  public add(job: number, member: number): void {
    this.members[job * this.size + this.lengths[job]++] = member;
  }

  public all(): Uint16Array[] {
    return Array.from(this.lengths, (length, job) => this.members.subarray(job * this.size, job * this.size + length));
  }
}

/** `sequence` has each job behind all of its `earlier` ones. */
function longestChains(sequence: number[], earlier: Uint16Array[]): Uint16Array {
  const longest = new Uint16Array(sequence.length);
  for (const index of sequence) {
    let length = 0;
    for (const other of earlier[index]) length = Math.max(length, longest[other]);
    longest[index] = length + 1;
  }
  return longest;
}
