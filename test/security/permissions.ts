import { Template } from 'aws-cdk-lib/assertions';
import type { Stack } from 'aws-cdk-lib/core';

type Json = Record<string, any>;

/** A statement of a policy, as a reader wants it. */
export interface Statement {
  /** The role, or the resource whose policy it is. */
  readonly holder: string;
  readonly kind: 'trust' | 'permission' | 'resource policy';
  readonly effect: string;
  readonly principals: string[];
  readonly actions: string[];
  readonly resources: string[];
  readonly conditions: string[];
}

/** A managed policy of somebody else on a role. */
export interface Attachment {
  readonly holder: string;
  readonly policy: string;
}

export interface Permissions {
  readonly statements: Statement[];
  readonly attachments: Attachment[];
}

/** Types with a policy of their own, and where it stands. */
const RESOURCE_POLICIES: Record<string, string> = {
  'AWS::S3::BucketPolicy': 'PolicyDocument',
  'AWS::SQS::QueuePolicy': 'PolicyDocument',
  'AWS::SNS::TopicPolicy': 'PolicyDocument',
  'AWS::KMS::Key': 'KeyPolicy',
};

/** Everything that the template of a stack permits. */
export function permissionsOf(stack: Stack): Permissions {
  const resources: Record<string, Json> = Template.fromStack(stack).toJSON().Resources;
  const entries = Object.entries(resources);
  const ofType = (type: string) => entries.filter(([, { Type }]) => Type === type);
  const roles = ofType('AWS::IAM::Role').flatMap(([id, { Properties }]) => [
    ...statementsOf(id, 'trust', Properties.AssumeRolePolicyDocument),
    ...(Properties.Policies ?? []).flatMap((policy: Json) => statementsOf(id, 'permission', policy.PolicyDocument)),
  ]);
  const policies = [...ofType('AWS::IAM::Policy'), ...ofType('AWS::IAM::ManagedPolicy')].flatMap(([, { Properties }]) =>
    (Properties.Roles ?? []).flatMap((role: Json) => statementsOf(text(role).slice(1, -1), 'permission', Properties.PolicyDocument)));
  const owned = Object.entries(RESOURCE_POLICIES).flatMap(([type, at]) =>
    ofType(type).flatMap(([id, { Properties }]) => statementsOf(id, 'resource policy', Properties[at] ?? { Statement: [] })));
  const invocations = ofType('AWS::Lambda::Permission').map(([, { Properties }]): Statement => ({
    holder: text(Properties.FunctionName).slice(1, -1).split('.')[0],
    kind: 'resource policy',
    effect: 'Allow',
    principals: [text(Properties.Principal)],
    actions: [Properties.Action],
    resources: [],
    conditions: ['SourceArn', 'SourceAccount'].filter((key) => Properties[key] !== undefined).map((key) => `aws:${key} = ${text(Properties[key])}`),
  }));
  const attachments = ofType('AWS::IAM::Role').flatMap(([id, { Properties }]) =>
    (Properties.ManagedPolicyArns ?? []).map((arn: unknown) => ({ holder: id, policy: text(arn) })));
  return { statements: [...roles, ...policies, ...owned, ...invocations], attachments };
}

function statementsOf(holder: string, kind: Statement['kind'], document: Json): Statement[] {
  return document.Statement.map((statement: Json): Statement => ({
    holder,
    kind,
    effect: statement.Effect,
    principals: principalsOf(statement.Principal),
    actions: listed(statement.Action ?? statement.NotAction).sort(),
    resources: listed(statement.Resource).sort(),
    conditions: Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) =>
      Object.entries(keys as Json).map(([key, value]) => `${operator} ${key} = ${listed(value).join(', ')}`)),
  }));
}

function principalsOf(principal: unknown): string[] {
  if (principal === undefined) return [];
  if (typeof principal === 'string') return [principal];
  return Object.values(principal as Json).flatMap(listed);
}

function listed(value: unknown): string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(text);
}

/** A value as one line: `arn:<AWS::Partition>:s3:::<Bucket>/*`. */
export function text(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [[key, argument]] = Object.entries(value as Json);
  switch (key) {
    case 'Ref': return `<${argument}>`;
    case 'Fn::GetAtt': return `<${argument.join('.')}>`;
    case 'Fn::Join': return argument[1].map(text).join(argument[0]);
    case 'Fn::Select': return `${text(argument[1])}[${argument[0]}]`;
    case 'Fn::Split': return `split(${text(argument[1])}, ${argument[0]})`;
    case 'Fn::ImportValue': return `<import ${text(argument)}>`;
    default: return JSON.stringify(value);
  }
}
