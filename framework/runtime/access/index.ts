export { type Access, openAccess } from './open-access.ts';
export { openTokens, type Tokens } from './open-tokens.ts';
export { parseTrust } from './parse-trust.ts';
export { requireSignature } from './require-signature.ts';
