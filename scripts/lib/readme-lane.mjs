import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { npmPack } from './npm.mjs';
import { NODE_MODULES, ROOT, VENV } from './paths.mjs';
import { Problem } from './problem.mjs';
import { runOrFail } from './processes.mjs';
import { bin } from './runners.mjs';

const SECTION = 'In an app of your own';
const LANGUAGES = ['TypeScript', 'Python'];

/**
 * A stranger's first ten minutes: in an empty directory, what the README says is done to the letter in each language, with the artifacts that would be
 * published in the place of those of the package registries, up to `synth`.
 *
 * @param {(news: string) => void} tell
 */
export async function followReadme(tell) {
  // outside of the checkout, whose own packages would hide that one is missing.
  const work = realpathSync(mkdtempSync(join(tmpdir(), 'readme-')));
  try {
    tell('packing');
    const artifacts = await pack(join(work, 'dist'));
    const templates = [];
    for (const language of LANGUAGES) {
      tell(`following the README in ${language}`);
      const folder = join(work, language.toLowerCase());
      mkdirSync(folder);
      templates.push(await follow(stepsOf(readme(), language), folder, artifacts[language]));
    }
    if (!isDeepStrictEqual(resourcesOf(templates[0]), resourcesOf(templates[1]))) throw new Problem('The README has two different apps in TypeScript and Python');
    const services = Object.values(templates[0].Resources).filter(({ Type }) => Type === 'AWS::ECS::Service').length;
    if (services !== 2) throw new Problem(`The README's app has ${services} services in its template, not 2`);
    return { passed: LANGUAGES.length, failed: 0 };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function readme() {
  return readFileSync(join(ROOT, 'README.md'), 'utf8');
}

/**
 * What the section says to do: commands, and files with their text, in order; `deploy` is left to those who have an account.
 *
 * @param {string} text
 * @param {string} language
 * @returns {({ commands: string[] } | { file: string, content: string })[]}
 */
export function stepsOf(text, language) {
  const section = text.split(/^## /m).find((part) => part.startsWith(SECTION));
  if (section === undefined) throw new Problem(`The README has no section '${SECTION}'`);
  const parts = section.split(/^### /m).filter((part) => part.startsWith(language) || part.startsWith('Then'));
  return parts.flatMap((part) => [...part.matchAll(/(?:^`([^`\n]+)`:\n\n)?^```(\w+)[^\n]*\n([\s\S]*?)\n```/gm)].map(([, file, kind, content]) => {
    if (kind === 'sh') return { commands: content.split('\n').filter((line) => !/ deploy\b/.test(line)) };
    if (file === undefined) throw new Problem(`The README does not say which file is: ${content.slice(0, 60)}`);
    return { file, content: `${content}\n` };
  }));
}

/** The tarball and the wheel. */
async function pack(dist) {
  mkdirSync(dist);
  const tarball = await npmPack(ROOT, dist);
  await runOrFail('The wheel could not be built', bin('jsii-pacmak'), ['--target', 'python', '--outdir', dist], { cwd: ROOT });
  const wheel = readdirSync(join(dist, 'python')).find((file) => file.endsWith('.whl'));
  return { TypeScript: tarball, Python: join(dist, 'python', wheel) };
}

/** Does the steps in a shell of their own each, which goes on where the one before has stopped; gives the template. */
async function follow(steps, folder, artifact) {
  const script = [`cd '${folder}'`];
  for (const step of steps) {
    if (step.commands) script.push(...step.commands.map((line) => line.replace(/\bcdk-ecs-workloads\b/, `'${artifact}'`).replace('npx aws-cdk@2', `node '${join(NODE_MODULES, 'aws-cdk', 'bin', 'cdk')}'`)));
    else script.push(`mkdir -p '${dirname(step.file)}'`, `cat > '${step.file}' <<'END_OF_FILE'\n${step.content}END_OF_FILE`);
  }
  const file = join(folder, 'follow.sh');
  writeFileSync(file, ['set -e', ...script, ''].join('\n'));
  await runOrFail('The README cannot be followed', 'bash', [file], {
    cwd: folder,
    env: { ...process.env, PATH: `${join(VENV, 'bin')}:${process.env.PATH}`, CDK_DISABLE_CLI_TELEMETRY: 'true', npm_config_audit: 'false', npm_config_fund: 'false' },
  });
  return JSON.parse(readFileSync(join(folder, 'shop', 'cdk.out', 'ShopStack.template.json'), 'utf8'));
}

/** The two apps may have different versions of aws-cdk-lib, as `cdk init` wants it, so that properties may differ. */
function resourcesOf({ Resources }) {
  return Object.fromEntries(Object.entries(Resources).filter(([, { Type }]) => Type !== 'AWS::CDK::Metadata').map(([id, { Type }]) => [id, Type]));
}
