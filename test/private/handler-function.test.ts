import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ClusterProfile } from '../../src';
import { HandlerFunction } from '../../src/private/handler-function';

const HANDLERS = join(__dirname, '../../src/private/handlers');
const names = readdirSync(HANDLERS).filter((name) => name !== 'shared');

function create(handler: string) {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  new HandlerFunction(stack, 'Handler', {
    handler, description: 'Does something', timeout: Duration.seconds(30), environment: { NAME: 'value' }, profile: ClusterProfile.PRODUCTION,
  });
  return { template: Template.fromStack(stack), folder: app.synth().directory };
}

describe('HandlerFunction', () => {
  test.each(names)('%s ships its own folder and what handlers share, and no other', (handler) => {
    const { folder } = create(handler);
    const [asset] = readdirSync(folder).filter((name) => name.startsWith('asset.'));
    expect(readdirSync(join(folder, asset)).sort()).toEqual([handler, 'shared'].sort());
    expect(existsSync(join(folder, asset, handler, 'index.js'))).toBe(true);
  });

  test('is a function with a role and a log group, that may write its log and nothing else', () => {
    const { template } = create(names[0]);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Handler: `${names[0]}/index.handler`, Timeout: 30, MemorySize: 256, Environment: { Variables: { NAME: 'value' } }, LoggingConfig: { LogGroup: Match.anyValue() },
    });
    template.hasResourceProperties('AWS::IAM::Role', {
      ManagedPolicyArns: Match.absent(),
      Policies: [{ PolicyDocument: { Statement: [{ Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Effect: 'Allow', Resource: { 'Fn::GetAtt': ['HandlerLogGroup50A7B41D', 'Arn'] } }] } }],
    });
  });
});
