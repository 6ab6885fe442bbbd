// Searches the page of a map. Without it the page shows everything.
import { isMeant, reachedBy } from "./matching.js";

const { grants } = JSON.parse(document.getElementById("graph").textContent);
const [person, target] = ["person", "target"].map((id) => document.getElementById(id));
const [rows, answer] = ["rows", "answer"].map((id) => document.getElementById(id));

function cell(row, text) {
    row.insertCell().textContent = text;
}

function show() {
    const wanted = target.value.trim();
    const found = (person.value.trim() === "" ? grants.map(everything) : reachedBy(grants, person.value)).filter(
        ({ grant }) => wanted === "" || isMeant(grant.target, wanted),
    );
    rows.replaceChildren();
    for (const { grant, ways } of found) {
        for (const { rule, session, conditions } of ways) {
            const row = rows.insertRow();
            cell(row, grant.who.words);
            cell(row, grant.target.words);
            cell(row, conditions.length === 0 ? "yes" : `if ${conditions.join(", ")}`);
            cell(row, session);
            cell(row, grant.target.tunnel === undefined ? rule : `${rule}, tunnel ${grant.target.tunnel}`);
        }
    }
    answer.textContent = summary(found, wanted);
    mark(found);
}

function everything(grant) {
    const ways = grant.ways.map((way) => ({ ...way, conditions: way.conditions.map(({ words }) => words) }));
    return { grant, ways };
}

function summary(found, wanted) {
    const asked = person.value.trim();
    const names = (answers) => new Set(answers.map(({ grant }) => grant.target.name));
    const people = new Set(found.map(({ grant }) => grant.who.words)).size;
    if (asked === "") {
        if (wanted === "") return `${people} reach ${names(found).size} in all.`;
        return people === 0 ? "Nobody reaches that." : `${people} reach that.`;
    }
    const certain = names(found.filter((answer) => answer.certain));
    const maybe = names(found).difference(certain);
    const parts = [
        ...(certain.size > 0 ? [`${certain.size} for certain`] : []),
        ...(maybe.size > 0 ? [`${maybe.size} under conditions`] : []),
    ];
    return `${asked} reaches ${parts.join(", ") || "nothing of that"}.`;
}

/** Brings out in the drawing what was found. */
function mark(found) {
    const names = new Set(found.map(({ grant }) => grant.target.name));
    for (const box of document.querySelectorAll("[data-target]")) {
        box.classList.toggle("dim", !names.has(box.dataset.target));
    }
}

for (const input of [person, target]) input.addEventListener("input", show);
document.getElementById("search").hidden = false;
show();
