export { techniquesAmong } from './coverage.ts';
export { diffBundles } from './diff-bundles.ts';
export { completePlan, makePlan, type PlanInput, type PlannedBundle } from './make-plan.ts';
export { policies } from './policies/index.ts';
