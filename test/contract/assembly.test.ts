import * as fs from 'fs';
import * as path from 'path';
import * as library from '../../src';

/**
 * What other languages see. jsii accepts a number of things that it then loses or mangles without a word; this test looks for them in the
 * assembly that `npx projen compile` writes.
 */
const FILE = path.join(__dirname, '../../.jsii');

interface Member {
  name: string;
  optional?: boolean;
  docs?: { summary?: string; default?: string; example?: string };
  type?: Reference;
  parameters?: Member[];
  returns?: { type: Reference };
  static?: boolean;
  overrides?: string;
}
interface Reference {
  primitive?: string;
  fqn?: string;
  union?: unknown;
  intersection?: unknown;
  collection?: { elementtype: Reference };
}
interface Type {
  fqn: string;
  name: string;
  kind: string;
  datatype?: boolean;
  docs?: { summary?: string };
  properties?: Member[];
  methods?: Member[];
  members?: Member[];
  initializer?: { parameters?: Member[] };
}

const types: Type[] = Object.values(JSON.parse(fs.readFileSync(FILE, 'utf8')).types);
const structs = types.filter((type) => type.datatype === true);

/** Every place where a type is named, with the place. */
function references(): [string, Reference][] {
  return types.flatMap((type) => [
    ...(type.properties ?? []).map((property): [string, Reference] => [`${type.name}.${property.name}`, property.type!]),
    ...[...(type.methods ?? []), ...(type.initializer ? [{ name: 'constructor', ...type.initializer }] : [])].flatMap((method) => [
      ...(method.parameters ?? []).map((parameter): [string, Reference] => [`${type.name}.${method.name}(${parameter.name})`, parameter.type!]),
      ...('returns' in method && method.returns ? [[`${type.name}.${method.name}()`, method.returns.type] as [string, Reference]] : []),
    ]),
  ]);
}

function flatten(reference: Reference): Reference[] {
  return [reference, ...reference.collection ? flatten(reference.collection.elementtype) : []];
}

describe('assembly', () => {
  test('has everything that the module exports: jsii drops functions and constants', () => {
    expect(Object.keys(library).sort()).toEqual(types.filter((type) => type.kind !== 'interface').map((type) => type.name).sort());
  });

  test('has no unions, intersections, any or CloudFormation types in its signatures', () => {
    const escapeHatches = ['EcsMicroservice.targetGroup', 'EcsMicroservice.internalTargetGroup', 'EcsBatchPipeline.computeEnvironment', 'EcsBatchPipeline.jobQueue', 'BatchJob.definition',
      'BatchCompute.jobQueue', 'BatchCompute.spotJobQueue', 'BatchCompute.computeEnvironments'];
    const templates = ['UpgradeSafety.compare(before)', 'UpgradeSafety.compare(after)']; // JSON, as Template.toJSON() has it
    const bad = references()
      .filter(([place, reference]) => ![...escapeHatches, ...templates].includes(place) && flatten(reference).some((part) =>
        part.union !== undefined || part.intersection !== undefined || part.primitive === 'any' || part.fqn?.match(/\.Cfn[A-Z]/)))
      .map(([place]) => place);
    expect(bad).toEqual([]);
  });

  test('names structs without I, so that Python keeps its keyword arguments', () => {
    expect(structs.map((type) => type.name).filter((name) => /^I[A-Z]/.test(name))).toEqual([]);
    expect(types.filter((type) => type.kind === 'interface' && type.datatype !== true).map((type) => type.name).filter((name) => !/^I[A-Z]/.test(name))).toEqual([]);
  });

  test('documents everything', () => {
    const bad = types.flatMap((type) => [
      ...type.docs?.summary ? [] : [type.name],
      ...[...(type.properties ?? []), ...(type.methods ?? []), ...(type.members ?? [])]
        .filter((member) => !member.overrides && !member.docs?.summary)
        .map((member) => `${type.name}.${member.name}`),
    ]);
    expect(bad).toEqual([]);
  });

  test('says what each optional prop is without a value', () => {
    const bad = structs.flatMap((type) => (type.properties ?? [])
      .filter((property) => property.optional && !property.docs?.default)
      .map((property) => `${type.name}.${property.name}`));
    expect(bad).toEqual([]);
  });

  test('shows an example for each factory', () => {
    const bad = types.flatMap((type) => (type.methods ?? [])
      .filter((method) => method.static && method.returns?.type.fqn === type.fqn && !method.docs?.example)
      .map((method) => `${type.name}.${method.name}`));
    expect(bad).toEqual([]);
  });

  test('keeps constructs at 15 props and options at 8', () => {
    const bad = structs.filter((type) => (type.properties ?? []).length > (/(Props|Attributes)$|^JobOptions$/.test(type.name) ? 15 : 8)).map((type) => type.name);
    expect(bad).toEqual([]);
  });

  test('uses no word that is reserved in one of its languages', () => {
    const reserved = new Set(['from', 'with', 'import', 'lambda', 'make', 'default', 'class', 'is', 'in', 'pass', 'del', 'global', 'none', 'package', 'type']);
    const bad = types.flatMap((type) => [...(type.properties ?? []), ...(type.methods ?? [])].filter((member) => reserved.has(member.name))
      .map((member) => `${type.name}.${member.name}`));
    expect(bad).toEqual([]);
  });
});
