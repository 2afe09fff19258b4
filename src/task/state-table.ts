/** States of Amazon States Language by their names. */
export type StateTable = Record<string, object>;
