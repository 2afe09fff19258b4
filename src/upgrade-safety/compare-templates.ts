import { consequencesOfDeletion, consequencesOfReplacement, consequencesOfRevision } from './consequences';
import { Certainty, Identities } from './identities';
import { interruptionsOf, touchedProperties } from './interruptions';
import { LIVE_RULE_WRITTEN, liveRulesOf } from './live-rules';
import { Replacement, replacementOf } from './replacement';
import { constructPathOf, Template, TemplateResource } from './template';
import { behaviourOf, UpdateBehaviour } from './update-behaviour';
import { UpgradeEffect, UpgradeFinding } from './upgrade-finding';
import { changedProperties, sameValue } from './values';
import { show } from '../private/fail';

/** A resource that is in both templates. */
interface Pair {
  readonly id: string;
  readonly before: TemplateResource;
  readonly after: TemplateResource;
}

/** Resources that do nothing when they are updated, or what this library's own handlers do: they run once more, and interrupt nothing. */
const HARMLESS = ['AWS::CDK::Metadata', 'Custom::DeploymentTask', 'Custom::ServicePreflight', 'Custom::S3AutoDeleteObjects', 'Custom::VpcRestrictDefaultSG'];


/** Holds one template against the next, resource by resource. */
export function compareTemplates(before: Template, after: Template): UpgradeFinding[] {
  const pairs = new Map(Object.keys(before.resources).filter((id) => after.resources[id] !== undefined)
    .map((id): [string, Pair] => [id, { id, before: before.resources[id], after: after.resources[id] }]));
  const identities = new Identities(before, after);
  const replacements = findReplacements([...pairs.values()], identities);
  const liveRules = liveRulesOf(after);
  return Object.entries(before.resources).flatMap(([id, resource]) => {
    const pair = pairs.get(id);
    if (pair === undefined) return deletionOf(id, resource, after);
    return [...findingsOf(pair, replacements.get(id), identities), ...liveRules.has(id) ? writtenRule(pair) : []];
  });
}

/** A rule of a service whose traffic ECS shifts, if the update writes it. */
function writtenRule(pair: Pair): UpgradeFinding[] {
  const changed = changedProperties(pair.before.Properties, pair.after.Properties);
  return changed.length === 0 ? [] : [finding(pair, UpgradeEffect.INTERRUPTION, changed, LIVE_RULE_WRITTEN)];
}

/** One replacement gives another identity to what others name, which may replace those: until nothing new is found. */
function findReplacements(pairs: Pair[], identities: Identities): Map<string, Replacement> {
  const found = new Map<string, Replacement>();
  for (let news = true; news;) {
    news = false;
    for (const { id, before, after } of pairs) {
      const behaviour = behaviourOf(after.Type);
      if (behaviour === undefined || before.Type !== after.Type) continue;
      const replacement = replacementOf(before, after, behaviour, identities);
      if (replacement.certainty !== Certainty.NO) found.set(id, replacement);
      if (identities.replace(id, replacement.certainty)) news = true;
    }
  }
  return found;
}

function findingsOf(pair: Pair, replacement: Replacement | undefined, identities: Identities): UpgradeFinding[] {
  const { before, after } = pair;
  if (HARMLESS.includes(after.Type)) return [];
  if (before.Type !== after.Type) return [finding(pair, UpgradeEffect.REPLACEMENT, ['Type'], typeChange(before, after))];
  const touched = touchedProperties(before, after, (value) => identities.moved(value) !== Certainty.NO);
  const behaviour = behaviourOf(after.Type);
  if (behaviour === undefined) return touched.length === 0 ? [] : [finding(pair, UpgradeEffect.UNKNOWN, touched, unknown(after.Type))];
  if (makesRevision(after.Type, replacement)) return revisionOf(pair, touched);
  const replacing = replacement === undefined ? [] : [replacementFinding(pair, replacement, behaviour)];
  if (replacement?.certainty === Certainty.YES) return replacing;
  return [
    ...replacing,
    ...maybeThere(pair, identities),
    ...interruptionsOf(before, after, touched).map(({ propertyPaths, meaning }) => finding(pair, UpgradeEffect.INTERRUPTION, propertyPaths, `${meaning}.`)),
  ];
}

function replacementFinding(pair: Pair, replacement: Replacement, behaviour: UpdateBehaviour): UpgradeFinding {
  const [effect, meaning] = replacement.certainty === Certainty.YES
    ? [UpgradeEffect.REPLACEMENT, replaced(pair, replacement, behaviour)]
    : [UpgradeEffect.MAY_REPLACE, mayBeReplaced(pair, replacement, behaviour)];
  return finding(pair, effect, replacement.propertyPaths, meaning);
}

