import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { createEngine } from "oncecode";
import { createHandler } from "../adapters/http/index.ts";
import { memoryRepository } from "oncecode/memory";
import { createRequire } from "node:module";
const require = createRequire(import.meta.url);
const { VoucherifyServerSide, VoucherifyClientSide } = require("@voucherify/sdk");
const engine = createEngine({ repository: memoryRepository() });
const handler = createHandler(engine, { keys: { server: [{ id: "a", token: "t" , integration: true}], client: [{id:"c",token:"ct",origins:["https://shop.example"]}] }, onError: (e) => console.error(e) });
const server = createServer(getRequestListener(handler)).listen(8799);
const c = VoucherifyServerSide({ applicationId: "a", secretKey: "t", apiUrl: "http://127.0.0.1:8799" });
const show = (x: unknown) => console.log(JSON.stringify(x, null, 1).slice(0, 300));
try {
  show(await c.campaigns.create({ name: "My Camp", type: "AUTO_UPDATE", vouchers_count: 3, voucher: { type: "DISCOUNT_VOUCHER", discount: { type: "PERCENT", percent_off: 10 }, code_config: {pattern: "A-####"} } }));
  const p = await c.distributions.publications.create({ campaign: { name: "My Camp", count: 2 }, customer: { source_id: "s1", email: "a@b.c" }, metadata: { test: true } });
  show(p);
  const q = await c.distributions.publications.create({ campaign: { name: "My Camp", count: 1 }, customer: { source_id: "s1", email: "a@b.c" }, metadata: { test: true } });
  show(q);
  show(await c.distributions.publications.list({ filters: { customer_id: { conditions: { $in: [p.customer_id] } }, junction: "OR" } }));
  show(await c.customers.list({}));
  show(await c.customers.listRedeemables("s1", {}));
  show(await c.campaigns.addVoucher("My Camp", {}, {vouchers_count: 3}));
  show(await c.asyncActions.list({}));
  const ex = await c.distributions.exports.create({ exported_object: "publication" });
  show(ex); console.log(await (await fetch(ex.result.url)).text());
  const cl = VoucherifyClientSide({ clientApplicationId: "c", clientSecretKey: "ct", apiUrl: "http://127.0.0.1:8799", origin: "https://shop.example" });
  show(await cl.publish("My Camp", { customer: { source_id: "web" } }, { join_once: true }));
  console.log((await (await fetch("http://127.0.0.1:8799/v1/openapi.json")).text()).length);
  const g = await fetch("http://127.0.0.1:8799/v1/publications/create?customer[source_id]=x&campaign=My%20Camp&metadata[k]=v", {headers: {"X-App-Id": "a","X-App-Token":"t"}}); console.log(g.status, (await g.text()).slice(0,200));
  for (const [m, u, b] of [["POST","/v1/publications","{"],["POST","/v1/publications","{}"],["GET","/v1/redemptions",null],["PATCH","/v1/publications",null],["POST","/v1/publications",'{"campaign":{"name":"My Camp","count":"51"},"customer":"x"}'],["GET","/v1/publications?order=foo",null],["GET","/v1/vouchers?filters[active][conditions][$enabled]=&created_at[before]=x",null],["GET","/v1/vouchers?filters[active][conditions][$enabled]=&limit=1",null],["PUT","/v1/campaigns/My%20Camp",'{"name":"x"}'],["PUT","/v1/campaigns/My%20Camp",'{"metadata":{"a":1},"unset_metadata_fields":["b"]}']] as const) {
    const r = await fetch("http://127.0.0.1:8799" + u, { method: m, body: b, headers: { "X-App-Id": "a", "X-App-Token": "t", "Content-Type": "application/json" } });
    console.log(m, u, r.status, [...r.headers].join(";"), (await r.text()).slice(0, 400));
  }
} catch (e) { console.error(e); }
server.close(); server.closeAllConnections();
