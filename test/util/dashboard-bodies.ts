import type { Template } from 'aws-cdk-lib/assertions';

/** The bodies of a template's dashboards, with `<LogicalId.Attribute>` where the deployment puts a name. */
export function dashboardBodies(template: Template, logicalId = /./): any[] {
  return Object.entries(template.findResources('AWS::CloudWatch::Dashboard'))
    .filter(([id]) => logicalId.test(id))
    .map(([, { Properties }]) => JSON.parse(textOf(Properties.DashboardBody)));
}

/** A text of CloudFormation, with names in place of what it refers to. */
export function textOf(value: any): string {
  if (typeof value === 'string') return value;
  if ('Fn::Join' in value) return value['Fn::Join'][1].map(textOf).join(value['Fn::Join'][0]);
  if ('Fn::GetAtt' in value) return `<${value['Fn::GetAtt'].join('.')}>`;
  if ('Ref' in value) return `<${value.Ref}>`;
  if ('Fn::ImportValue' in value) return `<${textOf(value['Fn::ImportValue'])}>`;
  throw new Error(`A text of an unknown kind: ${JSON.stringify(value)}`);
}
