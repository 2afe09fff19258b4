import { fail, show } from '../private/fail';

/** A resource as a template has it. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties: Record<string, any>;
  readonly Metadata?: Record<string, any>;
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly UpdatePolicy?: Record<string, any>;
}

/** What of a template decides over an update. */
export interface Template {
  readonly resources: Record<string, TemplateResource>;
  readonly parameters: Record<string, any>;
  readonly conditions: Record<string, any>;
  readonly mappings: Record<string, any>;
}

/** Takes a template apart; what is none is an error. */
export function readTemplate(prop: string, value: Record<string, any>): Template {
  const { Resources, Parameters, Conditions, Mappings } = value ?? {};
  if (!isObject(Resources)) {
    fail(undefined, `'${prop}' must be a synthesised template with 'Resources', got ${summary(value)}: pass Template.fromStack(stack).toJSON(), or the parsed file of cdk.out`);
  }
  const resources: Record<string, TemplateResource> = {};
  for (const [id, resource] of Object.entries(Resources as Record<string, any>)) {
    if (!isObject(resource) || typeof resource.Type !== 'string') {
      fail(undefined, `'${prop}' has the resource ${show(id)} without a 'Type': pass a template that CloudFormation takes`);
    }
    resources[id] = { ...resource, Type: resource.Type, Properties: resource.Properties ?? {} };
  }
  return { resources, parameters: Parameters ?? {}, conditions: Conditions ?? {}, mappings: Mappings ?? {} };
}

/** The path of the construct behind a resource, if CDK has written it down. */
export function constructPathOf(resource: TemplateResource): string | undefined {
  return resource.Metadata?.['aws:cdk:path'];
}

export function isObject(value: unknown): value is Record<string, any> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first of a value, for an error. */
function summary(value: unknown): string {
  return isObject(value) ? `an object with ${show(Object.keys(value).slice(0, 5))}` : show(value)?.slice(0, 80);
}
