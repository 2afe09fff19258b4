import { endpointsOfActions } from '../../src/private/endpoint-of-action';

describe('endpointsOfActions', () => {
  test('names each endpoint once, whatever the spelling', () => {
    expect(endpointsOfActions(['sqs:SendMessage', 'SQS:GetQueueUrl', 'sts:AssumeRole'])).toEqual(['sqs', 'sts']);
  });

  test('needs none for what every task reaches, for keys, and for what it does not know', () => {
    expect(endpointsOfActions(['s3:GetObject', 'logs:PutLogEvents', 'kms:Decrypt', 'made-up:Call', '*'])).toEqual([]);
  });
});
