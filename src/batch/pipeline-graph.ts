import type { Construct } from 'constructs';
import { tellOfAddedEdges } from './added-edges';
import type { BatchJob } from './batch-job';
import { type CompiledGraph, compileGraph } from './graph/job-graph';

/** The compiled graph of a pipeline, made anew only where jobs were added since. */
export class PipelineGraph {
  private compiled?: { readonly jobs: number; readonly graph: CompiledGraph };
  private isAnnotated = false;

  constructor(private readonly pipeline: Construct, private readonly jobs: BatchJob[]) {
  }

  public compile(): CompiledGraph {
    const { length } = this.jobs;
    if (this.compiled?.jobs !== length) {
      const graph = compileGraph(this.jobs.map((job) => ({ id: job.node.id, after: job._after.map((earlier) => earlier.node.id) })));
      this.compiled = { jobs: length, graph };
    }
    return this.compiled.graph;
  }

  /** Says once which edges were added. */
  public annotate(): void {
    const { added } = this.compile();
    if (!this.isAnnotated) tellOfAddedEdges(this.pipeline, added);
    this.isAnnotated = true;
  }
}
