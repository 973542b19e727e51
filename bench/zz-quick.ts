import { spawn } from "node:child_process"; import { once } from "node:events"; import { createInterface } from "node:readline"; import { mkdtempSync } from "node:fs"; import autocannon from "autocannon";
const prof = process.argv[3] === "prof";
const d = mkdtempSync("/tmp/zz-");
for (const kind of (process.argv[2] ?? "bare,constant,memory,sqlite,normal").split(",")) {
  const s = spawn(process.execPath, [...(prof ? ["--cpu-prof", "--cpu-prof-dir=/tmp/prof"] : []), "--conditions=dev-source", "bench/http-server.ts", kind, d, "100000"], { stdio: ["ignore", "pipe", "inherit"] });
  const [port] = await once(createInterface(s.stdout), "line");
  let n = 0;
  const r = await autocannon({ url: `http://127.0.0.1:${port}`, connections: 64, duration: 4, requests: [{ method: "POST", path: "/v1/publications", headers: { "X-App-Id": "app", "X-App-Token": "app-token", "Content-Type": "application/json" }, setupRequest: (o) => ({ ...o, body: JSON.stringify({ campaign: "bench", customer: { source_id: `customer-${n++ % 5000}` } }) }) }] });
  console.log(kind, Math.round(r["2xx"] / r.duration), r.non2xx, r.errors, r.latency.p50, r.latency.p99);
  s.kill("SIGTERM"); await once(s, "exit");
}
