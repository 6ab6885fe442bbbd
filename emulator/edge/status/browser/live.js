// Keeps the status page up to date. The page works without it: then it reloads itself.
const requests = document.getElementById("requests");
const state = document.getElementById("state");
const kept = Number(requests.dataset.kept);
const source = new EventSource(`/events?after=${encodeURIComponent(requests.dataset.newest)}`);

source.addEventListener("open", () => {
    state.textContent = "Live: requests appear as they are answered.";
});
source.addEventListener("error", () => {
    state.textContent =
        source.readyState === EventSource.CLOSED
            ? "Not live: the edge takes no more viewers, or is gone. Reload the page to try again."
            : "The connection to the edge is lost; trying again.";
});
// What comes is HTML of the server's own making, in which everything from outside is escaped.
source.addEventListener("request", ({ data }) => {
    requests.insertAdjacentHTML("afterbegin", data);
    while (requests.rows.length > kept) {
        requests.deleteRow(-1);
    }
});
source.addEventListener("overview", ({ data }) => {
    document.getElementById("overview").innerHTML = data;
});
source.addEventListener("missed", ({ data }) => {
    state.textContent = `Live, but this page was too slow: ${data} requests are not shown.`;
});
