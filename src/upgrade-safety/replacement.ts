import { Certainty, Identities } from './identities';
import type { TemplateResource } from './template';
import type { UpdateBehaviour } from './update-behaviour';
import { isIntrinsic, sameValue, valuesAt } from './values';

/** The properties for which a resource is replaced, and how sure that is. */
export interface Replacement {
  readonly certainty: Certainty;
  readonly propertyPaths: string[];
}

interface PathCertainty {
  readonly path: string;
  readonly certainty: Certainty;
}

const NONE: Replacement = { certainty: Certainty.NO, propertyPaths: [] };

/** Whether CloudFormation replaces a resource: for what is set once, and for what is under a condition. */
export function replacementOf(before: TemplateResource, after: TemplateResource, behaviour: UpdateBehaviour, identities: Identities): Replacement {
  const sure = pathsOf(before, after, behaviour.replace ?? [], identities);
  const conditional = conditionalCertainty(after);
  const unsure = pathsOf(before, after, behaviour.mayReplace ?? [], identities)
    .map(({ path, certainty }) => ({ path, certainty: Math.min(certainty, conditional) }));
  const found = [...sure, ...unsure].filter(({ certainty }) => certainty !== Certainty.NO);
  const most = Math.max(Certainty.NO, ...found.map(({ certainty }) => certainty));
  return most === Certainty.NO ? NONE : { certainty: most, propertyPaths: [...new Set(found.map(({ path }) => path))].sort() };
}

/**
 * A compute environment says itself whether it is replaced for the settings that CloudFormation's data has as conditional. Unless told, it is.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-batch-computeenvironment.html
 */
function conditionalCertainty({ Type, Properties: { ReplaceComputeEnvironment } }: TemplateResource): Certainty {
  if (Type !== 'AWS::Batch::ComputeEnvironment') return Certainty.MAYBE;
  if (ReplaceComputeEnvironment === undefined || String(ReplaceComputeEnvironment) === 'true') return Certainty.YES;
  return String(ReplaceComputeEnvironment) === 'false' ? Certainty.NO : Certainty.MAYBE;
}

/** The paths whose values differ, or are spelled the same and mean something else. */
function pathsOf(before: TemplateResource, after: TemplateResource, paths: string[], identities: Identities): PathCertainty[] {
  return paths.map((path) => {
    const steps = path.split('.');
    const [old, now] = [valuesAt(before.Properties, steps), valuesAt(after.Properties, steps)];
    if (sameValue(old, now)) return { path, certainty: identities.moved(now) };
    // where a function stands in for the whole, the property itself may be the same
    const whole = [before, after].some(({ Properties }) => isIntrinsic(Properties[steps[0]]));
    return whole && steps.length > 1 ? { path: steps[0], certainty: Certainty.MAYBE } : { path, certainty: Certainty.YES };
  });
}
