import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { type AnalyzeResult, Analyzer } from "@pulumi/pulumi/provider/experimental/analyzer.js";
import ts from "typescript";
import * as library from "../../../components/index.ts";

export const COMPONENTS = join(import.meta.dirname, "../../../components");

/** What the library is called in every language, and in the tokens of its components. */
export const PACKAGE = "sallyport";

export const componentNames = Object.entries(library)
    .filter(([, value]) => typeof value === "function" && value.prototype instanceof pulumi.ComponentResource)
    .map(([name]) => name);

/**
 * The library as Pulumi's analyzer reads it for Python, Go, C#, Java and YAML. It throws on what it cannot express, such as callbacks, inline
 * unions and base classes of one's own.
 */
export function analyzed(): AnalyzeResult {
    const readFile = ts.sys.readFile;
    // The analyzer joins the parts of a documentation comment as they are, and a link is a part that has no text.
    ts.sys.readFile = (path, encoding) => readFile(path, encoding)?.replace(/\{@link (\w+)\}/g, "`$1`");
    try {
        return new Analyzer(COMPONENTS, PACKAGE, { name: PACKAGE }, new Set(componentNames)).analyze();
    } finally {
        ts.sys.readFile = readFile;
    }
}
