import { awscdk, javascript, JsonFile, ProjenrcFile } from 'projen';

/** The peer floor and the version that the library is built and tested with: see docs/decisions/0001-versions.md. */
const CDK = '2.257.0';

/** Marks this file as the source of the generated files. */
class Rc extends ProjenrcFile {
  public readonly filePath = '.projenrc.ts';
}

/** Python, Java, .NET and Go names of the package: one place. */
const PYTHON = { distName: 'cdk-ecs-workloads', module: 'cdk_ecs_workloads' };
const OTHER_TARGETS = {
  java: { package: 'io.github.cdkecsworkloads', maven: { groupId: 'io.github.cdkecsworkloads', artifactId: 'cdk-ecs-workloads' } },
  dotnet: { namespace: 'CdkEcsWorkloads', packageId: 'CdkEcsWorkloads' },
  go: { moduleName: 'github.com/cdk-ecs-workloads/cdk-ecs-workloads-go', packageName: 'cdkecsworkloads' },
};

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-ecs-workloads',
  description: 'Production-grade Amazon ECS workloads in a few lines of AWS CDK: services, queue workers, tasks and batch pipelines',
  author: 'The cdk-ecs-workloads authors',
  authorAddress: 'maintainers@cdk-ecs-workloads.dev',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/cdk-ecs-workloads/cdk-ecs-workloads.git',
  defaultReleaseBranch: 'main',
  license: 'Apache-2.0',
  copyrightOwner: 'The cdk-ecs-workloads authors',
  keywords: ['aws', 'cdk', 'ecs', 'fargate', 'batch', 'step-functions', 'containers'],

  // Versions. Exact for tools: a build is the same build everywhere.
  packageManager: javascript.NodePackageManager.NPM,
  minNodeVersion: '20.0.0',
  workflowNodeVersion: '22',
  cdkVersion: CDK,
  constructsVersion: '10.5.1',
  jsiiVersion: '6.0.16',
  typescriptVersion: '6.0.3',
  projenVersion: '0.103.25',

  // Layout: src, test, integ, examples. jsii writes a tsconfig.json of its own, which is ignored.
  sampleCode: false,
  projenrcJs: false,
  disableTsconfig: true,
  tsconfigDev: {
    fileName: 'tsconfig.dev.json',
    include: ['.projenrc.ts', 'integ/**/*.ts', 'examples/**/*.ts'],
    exclude: ['**/*.snapshot', '**/node_modules', '**/cdk.out'],
    compilerOptions: {
      target: 'ES2022',
      lib: ['es2022'],
      module: 'node16',
      noEmit: true,
      isolatedModules: true,
      skipLibCheck: true,
      paths: { 'cdk-ecs-workloads': ['./src/index.ts'] },
    },
  },

  // Checks.
  typecheckTests: true,
  jestOptions: {
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    passWithNoTests: false,
    junitReporting: false,
    coverageText: false,
    jestConfig: {
      coverageReporters: ['text-summary', 'lcov'],
      maxWorkers: 2,
      testPathIgnorePatterns: ['/node_modules/', '/.cache/', '/cdk.out/'],
      modulePathIgnorePatterns: ['<rootDir>/.cache/'],
      setupFilesAfterEnv: ['<rootDir>/test/util/every-state-machine.ts'],
    },
  },
  eslintOptions: {
    dirs: ['src', 'test', 'integ', 'examples', '.projenrc.ts'],
    devdirs: ['test', 'integ', 'examples'],
    fileExtensions: ['.ts'],
    projectService: false,
    tsconfigPath: './tsconfig.dev.json',
    commandOptions: { fix: false, extraArgs: ['--max-warnings=0'] },
  },

  // Release to npm and PyPI by trusted publishing: no long-lived token anywhere.
  buildWorkflowOptions: { mutableBuild: false },
  release: true,
  releaseToNpm: true,
  jsiiReleaseVersion: '0.2.1061',
  bumpPackage: 'commit-and-tag-version@12.7.3',
  npmTrustedPublishing: true,
  publishToPypi: { ...PYTHON, trustedPublishing: true },
  minMajorVersion: 0,
  depsUpgrade: false,
  pullRequestTemplate: false,
  stale: false,
  githubOptions: { pullRequestLint: false, mergify: false },
  clobber: false,
  vscode: false,
  lambdaAutoDiscover: false,
  edgeLambdaAutoDiscover: false,
  singletonLambdaAutoDiscover: false,
  lambdaExtensionAutoDiscover: false,
  integrationTestAutoDiscover: false,

  devDeps: [
    'tsx@4.23.15',
    'aws-cdk@2.1148.1',
    '@aws-cdk/aws-service-spec@0.1.167',
    '@aws-cdk/integ-runner@2.197.10',
    '@aws-cdk/integ-tests-alpha@2.245.0-alpha.0',
    'asl-validator@4.0.0',
    'cdk-nag@3.0.2',
    'fast-check@4.10.2',
    '@aws-sdk/client-batch@3.1138.0',
    ...[
      'application-auto-scaling', 'cloudformation', 'cloudwatch', 'cloudwatch-logs', 'ec2', 'ecr', 'ecs', 'elastic-load-balancing-v2', 'eventbridge', 'lambda',
      's3',
      'scheduler', 'secrets-manager', 'sfn', 'sqs', 'ssm', 'sts',
    ].map((service) => `@aws-sdk/client-${service}@3.1141.0`),
  ],
});

