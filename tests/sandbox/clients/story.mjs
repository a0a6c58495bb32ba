// The official JavaScript client against a running sandbox. It prints what it got as JSON.
// Usage: node story.mjs FOLDER-OF-NODE-MODULES URL KEY ORGANIZATION
import { createRequire } from "node:module";
import { join } from "node:path";

const [, , folder, url, key, organization_id] = process.argv;
const { PostgrestClient } = createRequire(join(folder, "x.js"))("@supabase/postgrest-js");
const client = new PostgrestClient(url, { headers: { Authorization: `Bearer ${key}` } });
const said = {};
const note = (name, { data, error, count, status }) => {
  said[name] = { data, code: error?.code ?? null, count: count ?? null, status };
};

const tax = (percentage, more = {}) => ({ organization_id, percentage, ...more });
const made = await client.from("taxes").insert([tax(1), tax(2), tax(3)]).select("id,percentage");
const ids = made.data.map((row) => row.id);
note("insert", await client.from("taxes").insert(tax(4)));
note("list", await client.from("taxes").select("percentage", { count: "exact" }).order("percentage").limit(2));
note("filter", await client.from("taxes").select("p:percentage").gt("percentage", 1).lt("percentage", 4).order("percentage"));
note("or", await client.from("taxes").select("percentage").or("percentage.eq.1,percentage.eq.4").order("percentage"));
note("range", await client.from("taxes").select("percentage").order("percentage").range(1, 2));
note("single", await client.from("taxes").select("percentage").eq("percentage", 3).single());
note("maybe", await client.from("taxes").select("percentage").eq("percentage", 9).maybeSingle());
note("head", await client.from("taxes").select("*", { count: "exact", head: true }));
note("csv", await client.from("taxes").select("percentage").eq("percentage", 1).csv());

const money = { currency: "EUR", display_currency: "EUR", exchange_rate: 1 };
const guest = await client.from("contacts").insert({ organization_id, email: "a@b.c" }).select().single();
const booking = await client.from("bookings").insert({ organization_id, ...money, reference: "R" }).select().single();
await client.from("contact_bookings").insert({ booking_id: booking.data.id, contact_id: guest.data.id });
note("embed", await client.from("bookings").select("reference, links:contact_bookings(contacts!inner(email))").eq("links.contacts.email", "a@b.c"));

note("upsert", await client.from("taxes").upsert(tax(10, { id: ids[0] })).select("percentage"));
note("ignore", await client.from("taxes").upsert(tax(11, { id: ids[0] }), { ignoreDuplicates: true }).select("percentage"));
note("defaults", await client.from("taxes").upsert([tax(5), tax(6, { type: "included" })], { defaultToNull: false }).select("percentage,type"));
note("update", await client.from("taxes").update({ percentage: 20 }).eq("id", ids[1]).select("percentage"));
note("delete", await client.from("taxes").delete({ count: "exact" }).in("id", ids));
note("refused", await client.from("taxes").insert({ percentage: 1 }));
note("missing", await client.from("nothing").select());

for (const kind of ["contact_bookings", "bookings", "contacts", "taxes"]) {
  await client.from(kind).delete().not("id", "is", null);
}
console.log(JSON.stringify(said));
