'use strict';

const { imageProblem } = require('./images');
const { secretProblem } = require('./secrets');
const { isRollingBack, respond } = require('../shared/cloudformation');

/**
 * Looks, before CloudFormation goes on to a service, whether the image and the secrets that its tasks need are there, and says all that is missing at once.
 *
 * Properties: Service, Images (names), Secrets (as a task definition refers to them).
 */
exports.handler = async (event) => {
  const physicalId = event.PhysicalResourceId ?? `${event.LogicalResourceId}-${event.RequestId}`;
  let error;
  try {
    error = await check(event);
  } catch (problem) {
    error = problem.message;
  }
  if (error !== undefined) console.error(error); // the text that CloudFormation shows
  await respond(event, { physicalId, error });
};

/** What is missing; undefined for nothing. A rollback must not fail for what somebody has deleted meanwhile. */
async function check(event) {
  if (event.RequestType === 'Delete') return undefined;
  if (event.RequestType === 'Update' && await isRollingBack(event)) return undefined;
  const { Service, Images = [], Secrets = [] } = event.ResourceProperties;
  const account = event.StackId.split(':')[4];
  const problems = await Promise.all([...new Set(Images)].map((image) => imageProblem(image)).concat([...new Set(Secrets)].map((secret) => secretProblem(secret, account))));
  const found = problems.filter((problem) => problem !== undefined);
  if (found.length === 0) return undefined;
  return [`tasks of ${Service} could not start, so the service stays as it is:`, ...found.map((problem) => `- ${problem}`)].join('\n');
}
