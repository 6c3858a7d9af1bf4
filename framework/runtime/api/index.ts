export type * from './api-services.ts';
