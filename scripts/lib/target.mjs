import { devNull } from 'node:os';
import { join } from 'node:path';
import { Aws } from './clients.mjs';
import { CACHE, LOCAL_AWS, NODE_MODULES, VENV_PYTHON } from './paths.mjs';
import { Problem } from './problem.mjs';

/** The Region and the account of the local AWS. Any other would do as well. */
const LOCAL_REGION = 'us-east-1';
const LOCAL_ACCOUNT = '123456789012';
const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

/**
 * Where an application is deployed to. The two targets differ in endpoint and credentials, and in nothing else.
 *
 * @typedef {object} Target
 * @property {'local' | 'real'} kind
 * @property {string} account
 * @property {string} region
 * @property {NodeJS.ProcessEnv} env the environment for tools
 * @property {object} clientOptions what each client of the AWS SDK is made with
 */

/** For both targets: no questions, no news, nothing written to the home directory. */
const TOOLS = {
  CDK_DISABLE_CLI_TELEMETRY: 'true',
  CDK_HOME: join(CACHE, 'cdk-home'),
  NODE_NO_WARNINGS: '1',
};

/**
 * The environment for the local AWS itself and for all that talks to it. Nothing of the user's own AWS settings is in
 * it, and nobody looks for others: a profile, an endpoint or the credentials of a cloud machine could send a request to
 * a real account.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {NodeJS.ProcessEnv}
 */
export function withoutAws(env = process.env) {
  const own = Object.entries(env).filter(([name]) => !/^(AWS|CDK)_/.test(name));
  const noProxy = [env.NO_PROXY ?? env.no_proxy, 'localhost', '127.0.0.1'].filter(Boolean).join(',');
  return {
    ...Object.fromEntries(own),
    ...TOOLS,
    AWS_ACCESS_KEY_ID: LOCAL_CREDENTIALS.accessKeyId,
    AWS_CONFIG_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    NO_PROXY: noProxy,
    no_proxy: noProxy,
  };
}

/**
 * @param {{ endpoint: string, data: string }} localAws
 * @returns {Target}
 */
export function localTarget({ endpoint, data }) {
  return {
    kind: 'local',
    account: LOCAL_ACCOUNT,
    region: LOCAL_REGION,
    env: {
      ...withoutAws(),
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: LOCAL_REGION,
      AWS_DEFAULT_REGION: LOCAL_REGION,
      CDK_DOCKER: join(LOCAL_AWS, 'bin', 'docker'),
      CDK_VALIDATION: 'false', // the template validator of newer CDK versions: seconds for each synthesis
      LOCAL_AWS_PYTHON: VENV_PYTHON,
      LOCAL_AWS_DATA: data,
      LOCAL_AWS_NODE_PATH: NODE_MODULES,
    },
    clientOptions: {
      endpoint,
      region: LOCAL_REGION,
      credentials: LOCAL_CREDENTIALS,
      forcePathStyle: true, // a bucket's own host name would not resolve
      useDualstackEndpoint: false, // the user's own settings, which no local endpoint can follow
      useFipsEndpoint: false,
    },
  };
}

/**
 * The user's own account, with the user's own credentials. Asks AWS whose they are before anything else.
 *
 * @param {{ account: string, region?: string }} options
 * @returns {Promise<Target>}
 */
export async function realTarget({ account, region = process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION }) {
  if (!region) throw new Problem('The Region is not known: give --region, or set AWS_REGION.');
  const clientOptions = { region };
  const aws = new Aws({ kind: 'real', clientOptions });
  const identity = await aws.call('sts', 'GetCallerIdentity', {}).catch((error) => {
    throw new Problem(`AWS does not accept the credentials: ${error.message}`);
  }).finally(() => aws.close());
  if (identity.Account !== account) {
    throw new Problem(`The credentials belong to account ${identity.Account}, and --account is ${account}: nothing was done.`);
  }
  return { kind: 'real', account, region, env: { ...process.env, ...TOOLS, AWS_REGION: region, AWS_DEFAULT_REGION: region }, clientOptions };
}
