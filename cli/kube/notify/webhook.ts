import { type News, newsText } from "./news.ts";

/** An address that does not answer is given up: milliseconds. */
const ANSWER_WITHIN_MS = 5_000;

/** Tells an address of news: JSON whose `text` chat services show. @throws Error that names the host alone, as the rest of the address may be a secret */
export async function tellWebhook(address: string, news: News): Promise<void> {
    const { host } = new URL(address);
    let status: number;
    try {
        const response = await fetch(address, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify({ text: newsText(news), ...news, at: new Date().toISOString() }),
            redirect: "error",
            signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
        });
        await response.body?.cancel();
        status = response.status;
    } catch {
        throw new Error(`the webhook at ${host} is not reached`);
    }
    if (status >= 300) {
        throw new Error(`the webhook at ${host} answers ${status}`);
    }
}
