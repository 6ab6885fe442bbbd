import * as pulumi from "@pulumi/pulumi";
import { blankProblem } from "../validation/texts.ts";

/** One mistake in the arguments of a component. */
export interface Problem {
    /** Path of the value as a user writes it: `routes[2].hostname`. */
    path: string;
    /** What is wrong with the value, then what to write instead. */
    reason: string;
}

/** The value of an input if it is known before anything runs: neither an output nor a promise. */
export function plain<T>(value: pulumi.Input<T> | undefined): T | undefined {
    return pulumi.Output.isInstance(value) || value instanceof Promise ? undefined : (value as T | undefined);
}

/** Gathers the mistakes in a component's arguments, so that a user sees all of them at once. */
export class Problems {
    readonly #found: Problem[] = [];
    readonly #unreadable: readonly Problem[];

    /** @param unreadable Values that no reader can make out, which is all that is said of them. None if omitted. */
    constructor(unreadable: readonly Problem[] = []) {
        this.#unreadable = unreadable;
    }

    /** Whether nothing was recorded so far. */
    get isEmpty(): boolean {
        return this.#found.length === 0 && this.#unreadable.length === 0;
    }

    /** Records what is wrong at `path`; a reason of `undefined` records nothing. */
    add(path: string, reason: string | undefined): void {
        if (reason !== undefined) this.#found.push({ path, reason });
    }

    /** Records mistakes that were found elsewhere. */
    addAll(problems: readonly Problem[]): void {
        this.#found.push(...problems);
    }

    /** Checks a value if it is there and known already; outputs are left to the engine. No text may be blank. */
    check<T>(path: string, value: pulumi.Input<T> | undefined, problemOf?: (value: T) => string | undefined): void {
        const known = plain(value);
        if (known === undefined) return;
        this.add(path, problemOf?.(known) ?? (typeof known === "string" ? blankProblem(known) : undefined));
    }

    /** Checks the known elements of a list and that no value is in it twice. */
    checkEach<T>(
        path: string,
        list: pulumi.Input<pulumi.Input<T>[]> | undefined,
        problemOf?: (value: T) => string | undefined,
    ): void {
        const seen = new Map<T, number>();
        for (const [index, element] of (plain(list) ?? []).entries()) {
            this.check(`${path}[${index}]`, element, problemOf);
            const known = plain(element);
            if (known === undefined) continue;
            const first = seen.get(known);
            if (first !== undefined) {
                this.add(
                    `${path}[${index}]`,
                    `${JSON.stringify(known)} stands at ${path}[${first}] already. Write it once.`,
                );
            } else {
                seen.set(known, index);
            }
        }
    }

    /** Checks ids of which one is demanded: an empty list would demand nothing where somebody meant to demand something. */
    checkIds(path: string, ids: pulumi.Input<pulumi.Input<string>[]> | undefined): void {
        this.check(path, ids, (known) =>
            known.length === 0 ? "is empty. Give at least one id, or leave it out." : undefined,
        );
        this.checkEach(path, ids, (id) => (id === "" ? "is empty. Give an id." : undefined));
    }

    /**
     * Throws if anything was recorded. Called before `super()`: a component that throws later leaves an orphan registration.
     *
     * @throws pulumi.InputPropertiesError with every mistake by its path.
     */
    throwIfAny(component: string, name: string): void {
        const unreadable = new Set(this.#unreadable.map(({ path }) => path));
        const all = [...this.#unreadable, ...this.#found.filter(({ path }) => !unreadable.has(path))];
        if (all.length > 0) throw propertiesError(component, name, all);
    }
}

/** The error for a value that is known only once the engine has it: to be thrown inside `apply`. */
export function lateProblem(
    component: string,
    name: string,
    path: string,
    reason: string,
): pulumi.InputPropertiesError {
    return lateProblems(component, name, [{ path, reason }]);
}

/** The same for several values. */
export function lateProblems(
    component: string,
    name: string,
    problems: readonly Problem[],
): pulumi.InputPropertiesError {
    return propertiesError(component, name, problems);
}

function propertiesError(component: string, name: string, problems: readonly Problem[]): pulumi.InputPropertiesError {
    const lines = problems.map(({ path, reason }) => `  ${path}: ${reason}`);
    return new pulumi.InputPropertiesError({
        message: `${component} "${name}" cannot be made:\n${lines.join("\n")}`,
        errors: problems.map(({ path, reason }) => ({ propertyPath: path, reason })),
    });
}

/** The list with one more element at its end. A plain list stays plain. */
export function withLast<T>(list: pulumi.Input<T[]>, element: T): pulumi.Input<T[]> {
    const known = plain(list);
    if (known !== undefined) return [...known, element];
    return pulumi.output(list).apply((elements) => [...(elements as T[]), element]) as pulumi.Output<T[]>;
}

/** Applies `convert` to each element. A plain list keeps its length in a preview even where elements are still unknown. */
export function mapInputs<T, U>(
    list: pulumi.Input<pulumi.Input<T>[]>,
    convert: (element: pulumi.Input<T>, index: number) => U,
): pulumi.Input<U[]> {
    const known = plain(list);
    if (known !== undefined) return known.map(convert);
    return pulumi.output(list).apply((elements) => (elements as pulumi.Input<T>[]).map(convert)) as pulumi.Output<U[]>;
}
