'use strict';

const https = require('node:https');

/** CloudFormation takes 4,096 bytes of an answer, with all of its fields. */
const LONGEST_REASON = 3000;

/** Whether the stack goes back to what it was: then nothing new is to be done, and nothing may stand in its way. */
async function isRollingBack(event) {
  const { CloudFormationClient, DescribeStacksCommand } = require('@aws-sdk/client-cloudformation');
  const { Stacks: [stack] } = await new CloudFormationClient().send(new DescribeStacksCommand({ StackName: event.StackId }));
  return stack.StackStatus.includes('ROLLBACK');
}

/**
 * Answers the request of a custom resource. The address is a credential of its own: it stands in no log and in no error.
 *
 * @param {object} event what CloudFormation asked
 * @param {{ physicalId: string, error?: string, data?: object }} answer
 */
async function respond(event, { physicalId, error, data }) {
  const body = JSON.stringify({
    Status: error === undefined ? 'SUCCESS' : 'FAILED',
    ...(error === undefined ? {} : { Reason: shortened(error) }),
    PhysicalResourceId: physicalId,
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
    ...(data === undefined ? {} : { Data: data }),
  });
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await put(event.ResponseURL, body);
    } catch (problem) {
      if (attempt === 5) throw problem;
      await new Promise((resolve) => { setTimeout(resolve, 1000 * attempt); });
    }
  }
}

/** Keeps both ends: what failed stands at the beginning, the last line of a log at the end. */
function shortened(text) {
  const bytes = Buffer.from(text);
  if (bytes.length <= LONGEST_REASON) return text;
  const whole = (part) => part.toString('utf8').replace(/\uFFFD/g, '');
  return `${whole(bytes.subarray(0, 1000))}\n[...]\n${whole(bytes.subarray(bytes.length - (LONGEST_REASON - 1010)))}`;
}

function put(address, body) {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': '', 'content-length': Buffer.byteLength(body) };
    const request = https.request(new URL(address), { method: 'PUT', headers }, (response) => {
      response.resume();
      response.on('end', () => (response.statusCode < 300 ? resolve() : reject(new Error(`CloudFormation took the answer with status ${response.statusCode}`))));
    });
    request.on('error', (problem) => reject(new Error(`CloudFormation could not be answered: ${problem.code}`)));
    request.end(body);
  });
}

module.exports = { isRollingBack, respond, shortened };
