import { Annotations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { AddedEdge } from './graph/job-graph';

/** How many of the added edges the annotation names. */
const NAMED_EDGES = 10;

/** Says once, at synthesis, which jobs wait for others although nobody declared it. */
export function tellOfAddedEdges(pipeline: Construct, added: AddedEdge[]): void {
  if (added.length === 0) return;
  const named = added.slice(0, NAMED_EDGES).map((edge) => `${edge.later} waits for ${edge.earlier}`);
  const others = added.length > NAMED_EDGES ? ` and ${added.length - NAMED_EDGES} more` : '';
  Annotations.of(pipeline).addInfo('a state machine cannot express this graph as it is, so that there is more waiting than was declared: '
    + `${named.join(', ')}${others}`);
}
