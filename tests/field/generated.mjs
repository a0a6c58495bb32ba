// The scenario with a client that swagger-typescript-api made of the sandbox's OpenAPI document.
// It prints what it got as JSON. Usage: CLIENT URL KEY TASK
import { pathToFileURL } from "node:url";

const [, , file, url, key, task] = process.argv;
const { Api } = await import(pathToFileURL(file));
const authorization = { Authorization: `Bearer ${key}` };
const client = new Api({ baseUrl: url, baseApiParams: { headers: authorization } });
const given = JSON.parse(task);
const said = {};
const { contactsList, contactsCreate, contactsPartialUpdate } = client.contacts;
const { taxesList, taxesCreate, taxesDelete } = client.taxes;
const contacts = async (query, more) => (await contactsList({ order: "email", ...query }, more)).data;
const emails = async (query, more) => (await contacts({ select: "email", ...query }, more)).map((row) => row.email);
const rows = { headers: { Prefer: "return=representation" }, format: "json" };
const quoted = (text) => `"${text.replace(/[\\"]/g, "\\$&")}"`;
const code = async (request) => {
  try {
    await request;
    return "none";
  } catch (refused) {
    return (refused.error ?? (await refused.json())).code;
  }
};

const counted = await contactsList({ order: "email" }, { headers: { Prefer: "count=exact" } });
said.count = Number(counted.headers.get("content-range").split("/")[1]);
said.list = counted.data.map((row) => [row.email, row.first_name]);
said.eq = [];
said.in = [];
for (const name of given.names) {
  said.eq.push(await emails({ first_name: `eq.${name}` }));
  said.in.push(await emails({ first_name: `in.(${quoted(name)},no)` }));
}
said.neq = await emails({ first_name: `neq.${given.names[0]}` });
said.like = await emails({ email: "like.guest-%@example.test" });
said.ilike = await emails({ email: "ilike.GUEST-1@%" });
said.null = await emails({ last_name: "is.null" });
const [low, high] = given.between;
// a filter is one text in the document: two on one column are a list, which the client repeats
const found = await taxesList({ select: "percentage", order: "percentage", percentage: [`gte.${low}`, `lt.${high}`] });
said.between = found.data.map((row) => row.percentage);
said.pages = [];
for (const n of [0, 4, 8]) {
  said.pages.push(await emails({}, { headers: { Range: `${n}-${n + 3}`, "Range-Unit": "items" } }));
}
const made = await contactsCreate({ organization_id: given.organization, email: given.new }, {}, rows);
said.create = made.data.map((row) => row.email);
const changed = await contactsPartialUpdate({ first_name: "Changed" }, { email: `eq.${given.changed}` }, rows);
said.update = changed.data.map((row) => row.first_name);
const gone = await taxesDelete({ percentage: `eq.${given.deleted}` }, rows);
said.delete = gone.data.map((row) => row.percentage);
said["missing value"] = await code(taxesCreate({ percentage: 1 }));
said["bad value"] = await code(taxesCreate({ ...given.tax, percentage: "much" }));
said["no column"] = await code(taxesList({ select: "nothing" }));
said["no table"] = await code(client.request({ path: "/nothing", method: "GET", format: "json" }));
said["no reference"] = await code(taxesCreate({ ...given.tax, organization_id: given.nobody }));
const one = { headers: { Accept: "application/vnd.pgrst.object+json" } };
said["none of one"] = await code(contactsList({ email: "eq.no" }, one));
console.log(JSON.stringify(said));
