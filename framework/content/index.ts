export * as base64 from './base64.ts';
export {
  type Config,
  type DestinationConfig,
  defineConfig,
  env,
  type FileDestination,
  type LevelSelector,
  type LogTypeSettings,
  type PolicyLevel,
  type SlackDestination,
  type StdoutDestination,
  type Waiver,
  type WebhookDestination,
} from './define-config.ts';
export {
  type CommonFields,
  type Context,
  type DetectionFunctions,
  type Detections,
  detection,
  type Input,
  type LogEvent,
  type LogTypes,
  type StandardFields,
} from './detection.ts';
export { glob } from './glob.ts';
export * as ip from './ip.ts';
export { parseJson } from './parse-json.ts';
