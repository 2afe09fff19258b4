import { compareTemplates } from './compare-templates';
import { readTemplate } from './template';
import type { UpgradeFinding } from './upgrade-finding';

/**
 * Says of two templates of a stack what the update from one to the other does to what runs.
 *
 * Meant for tests: hold the template of what is deployed against the one of what is about to be. It needs no account, and creates nothing.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
 */
export class UpgradeSafety {
  /**
   * Lists each resource that the update would replace, interrupt or delete, in the order of the template, with what that means.
   *
   * What is changed in place is not listed, nor what is new, nor what is deleted from the stack but retained. A replacement is followed to what names the
   * replaced resource. What must be changed by a replacement is taken from CloudFormation's own data, for the types that this library creates and those that
   * are often beside them; a changed resource of another type is `UNKNOWN`. It compares templates, not what is deployed: drift, values of parameters and
   * nested stacks are not looked at, and a change set of CloudFormation has the last word.
   *
   * A value that is no template is an error.
   *
   * @param before the template that is deployed: of `cdk synth` at that commit, or of `aws cloudformation get-template --template-stage Original`
   * @param after the template that is to be deployed
   *
   * @example
   * declare const deployed: { [key: string]: any };
   * declare const stack: Stack;
   * const next = assertions.Template.fromStack(stack).toJSON();
   * for (const finding of UpgradeSafety.compare(deployed, next)) {
   *   if (finding.effect === UpgradeEffect.REPLACEMENT) {
   *     console.log(finding.logicalId, finding.meaning);
   *   }
   * }
   *
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
   */
  public static compare(before: { [key: string]: any }, after: { [key: string]: any }): UpgradeFinding[] {
    return compareTemplates(readTemplate('before', before), readTemplate('after', after));
  }

  private constructor() {}
}