// Tools that projen adds without a version.
project.addDevDeps(
  'jest@30.5.2', '@types/jest@30.0.0', 'ts-jest@29.4.15', 'eslint@9.39.5', 'jsii-diff@1.134.0', 'jsii-docgen@10.12.6', 'jsii-pacmak@1.140.0',
  'jsii-rosetta@6.0.17', '@types/node@20.9.5', '@stylistic/eslint-plugin@2.8.0', '@typescript-eslint/eslint-plugin@8.73.0',
  '@typescript-eslint/parser@8.73.0', 'eslint-import-resolver-typescript@4.4.5', 'eslint-plugin-import@2.32.0', 'commit-and-tag-version@12.7.3',
);

// Run this file with tsx, without a `projenrc` folder of its own.
new Rc(project);
project.defaultTask!.exec('tsx .projenrc.ts');

// A lock file that every machine takes: no addresses of one registry, and the newest
// unrs-resolver whose packages exist for all platforms (with 1.13.0 `npm ci` refuses the lock file).
const npmrc = new javascript.NpmConfig(project);
npmrc.addConfig('omit-lockfile-registry-resolved', 'true');
npmrc.addConfig('fund', 'false');
npmrc.addConfig('audit', 'false');
project.package.addPackageResolutions('unrs-resolver@1.12.2');

// Languages beside npm and PyPI: declared for jsii, published once their registries are set up.
const packageJson = project.tryFindObjectFile('package.json') as JsonFile;
for (const [language, target] of Object.entries(OTHER_TARGETS)) {
  packageJson.addOverride(`jsii.targets.${language}`, target);
  project.addTask(`package:${language}:code`, {
    description: `Generate the ${language} bindings as source`,
    exec: `jsii-pacmak -v --target ${language} --code-only --outdir dist/code`,
  });
}
// Source maps are half of the package and say nothing that the TypeScript in the repository does not.
packageJson.addOverride('jsii.tsc.inlineSourceMap', false);
packageJson.addOverride('jsii.tsc.inlineSources', false);
project.addTask('package:python:code', {
  description: 'Generate the Python bindings as source',
  exec: 'jsii-pacmak -v --target python --code-only --outdir dist/code',
});

// Lint without type information: five times faster, and CDK code has no promises to forget.
delete project.eslint!.config.parserOptions.project;
delete project.eslint!.rules['@typescript-eslint/no-floating-promises'];
delete project.eslint!.rules['@typescript-eslint/return-await'];
project.eslint!.addIgnorePattern('!.projenrc.ts');
project.eslint!.addIgnorePattern('*.snapshot');
project.eslint!.addIgnorePattern('cdk.out');
project.eslint!.allowDevDeps('.projenrc.ts');
// What jsii loses without a word (see CONTRIBUTING): generic methods, exported functions and constants.
project.eslint!.addRules({
  'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
});
project.eslint!.addOverride({ files: ['test/**', '.projenrc.ts'], rules: { 'max-lines': 'off' } });

