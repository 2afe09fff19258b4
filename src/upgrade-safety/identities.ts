import { referencesIn } from './references';
import type { Template } from './template';
import { sameValue } from './values';

/** How sure it is that a value is another one after the update. */
export enum Certainty {
  NO = 0,
  MAYBE = 1,
  YES = 2,
}

/** Attributes that are others after each update of their resource, though it stays. */
const MOVING_ATTRIBUTES: Record<string, string[]> = {
  'AWS::EC2::LaunchTemplate': ['LatestVersionNumber', 'DefaultVersionNumber'],
  'AWS::Batch::JobDefinition': ['', 'JobDefinitionArn'],
};

/**
 * What names in a template stand for something else after the update, though they are spelled the same.
 *
 * Replacements are added while they are found: one leads to the next.
 */
export class Identities {
  private readonly replaced = new Map<string, Certainty>();

  public constructor(private readonly before: Template, private readonly after: Template) {}

  /** Notes a replacement; true if it is news. */
  public replace(id: string, certainty: Certainty): boolean {
    if (certainty <= this.certaintyOf(id)) return false;
    this.replaced.set(id, certainty);
    return true;
  }

  public certaintyOf(id: string): Certainty {
    return this.replaced.get(id) ?? Certainty.NO;
  }

  /** Whether a value that is spelled the same before and after is another one. */
  public moved(value: unknown): Certainty {
    return referencesIn(value).reduce((most, { kind, name, attribute }) => {
      if (kind === 'condition') return Math.max(most, this.differs('conditions', name));
      if (kind === 'mapping') return Math.max(most, this.differs('mappings', name));
      return Math.max(most, this.certaintyOf(name), this.movedAttribute(name, attribute), this.differs('parameters', name));
    }, Certainty.NO);
  }

  /** Another definition may, or may not, come to another value: that depends on what the stack was deployed with. */
  private differs(section: 'parameters' | 'conditions' | 'mappings', name: string): Certainty {
    return sameValue(this.before[section][name], this.after[section][name]) ? Certainty.NO : Certainty.MAYBE;
  }

  private movedAttribute(id: string, attribute = ''): Certainty {
    const [before, after] = [this.before.resources[id], this.after.resources[id]];
    if (before === undefined || after === undefined || MOVING_ATTRIBUTES[after.Type]?.includes(attribute) !== true) return Certainty.NO;
    return sameValue(before.Properties, after.Properties) ? Certainty.NO : Certainty.YES;
  }
}
