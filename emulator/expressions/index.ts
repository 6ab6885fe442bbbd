/** The language that Gateway's rules and device profiles say in words whom and what they are about. */
export { type Comparison, type Expression, ExpressionError, type Test, type Value } from "./expression.ts";
export { parseExpression } from "./parse.ts";
