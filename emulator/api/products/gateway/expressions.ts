import { ExpressionError, parseExpression } from "../../../expressions/index.ts";

/** What is wrong with an expression, or nothing; an empty one says nothing, and is right. */
export function expressionProblem(text: string): string | undefined {
    try {
        if (text !== "") {
            parseExpression(text);
        }
        return undefined;
    } catch (error) {
        if (error instanceof ExpressionError) {
            return error.message;
        }
        throw error;
    }
}