/** A new revision takes the place of nothing that runs. A job definition that is replaced has another name, and its revisions begin anew. */
function makesRevision(type: string, replacement: Replacement | undefined): boolean {
  return type === 'AWS::ECS::TaskDefinition' || (type === 'AWS::Batch::JobDefinition' && replacement === undefined);
}

/** Tags of a task definition are changed in place; all else of it, and anything of a job definition, makes a revision. */
function revisionOf(pair: Pair, touched: string[]): UpgradeFinding[] {
  const inPlace = pair.after.Type === 'AWS::ECS::TaskDefinition' ? ['Tags'] : [];
  const propertyPaths = touched.filter((name) => !inPlace.includes(name));
  if (propertyPaths.length === 0) return [];
  return [finding(pair, UpgradeEffect.NEW_REVISION, propertyPaths, `${consequencesOfRevision(pair.after.Type)}.`)];
}

function deletionOf(id: string, resource: TemplateResource, after: Template): UpgradeFinding[] {
  if (resource.DeletionPolicy?.startsWith('Retain') === true || resource.Type === 'AWS::CDK::Metadata') return [];
  const holdsData = behaviourOf(resource.Type)?.data === true;
  const moved = Object.keys(after.resources).find((other) => doTheSame(after.resources[other], resource));
  const twin = moved === undefined ? '' : ` ${show(moved)} does the same, and is there before: was the construct renamed or moved?`;
  const meaning = `It is in the template no more, and is deleted at the end of the update. ${consequencesOfDeletion(resource.Type, holdsData)}.${twin}`;
  return [finding({ id, before: resource, after: resource }, UpgradeEffect.DELETION, [], meaning)];
}

/** Resources with the same properties; of rules, the number does not count. */
function doTheSame(one: TemplateResource, other: TemplateResource): boolean {
  const { Priority: _one, ...properties } = one.Properties;
  const { Priority: _other, ...others } = other.Properties;
  return one.Type === other.Type && sameValue(properties, others);
}

/** A resource under a condition that is another one may be made, or deleted. */
function maybeThere(pair: Pair, identities: Identities): UpgradeFinding[] {
  const { before, after } = pair;
  const moved = after.Condition !== undefined && identities.moved({ Condition: after.Condition }) !== Certainty.NO;
  if (before.Condition === after.Condition && !moved) return [];
  const gone = consequencesOfDeletion(after.Type, behaviourOf(after.Type)?.data === true);
  return [finding(pair, UpgradeEffect.MAY_REPLACE, ['Condition'],
    `Its condition is another one: whether it is made, kept or deleted depends on the values that the stack is deployed with. If it goes: ${gone}.`)];
}

function replaced(pair: Pair, { propertyPaths }: Replacement, behaviour: UpdateBehaviour): string {
  const [before, after] = [pair.before.Properties, pair.after.Properties];
  const fixed = (behaviour.name ?? []).find((name) => after[name] !== undefined && sameValue(before[name], after[name]));
  const refusal = fixed === undefined ? '' : ` Since it has a name of its own (${quoted(fixed)}), CloudFormation refuses to replace it, and the update fails: `
    + 'give it another name too.';
  return `${listed(propertyPaths)} cannot be changed in place: a new one is made, then the old one is deleted. ${replacementMeans(pair, behaviour)}.${refusal}`;
}

function mayBeReplaced(pair: Pair, { propertyPaths }: Replacement, behaviour: UpdateBehaviour): string {
  return `It may be replaced for ${listed(propertyPaths)}: the templates alone do not say; a change set does. If it is: ${replacementMeans(pair, behaviour)}.`;
}

function replacementMeans({ after }: Pair, behaviour: UpdateBehaviour): string {
  return consequencesOfReplacement(after.Type, after.UpdateReplacePolicy?.startsWith('Retain') === true, behaviour.data === true);
}

function typeChange(before: TemplateResource, after: TemplateResource): string {
  const types = `It was of the type ${quoted(before.Type)} and is of the type ${quoted(after.Type)}`;
  return `${types}: CloudFormation refuses that, and the update fails. Give the construct another id.`;
}

function unknown(type: string): string {
  if (type === 'AWS::CloudFormation::Stack') return 'What is in a nested stack is not looked at: compare its own templates.';
  if (type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource') return 'Its handler is called, and decides what is done: see there.';
  return `It changes, and nothing is known here of ${quoted(type)}: see in its documentation under 'Update requires'.`;
}

function finding({ id, before, after }: Pair, effect: UpgradeEffect, propertyPaths: string[], meaning: string): UpgradeFinding {
  const constructPath = constructPathOf(after) ?? constructPathOf(before);
  return { logicalId: id, resourceType: before.Type, constructPath, propertyPaths, effect, meaning };
}

function listed(paths: string[]): string {
  return paths.map(quoted).join(', ');
}

function quoted(text: string): string {
  return `'${text}'`;
}
