'use strict';

const { DescribeSecretCommand, GetSecretValueCommand, SecretsManagerClient } = require('@aws-sdk/client-secrets-manager');
const { GetParameterCommand, SSMClient } = require('@aws-sdk/client-ssm');

/** What is wrong with a secret, as a task definition refers to it; undefined where tasks can read it. Values never leave this file. */
async function secretProblem(reference, account) {
  const parts = reference.split(':');
  try {
    if (parts[2] === 'ssm') return await parameterProblem(parts, account);
    return await problemInSecretsManager(parts);
  } catch (problem) {
    return `${parts[2] === 'ssm' ? 'parameter' : 'secret'} ${nameOf(parts)} could not be looked at (${problem.name})`;
  }
}

/** `arn:aws:secretsmanager:region:account:secret:name:key:stage:version`, the last three perhaps empty or left out. */
async function problemInSecretsManager(parts) {
  const client = new SecretsManagerClient({ region: parts[3] });
  const SecretId = parts.slice(0, 7).join(':');
  const [key, stage, version] = parts.slice(7);
  const name = nameOf(parts);
  const secret = await present(client.send(new DescribeSecretCommand({ SecretId })));
  if (secret === undefined) return `secret ${name} does not exist in ${parts[3]}; create it, or correct its name`;
  if (secret.DeletedDate !== undefined) return `secret ${name} is scheduled for deletion; restore it, or name another one`;
  if (!hasVersion(secret, stage, version)) return `secret ${name} has no value${stage || version ? ` in version ${version || stage}` : ''}; put one`;
  if (!key) return undefined;
  const given = { VersionStage: stage || undefined, VersionId: version || undefined };
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId, ...given }));
  return keyProblem(SecretString, key, name);
}

function hasVersion({ VersionIdsToStages = {} }, stage, version) {
  if (version) return version in VersionIdsToStages;
  return Object.values(VersionIdsToStages).some((stages) => stages.includes(stage || 'AWSCURRENT'));
}

function keyProblem(text, key, name) {
  const members = parsed(text);
  if (members === null || typeof members !== 'object' || Array.isArray(members)) {
    return `secret ${name} has key ${key} taken from it, but its value is no JSON object; put one, or take the whole value`;
  }
  return key in members ? undefined : `secret ${name} has no key ${key}; put it into the JSON object, or correct its name`;
}

/** The error of a parser would show what it could not read. */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Without decryption: that it is there is all that is asked. `parameter/key` is the parameter `key` or `/key`: the ARN does not say. */
async function parameterProblem(parts, account) {
  const client = new SSMClient({ region: parts[3] });
  const path = parts.slice(5).join(':').slice('parameter'.length);
  const names = parts[4] !== account ? [parts.join(':')] : [path.slice(1).includes('/') ? [] : path.slice(1), path].flat();
  for (const Name of names) {
    if (await present(client.send(new GetParameterCommand({ Name, WithDecryption: false }))) !== undefined) return undefined;
  }
  return `parameter ${names[0]} does not exist in ${parts[3]}; create it, or correct its name`;
}

/** undefined for what does not exist. */
async function present(call) {
  try {
    return await call;
  } catch (problem) {
    if (problem.name === 'ResourceNotFoundException' || problem.name === 'ParameterNotFound') return undefined;
    throw problem;
  }
}

function nameOf(parts) {
  return parts[2] === 'ssm' ? parts.slice(5).join(':').slice('parameter/'.length) : parts[6] ?? parts.join(':');
}

module.exports = { secretProblem };
