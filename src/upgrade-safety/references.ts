import { isObject } from './template';

/** One mention of something else of the template. */
export interface Reference {
  readonly kind: 'id' | 'condition' | 'mapping';
  /** The logical id of a resource or parameter, or the name of a condition or mapping. */
  readonly name: string;
  /** Which attribute, if it is not `Ref`. */
  readonly attribute?: string;
}

/** Everything that a value mentions, at any depth. */
export function referencesIn(value: unknown): Reference[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, argument]) => [...mentionedBy(key, argument), ...referencesIn(argument)]);
}

function mentionedBy(key: string, argument: unknown): Reference[] {
  switch (key) {
    case 'Ref': return typeof argument === 'string' ? [{ kind: 'id', name: argument }] : [];
    case 'Fn::GetAtt': return attributeIn(argument);
    case 'Fn::Sub': return placeholdersIn(Array.isArray(argument) ? argument[0] : argument);
    case 'Fn::If': return Array.isArray(argument) ? [{ kind: 'condition', name: String(argument[0]) }] : [];
    case 'Condition': return typeof argument === 'string' ? [{ kind: 'condition', name: argument }] : [];
    case 'Fn::FindInMap': return Array.isArray(argument) ? [{ kind: 'mapping', name: String(argument[0]) }] : [];
    default: return [];
  }
}

function attributeIn(argument: unknown): Reference[] {
  const [name, ...attribute] = Array.isArray(argument) ? argument.map(String) : String(argument).split('.');
  return [{ kind: 'id', name, attribute: attribute.join('.') }];
}

/** `${Id}` and `${Id.Attribute}` of a text; `${!Id}` is written out as it stands. */
function placeholdersIn(text: unknown): Reference[] {
  if (typeof text !== 'string') return [];
  return [...text.matchAll(/\$\{([A-Za-z0-9]+)(?:\.([A-Za-z0-9.]+))?\}/g)].map(([, name, attribute]) => ({ kind: 'id', name, attribute }));
}
