import type { Steps } from './scenario';
import { until } from './waiting';

/** Minutes: jobs of a whole graph start and end meanwhile. */
export const PATIENCE = 15;

/** An execution, once it has ended. */
export function ended(steps: Steps, executionArn: string): Promise<any> {
  return until('the execution ends', async () => {
    const execution = await steps.call('sfn', 'DescribeExecution', { executionArn });
    return execution.status === 'RUNNING' ? undefined : execution;
  }, PATIENCE);
}
