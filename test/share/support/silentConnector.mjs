#!/usr/bin/env node
// In place of `cloudflared tunnel run` where there is no edge: never serves, and stays until it is ended.
setInterval(() => {}, 60_000);