// Tests resolve the package by its own name, as users do.
project.jest!.config.moduleNameMapper = { '^cdk-ecs-workloads$': '<rootDir>/src/index.ts' };

// One value for every task.
project.tasks.addEnvironment('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', '20');
// From 2.262 on the CDK judges each template with a rule engine: seconds per test file.
project.testTask.env('CDK_VALIDATION', 'false');

// Lambda handlers are plain JavaScript, which jsii does not compile: they are laid beside what it compiles.
project.compileTask.exec('node scripts/copy-handlers.mjs');
// And what it compiles loads its parts when they are used: see docs/decisions/0050-lazy-modules.md.
project.compileTask.exec('node scripts/slim-lib.mjs');

// README examples must compile.
project.postCompileTask.exec('jsii-rosetta extract --strict');
project.gitignore.exclude('.jsii.tabl.json', '/.cache/', '/.venv/', 'cdk.out/', 'cdk-integ.out.*', '__pycache__/', '.pytest_cache/', '/tsconfig.json', '*.tsbuildinfo', 'integ/*.snapshot/asset.*');

// Integration snapshots, compared without an account. The static values stop a search for credentials.
const integEnv = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'none', AWS_SECRET_ACCESS_KEY: 'none' };
const integ = 'integ-runner --directory integ --app "node --import tsx {filePath}"'
  + ' --test-regex "^integ\\..*\\.ts$" --parallel-regions us-east-1';
project.addTask('dashboard-preview', {
  description: 'Draw the dashboards, with generated data, into docs/images', exec: 'tsx scripts/dashboard-preview.mjs', receiveArgs: true,
});
project.addTask('integ', { description: 'Compare the integration snapshots', env: integEnv, exec: integ, receiveArgs: true });
project.addTask('integ:snapshot', {
  description: 'Write the integration snapshots without deploying',
  env: integEnv,
  exec: `${integ} --dry-run --update-on-failed`,
  receiveArgs: true,
});

// The commands of the README are plain Node, so that they can set up a fresh machine.
const scripts = { 'demo': 'demo', 'test': 'test', 'verify': 'verify', 'integ:deploy': 'integ-deploy' };
for (const [name, file] of Object.entries(scripts)) {
  project.setScript(name, `node scripts/${file}.mjs`);
}
project.setScript('bench', 'node bench/bench.mjs');

for (const path of [
  '/.projenrc.ts', '/integ/', '/examples/', '/rosetta/', '/.ci/', '/scripts/', '/local-aws/', '/docs/', '/bench/', '/compat/', '/.cache/', '/.venv/',
  '/tsconfig.dev.json', '/coverage/', '/API.md', '/CONTRIBUTING.md', '/ARCHITECTURE.md', '/SECURITY.md', '*.tsbuildinfo', '.jsii.tabl.json', '/.npmrc', '/pytest.ini',
]) {
  project.addPackageIgnore(path);
}

// The publisher's own default is right; no address of a registry belongs into this repository. And trusted publishing
// needs the npm that comes with Node 24: see docs/decisions/0006-release.md.
const releaseWorkflow = project.tryFindObjectFile('.github/workflows/release.yml')!;
releaseWorkflow.addDeletionOverride('jobs.release_npm.steps.9.env.NPM_REGISTRY'); // scripts/test/workflows.test.mjs guards the index
releaseWorkflow.addOverride('jobs.release_npm.steps.0.with.node-version', '24');

// One Python builds the wheel, in the check and in the release; and the check of a pull request has nothing to write.
const buildWorkflow = project.tryFindObjectFile('.github/workflows/build.yml')!;
releaseWorkflow.addOverride('jobs.release_pypi.steps.1.with.python-version', '3.12');
buildWorkflow.addOverride('jobs.package-python.steps.1.with.python-version', '3.12');
buildWorkflow.addOverride('jobs.build.permissions', { contents: 'read' });

project.synth();
