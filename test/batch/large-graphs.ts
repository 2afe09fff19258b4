import type { GraphJob } from '../../src/batch/graph/partial-order';

const JOBS = 200;

/** Graphs of 200 jobs, of the shapes that pipelines have and of those that are hard to compile. The same each time. */
export const LARGE_GRAPHS: Record<string, GraphJob[]> = {
  seriesParallel: seriesParallel(),
  layered: layered(),
  tangled: tangled(),
  zigzag: zigzag(),
};

/** Numbers from 0 to below 1, the same for the same seed. */
function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function jobsAfter(afterOf: (index: number) => number[]): GraphJob[] {
  return Array.from({ length: JOBS }, (_, index) => ({ id: `Job${index}`, after: [...new Set(afterOf(index))].map((earlier) => `Job${earlier}`) }));
}

/** Twenty diamonds of ten jobs, one after the other. */
function seriesParallel(): GraphJob[] {
  return jobsAfter((index) => {
    const place = index % 10;
    const start = index - place;
    if (place === 0) return start === 0 ? [] : [start - 1];
    return place === 9 ? [1, 2, 3, 4, 5, 6, 7, 8].map((each) => start + each) : [start];
  });
}

/** Ten layers of twenty, each job after two of the layer before. */
function layered(): GraphJob[] {
  const draw = draws(1);
  const pick = (index: number) => (Math.floor(index / 20) - 1) * 20 + Math.floor(draw() * 20);
  return jobsAfter((index) => (index < 20 ? [] : [pick(index), pick(index)]));
}

/** Each job after up to two of all before it. */
function tangled(): GraphJob[] {
  const draw = draws(2);
  return jobsAfter((index) => (index === 0 ? [] : [Math.floor(draw() * index), Math.floor(draw() * index)]));
}

/** A row of pairs of which each shares a job with the next. */
function zigzag(): GraphJob[] {
  const half = JOBS / 2;
  return jobsAfter((index) => (index < half ? [] : [index - half, Math.min(index - half + 1, half - 1)]));
}
