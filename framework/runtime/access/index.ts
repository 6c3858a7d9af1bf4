export { openTokens, type Tokens } from './open-tokens.ts';
