export { nearest, suggest } from '../model/suggest.ts';
