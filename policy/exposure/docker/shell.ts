/**
 * The simple commands of a shell script, each as its words without quotes. Not a shell: variables, substitutions and
 * control words stay as they are written, which is all that looking for a program and its options takes. Lists of
 * words as in cloud-init's `runcmd` read the same way.
 */
export function commandsIn(script: string): readonly (readonly string[])[] {
    const commands: string[][] = [];
    let words: string[] = [];
    let word: string | undefined;
    let quote: string | undefined;
    let depth = 0;
    const endWord = () => {
        if (word !== undefined) words.push(word);
        word = undefined;
    };
    const endCommand = () => {
        endWord();
        if (words.length > 0) commands.push(words);
        words = [];
    };
    for (const letter of script.replaceAll(/\\\r?\n/g, " ")) {
        if (quote !== undefined) {
            if (letter === quote) quote = undefined;
            else word += letter;
        } else if (letter === '"' || letter === "'") {
            quote = letter;
            word ??= "";
        } else if (/[\n;&|()]/.test(letter)) {
            endCommand();
        } else if (/[\s[\]`]/.test(letter) || (letter === "," && depth > 0)) {
            // A comma separates the words of a list, and belongs to a word elsewhere.
            if (letter === "[") depth++;
            if (letter === "]" && depth > 0) depth--;
            endWord();
        } else {
            word = (word ?? "") + letter;
        }
    }
    endCommand();
    return commands;
}
