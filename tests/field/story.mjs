// The scenario with postgrest-js; it prints what it got as JSON. Usage: MODULES URL KEY TASK
import { createRequire } from "node:module";
import { join } from "node:path";

const [, , folder, url, key, task] = process.argv;
const { PostgrestClient } = createRequire(join(folder, "x.js"))("@supabase/postgrest-js");
const client = new PostgrestClient(url, { headers: { Authorization: `Bearer ${key}` } });
const given = JSON.parse(task);
const said = {};
const contacts = () => client.from("contacts");
const taxes = () => client.from("taxes");
const emails = async (query) => (await query.order("email")).data.map((row) => row.email);
const code = async (query) => (await query).error?.code ?? "none";

const all = await contacts().select("*", { count: "exact" }).order("email");
said.count = all.count;
said.list = all.data.map((row) => [row.email, row.first_name]);
said.eq = [];
said.in = [];
for (const name of given.names) {
  said.eq.push(await emails(contacts().select("email").eq("first_name", name)));
  said.in.push(await emails(contacts().select("email").in("first_name", [name, "no"])));
}
said.neq = await emails(contacts().select("email").neq("first_name", given.names[0]));
said.like = await emails(contacts().select("email").like("email", "guest-%@example.test"));
said.ilike = await emails(contacts().select("email").ilike("email", "GUEST-1@%"));
said.null = await emails(contacts().select("email").is("last_name", null));
const [low, high] = given.between;
const found = await taxes().select("percentage").gte("percentage", low).lt("percentage", high).order("percentage");
said.between = found.data.map((row) => row.percentage);
said.pages = [];
for (const n of [0, 4, 8]) {
  const page = await contacts().select("email").order("email").range(n, n + 3);
  said.pages.push(page.data.map((row) => row.email));
}
const made = await contacts().insert({ organization_id: given.organization, email: given.new }).select();
said.create = made.data.map((row) => row.email);
const changed = await contacts().update({ first_name: "Changed" }).eq("email", given.changed).select();
said.update = changed.data.map((row) => row.first_name);
const gone = await taxes().delete().eq("percentage", given.deleted).select();
said.delete = gone.data.map((row) => row.percentage);
said["missing value"] = await code(taxes().insert({ percentage: 1 }));
said["bad value"] = await code(taxes().insert({ ...given.tax, percentage: "much" }));
said["no column"] = await code(taxes().select("nothing"));
said["no table"] = await code(client.from("nothing").select("*"));
said["no reference"] = await code(taxes().insert({ ...given.tax, organization_id: given.nobody }));
said["none of one"] = await code(contacts().select("*").eq("email", "no").single());
console.log(JSON.stringify(said));
