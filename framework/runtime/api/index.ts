export type * from './api-services.ts';
export type * from './channel-services.ts';
export type * from './history-services.ts';
export type * from './rollout-services.ts';
export type * from './search-services.ts';
export { type Api, type ApiOptions, startApi } from './start-api.ts';
