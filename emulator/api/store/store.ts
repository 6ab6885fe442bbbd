/** Anything the store keeps: plain data under an id that is unique within its table. */
export interface Row {
    readonly id: string;
}

/** Names a table and, for the compiler, says what its rows are. Made with {@link defineTable}. */
export interface TableKey<R extends Row> {
    readonly name: string;
    /** Never set: carries the row's type. */
    readonly row?: R;
}

/** Declares a table. Each product declares its own; the store knows none of them by name. */
export function defineTable<R extends Row>(name: string): TableKey<R> {
    return { name };
}

/** The rows of every table of every scope, as plain data: what a snapshot holds. */
export type StoreContents = Readonly<Record<string, Readonly<Record<string, readonly Row[]>>>>;

/**
 * The emulator's memory: tables of rows, separate for each scope (an account, a zone, or `root` for what stands above
 * both). Rows are never changed in place: a change is a new row with the same id, so that a row which was read stays
 * what it was.
 */
export class Store {
    #scopes = new Map<string, Map<string, Table<Row>>>();
    readonly #changed: () => void;
    #revision = 0;

    /** @param changed is called after each change, to have it kept. */
    constructor(changed: () => void) {
        this.#changed = () => {
            this.#revision++;
            changed();
        };
    }

    /** Another number after each change. */
    get revision(): number {
        return this.#revision;
    }

    /** A scope's table; an empty one when nothing was ever put there. */
    table<R extends Row>(scope: string, key: TableKey<R>): Table<R> {
        let tables = this.#scopes.get(scope);
        if (tables === undefined) {
            tables = new Map();
            this.#scopes.set(scope, tables);
        }
        let table = tables.get(key.name);
        if (table === undefined) {
            table = new Table<Row>(this.#changed);
            tables.set(key.name, table);
        }
        // The key is the only way to a table, and a name is declared once: the rows are the key's rows.
        return table as unknown as Table<R>;
    }

    /** Forgets everything in a scope, as when a zone is deleted. */
    dropScope(scope: string): void {
        if (this.#scopes.delete(scope)) {
            this.#changed();
        }
    }

    /** Everything, as plain data. Rows are shared with the store, not copied: do not change them. */
    contents(): StoreContents {
        const contents: Record<string, Record<string, readonly Row[]>> = {};
        for (const [scope, tables] of this.#scopes) {
            const filled = [...tables].filter(([, table]) => table.size > 0);
            if (filled.length > 0) {
                contents[scope] = Object.fromEntries(filled.map(([name, table]) => [name, table.all()]));
            }
        }
        return contents;
    }

    /** Replaces everything with the given contents. */
    replace(contents: StoreContents): void {
        this.#scopes = new Map();
        for (const [scope, tables] of Object.entries(contents)) {
            for (const [name, rows] of Object.entries(tables)) {
                const table = this.table(scope, defineTable(name));
                for (const row of rows) {
                    table.put(row);
                }
            }
        }
        this.#changed();
    }
}

/** One table, in the order in which its rows came in. */
export class Table<R extends Row> {
    readonly #rows = new Map<string, R>();
    readonly #changed: () => void;

    constructor(changed: () => void) {
        this.#changed = changed;
    }

    get size(): number {
        return this.#rows.size;
    }

    get(id: string): R | undefined {
        return this.#rows.get(id);
    }

    all(): R[] {
        return [...this.#rows.values()];
    }

    find(test: (row: R) => boolean): R | undefined {
        for (const row of this.#rows.values()) {
            if (test(row)) {
                return row;
            }
        }
        return undefined;
    }

    filter(test: (row: R) => boolean): R[] {
        return this.all().filter(test);
    }

    /** Adds the row, or puts it in the place of the one with its id. */
    put(row: R): R {
        this.#rows.set(row.id, row);
        this.#changed();
        return row;
    }

    delete(id: string): void {
        if (this.#rows.delete(id)) {
            this.#changed();
        }
    }
}
