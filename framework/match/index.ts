export { describeCondition } from './describe-condition.ts';
export { compileCondition } from './evaluate/compile-condition.ts';
export { type ParsedDetection, parseDetection } from './parse/parse-detection.ts';
export type { FieldUse, PathProblem } from './path-problem.ts';
export { type PrintedCondition, printCondition } from './print-sql/print-condition.ts';
export { printCidr } from './print-sql/tests/print-cidr.ts';
