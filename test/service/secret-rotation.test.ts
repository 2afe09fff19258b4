import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { EcsMicroservice, RotationOptions } from '../../src';
import { secretReference } from '../../src/service/secret-reference';
import { createCluster, createService, createStack, ENV, IMAGE } from '../util/fixtures';

const DB = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf';

function rotated(secrets: (stack: Stack) => ecs.Secret[], options?: RotationOptions): Template {
  const stack = createStack();
  const service = new EcsMicroservice(stack, 'Orders', {
    cluster: createCluster(stack), image: IMAGE, secrets: Object.fromEntries(secrets(stack).map((secret, index) => [`S${index}`, secret])),
  });
  service.redeployOnRotation(options);
  return Template.fromStack(stack);
}

const db = (stack: Stack, field?: string) => ecs.Secret.fromSecretsManager(
  (stack.node.tryFindChild('Db') as secretsmanager.ISecret | undefined) ?? secretsmanager.Secret.fromSecretCompleteArn(stack, 'Db', DB), field);

describe('redeployOnRotation', () => {
  test('hears of new values of a secret and of the end of its rotation, once for all its keys', () => {
    rotated((stack) => [db(stack, 'user'), db(stack, 'password')]).hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        $or: [
          {
            'source': ['aws.secretsmanager'],
            'detail-type': ['AWS API Call via CloudTrail'],
            'detail': {
              eventName: ['PutSecretValue', 'UpdateSecret', 'UpdateSecretVersionStage'],
              errorCode: [{ exists: false }],
              requestParameters: { secretId: [{ prefix: DB }, 'db-AbCdEf', 'db'], versionStages: [{ exists: false }, 'AWSCURRENT'] },
            },
          },
          {
            'source': ['aws.secretsmanager'],
            'detail-type': ['AWS Service Event via CloudTrail'],
            'detail': { eventName: ['RotationSucceeded'], additionalEventData: { SecretId: [{ prefix: DB }] } },
          },
        ],
      },
    });
  });

  test('hears of a parameter, without CloudTrail', () => {
    rotated((stack) => [ecs.Secret.fromSsmParameter(ssm.StringParameter.fromStringParameterName(stack, 'Key', '/orders/key'))])
      .hasResourceProperties('AWS::Events::Rule', {
        EventPattern: { 'source': ['aws.ssm'], 'detail-type': ['Parameter Store Change'], 'detail': { name: ['/orders/key'], operation: ['Create', 'Update'] } },
      });
  });

  test('hears of a secret that an extension gave to the service later, and of one that a sidecar has', () => {
    const { service, stack, template } = createService({ secrets: { KEY: ecs.Secret.fromSsmParameter(ssm.StringParameter.fromStringParameterName(createStack(), 'K', 'key')) } });
    service.redeployOnRotation();
    service.addSidecar('Proxy', { image: IMAGE, secrets: { DB: db(stack) } });
    expect(JSON.stringify(template().findResources('AWS::Events::Rule'))).toContain(DB);
  });

  test('waits for quiet, and leaves it to a later execution, if there is one', () => {
    const template = rotated((stack) => [db(stack)], { quietTime: Duration.minutes(5) });
    const [machine] = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
    const text = JSON.stringify(machine.Properties.DefinitionString);
    expect(text).toContain('\\"WaitForQuiet\\":{\\"Type\\":\\"Wait\\",\\"Seconds\\":300');
    expect(text).toContain('aws-sdk:sfn:listExecutions');
    expect(text).toContain('\\"ForceNewDeployment\\":true');
  });

  test('may update this service, list its own executions, and start them; no more', () => {
    const template = rotated((stack) => [db(stack)]);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: Match.objectLike({
        Statement: [
          { Action: 'states:ListExecutions', Effect: 'Allow', Resource: { Ref: Match.stringLikeRegexp('^OrdersSecretRotationStateMachine') } },
          {
            Action: 'ecs:UpdateService',
            Effect: 'Allow',
            Resource: { Ref: Match.stringLikeRegexp('^OrdersService') },
            Condition: { ArnEquals: { 'ecs:cluster': { 'Fn::GetAtt': [Match.stringLikeRegexp('^Platform'), 'Arn'] } } },
          },
        ],
      }),
    });
    for (const principal of ['states.amazonaws.com', 'events.amazonaws.com']) {
      template.hasResourceProperties('AWS::IAM::Role', {
        AssumeRolePolicyDocument: Match.objectLike({
          Statement: [Match.objectLike({ Principal: { Service: principal }, Condition: { StringEquals: { 'aws:SourceAccount': ENV.account } } })],
        }),
      });
    }
  });

  test('is not there unless asked for', () => {
    createService({ secrets: {} }).template().resourceCountIs('AWS::Events::Rule', 0);
  });

  test('fails when the service has no secret', () => {
    expect(() => createService().service.redeployOnRotation()).toThrow(
      "'redeployOnRotation' needs a secret that may change, got none; give the service 'secrets', or do not call it (at Stack/Orders)");
  });

  test.each([0, 3601])('fails when quietTime is %d seconds', (seconds) => {
    expect(() => rotated((stack) => [db(stack)], { quietTime: Duration.seconds(seconds) })).toThrow(
      `'quietTime' must be between 1 and 3600 seconds, got ${seconds} seconds; a minute joins the changes of one rotation (at Stack/Orders)`);
  });

  test('fails when redeployOnRotation would have to hear of more secrets than a pattern holds', () => {
    expect(() => rotated((stack) => Array.from({ length: 7 }, (_, index) => ecs.Secret.fromSecretsManager(
      secretsmanager.Secret.fromSecretNameV2(stack, `Secret${index}`, `secret-${index}`))))).toThrow(
      "'redeployOnRotation' hears of 6 secrets at most, got 7; put values that change together into one secret, as keys of its JSON (at Stack/Orders/SecretRotation)");
  });
});

