import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, ROOT, VENV } from './paths.mjs';
import { Problem } from './problem.mjs';
import { run, runOrFail } from './processes.mjs';
import { bin } from './runners.mjs';

const PROFILES = ['production', 'development'];

/** cfn-lint on the shop's templates, in each profile: no error. Its warnings are shown and do not fail. */
export async function cfnLint(tell) {
  for (const profile of PROFILES) {
    tell(profile);
    const assembly = join(CACHE, 'cfn-lint', profile);
    await runOrFail('The shop could not be synthesised', bin('cdk'), ['synth', '--quiet', '--context', `profile=${profile}`, '--output', assembly], {
      cwd: join(ROOT, 'examples', 'shop', 'typescript'),
      env: { ...process.env, CDK_VALIDATION: 'false', CDK_DISABLE_CLI_TELEMETRY: 'true', NODE_NO_WARNINGS: '1' },
    });
    const templates = readdirSync(assembly).filter((file) => file.endsWith('.template.json')).map((file) => join(assembly, file));
    const { code, output } = await run(join(VENV, 'bin', 'cfn-lint'), ['--non-zero-exit-code', 'error', '--', ...templates]);
    if (code !== 0) throw new Problem(`cfn-lint finds errors in the shop in ${profile}`, { details: output });
  }
  return { passed: PROFILES.length, failed: 0 };
}
