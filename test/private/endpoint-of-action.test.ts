import { endpointsOfActions } from '../../src/private/endpoint-of-action';

describe('endpointsOfActions', () => {
  test('names each endpoint once, whatever the spelling', () => {
    expect(endpointsOfActions(['sqs:SendMessage', 'SQS:GetQueueUrl', 'sts:AssumeRole', 'cloudwatch:PutMetricData'])).toEqual({ known: ['sqs', 'sts', 'monitoring'], unknown: [] });
  });

  test('needs none for what every task reaches, for keys, and for everything at once', () => {
    expect(endpointsOfActions(['s3:GetObject', 'logs:PutLogEvents', 'kms:Decrypt', '*'])).toEqual({ known: [], unknown: [] });
  });

  test('says what it does not know', () => {
    expect(endpointsOfActions(['bedrock:InvokeModel', 'bedrock:ListModels', 'constructor:Call'])).toEqual({ known: [], unknown: ['bedrock', 'constructor'] });
  });
});