describe('the reference to a secret', () => {
  const arnOf = (declare: (stack: Stack) => ecs.Secret) => {
    const stack = createStack();
    return [secretReference(declare(stack).arn), stack] as const;
  };

  test.each(['', ':password::', '::AWSPREVIOUS:', ':password::v1'])('with "%s" behind it', (suffix) => {
    expect(secretReference(`${DB}${suffix}`)).toEqual({ kind: 'secret', arn: DB, match: 'prefix', names: ['db-AbCdEf', 'db'] });
  });

  test('by name lacks the six characters', () => {
    const [reference, stack] = arnOf((scope) => ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(scope, 'S', 'shared/database')));
    expect(stack.resolve(reference)).toMatchObject({ kind: 'secret', names: ['shared/database'], match: 'prefix-and-suffix' });
  });

  test('by a name that ends as if it had them compares the beginning', () => {
    const [reference, stack] = arnOf((scope) => ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(scope, 'S', 'app-config')));
    expect(stack.resolve(reference)).toMatchObject({ kind: 'secret', names: ['app-config', 'app'], match: 'prefix' });
  });

  test.each([[undefined], ['password']])('to a secret of the stack, with the key %s, is its token', (field) => {
    const [reference, stack] = arnOf((scope) => ecs.Secret.fromSecretsManager(new secretsmanager.Secret(scope, 'S'), field));
    expect(stack.resolve(reference)).toEqual({ kind: 'secret', arn: { Ref: expect.stringMatching(/^S/) }, match: 'exact', names: [] });
  });

  test.each(['key', '/orders/key'])('to the parameter %s has its name', (name) => {
    const [reference] = arnOf((scope) => ecs.Secret.fromSsmParameter(ssm.StringParameter.fromStringParameterName(scope, 'P', name)));
    expect(reference).toEqual({ kind: 'parameter', name });
  });

  test.each([[undefined], ['/orders/key']])('to a parameter of the stack with the name %s is its token', (parameterName) => {
    const [reference, stack] = arnOf((scope) => ecs.Secret.fromSsmParameter(new ssm.StringParameter(scope, 'P', { parameterName, stringValue: 'x' })));
    expect(stack.resolve(reference)).toEqual({ kind: 'parameter', name: { Ref: expect.stringMatching(/^P/) } });
  });
});
