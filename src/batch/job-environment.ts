import type * as batch from 'aws-cdk-lib/aws-batch';
import type { Construct } from 'constructs';
import { uriVariable } from './job-data-names';
import type { JobOptions } from './job-options';
import { fail, show } from '../private/fail';
import { refusePlainSecrets } from '../task/refuse-plain-secrets';

/** Which execution of the pipeline a job belongs to. The state machine sets it at each submission. */
export const EXECUTION_VARIABLE = 'PIPELINE_EXECUTION_ID';

/** Where a job on Spot keeps its checkpoints. The state machine sets it at each submission. */
export const CHECKPOINT_VARIABLE = 'CHECKPOINT_URI';

/** What an item of a Map is about. The state machine sets it at each submission. */
export const ITEM_VARIABLE = 'PIPELINE_ITEM';

/** Rejects names that belong to AWS Batch or to the pipeline, names that are given twice, and plain values that look like secrets. */
export function checkEnvironment(scope: Construct, { environment = {}, secrets = {}, outputs = [], inputs = {}, compute }: JobOptions): void {
  const own = [EXECUTION_VARIABLE, ITEM_VARIABLE, ...(compute?._bind().spot?._checkpoint === true ? [CHECKPOINT_VARIABLE] : []), ...outputs.map((name) => uriVariable('OUTPUT', name)),
    ...Object.keys(inputs).map((name) => uriVariable('INPUT', name))];
  for (const [prop, variables] of Object.entries({ environment, secrets })) {
    const reserved = Object.keys(variables).find((name) => name.startsWith('AWS_BATCH') || own.includes(name));
    if (reserved !== undefined) {
      fail(scope, `'${prop}' must not set ${show(reserved)}, which AWS Batch or the pipeline sets; choose another name`);
    }
  }
  const shared = Object.keys(secrets).find((name) => name in environment);
  if (shared !== undefined) {
    fail(scope, `'secrets' must not set ${show(shared)}, which 'environment' sets too; keep it in one of them`);
  }
  refusePlainSecrets(scope, environment);
}

/** What the user says comes before where services are found. */
export function renderEnvironment(
  { environment = {}, secrets = {} }: JobOptions, serviceUrls: Record<string, string>,
): batch.CfnJobDefinition.EnvironmentProperty[] | undefined {
  const urls = Object.entries(serviceUrls).filter(([name]) => !(name in environment) && !(name in secrets));
  const variables = [...Object.entries(environment), ...urls].map(([name, value]) => ({ name, value }));
  return variables.length === 0 ? undefined : variables;
}
