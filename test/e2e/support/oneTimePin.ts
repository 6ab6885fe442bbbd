import type { Page } from "playwright-core";

/** Logs in on the team's pages with a one-time PIN, as far as that leads; `picture` is given each page before it is left. */
export async function logInWithPin(
    page: Page,
    email: string,
    picture: (name: string) => Promise<void> = async () => {},
): Promise<void> {
    await picture("login");
    await page.getByRole("button", { name: "One-time PIN" }).click();
    await picture("identity");
    await page.getByLabel("E-mail address").fill(email);
    await page.getByRole("button", { name: "Show me the PIN" }).click();
    await picture("pin");
    await page.getByLabel("PIN").fill((await page.locator("#pin").textContent()) ?? "");
    await page.getByRole("button", { name: "Log in" }).click();
}
