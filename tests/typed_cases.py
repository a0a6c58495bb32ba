"""What ``tests/typed.py`` must know of the pages: what they take for granted, and what ends how."""

from collections.abc import Mapping
from types import MappingProxyType

FILES: Mapping[str, str] = MappingProxyType(
    {
        "villa/bookingmood.yaml": "reconciler: {stack: villa-7f3a}\n",
        "villa/contacts.yaml": """\
contacts:
  jane: {first_name: Jane, email: jane@example.com}
  ola: {first_name: Ola, email: ola@example.com}
bookings:
  summer: {reference: B-1, currency: EUR, display_currency: EUR, exchange_rate: 1, silent: true}
""",
        "villa/products.yaml": """\
products:
  villa: {name: {default: Villa}, rent_period: nightly, timezone: Europe/Amsterdam}
  loft: {name: {default: Loft}, rent_period: nightly, timezone: Europe/Amsterdam}
""",
        "villa/prices.yaml": """\
seasons:
  summer:
    name: {default: Summer}
    value:
      type: recurring-date-range
      intervals: [{min: {day: 1, month: 5}, max: {day: 31, month: 7}}]
price_calendar_entries:
  loft-summer:
    product_id: loft
    name: {default: Summer}
    color: "#F97316"
    intervals: "{[2027-06-01,2027-09-01)}"
    rates: [{duration: 1, occupancy: 2, rate: 340}]
    check_in_days: [true, true, true, true, true, true, true]
    checkout_days: [true, true, true, true, true, true, true]
""",
        "villa/policies/timezone.yaml": """\
name: timezone
message: a product has a time zone
about: resource
expression: kind != "products" || has(after.timezone)
""",
        "staging.yaml": "contacts: {jane: {first_name: Joan}}\n",
        "staging/contacts.yaml": "contacts: {ola: {first_name: Olav}}\n",
        "staging.env": "TOWN=Bergen\n",
        "park/bookingmood.yaml": """\
reconciler: {stack: park-9c1e}
contacts: {jane: {email: jane@example.org}}
services: {cleaning: {label: {default: Cleaning}, order: 1, type: statement}}
templates:
  house:
    parameters: {title: {type: string}}
    products:
      ${key}: {name: {default: "${title}"}, rent_period: nightly, timezone: Europe/Amsterdam}
house: {villa-noord: {title: Noord}}
products:
  zuid: {name: {default: Zuid}, rent_period: nightly, timezone: Europe/Amsterdam}
  villa-zuid: {name: {default: Villa Zuid}, rent_period: nightly, timezone: Europe/Amsterdam}
product_services: [{product_id: villa-zuid, service_id: cleaning}]
""",
        "zuid/bookingmood.yaml": "reconciler: {stack: zuid-1a2b}\n",
        "renames.csv": "old,new\ncontacts.ola,contacts.ola-nord\n",
        "base/bookingmood.yaml": "reconciler: {stack: base-1a2b}\n"
        "contacts: {jane: {email: jane@example.com}}\n",
        "fleet.yaml": """\
fleet:
  base: base/
  organizations:
    amalfi: {organization: FIRST, tags: [it], wave: canary}
    bergen: {organization: SECOND}
  waves: [canary, rest]
""",
    }
)
"""What lies in the folder before a session begins; FIRST and SECOND are organizations."""

APPLIED = "reconciler apply villa/ --auto-approve --allow billing-create"
REVIEWED = "reconciler plan villa/ --out reviewed.json"
FLEET_REVIEWED = "reconciler fleet plan --out reviewed.json"
PARTS = "mkdir -p parts; reconciler fleet plan --part amalfi --out parts/amalfi.json"
CHANGED = f"{APPLIED}; sed -i.bak s/Jane/Joan/ villa/contacts.yaml; rm villa/contacts.yaml.bak"
MIGRATED = (
    "reconciler migrate --from-key-file old.key --to-key-file new.key --auto-approve"
    " --out migrate-5b1f4c5e-6b1f4c5e; export BOOKINGMOOD_API_KEY=$(cat new.key)"
)
BEFORE: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("docs/commands.md", "reconciler init"): "rm -r villa",
        ("docs/commands.md", "apply villa/ --plan"): REVIEWED,
        ("docs/commands.md", "reconciler show"): f"{REVIEWED}; GITHUB_STEP_SUMMARY=summary.md",
        ("docs/commands.md", "reconciler undo"): APPLIED,
        ("docs/commands.md", "fleet plan --part"): "mkdir parts",
        ("docs/commands.md", "fleet apply --plan"): FLEET_REVIEWED,
        ("docs/commands.md", "fleet show"): FLEET_REVIEWED,
        ("docs/commands.md", "fleet merge"): PARTS,
        ("docs/commands.md", "completion fish"): "mkdir -p ~/.config/fish/completions",
        ("docs/diagnosis.md", "plan villa/ -vv"): CHANGED,
        ("docs/export.md", "--out houses/ --overlay"): "cp -R base houses",
        ("docs/fleet.md", "fleet plan --part"): "mkdir parts",
        ("docs/migrating.md", "export --out villa/"): "rm -r villa",
        ("docs/migrating.md", "import sites.my-site"): MIGRATED,
        ("docs/views.md", "reconciler calendar villa/"): "rm -r villa; cp -R examples/villa villa",
    }
)
"""By page and a part of a command: what is run first, out of sight."""

NO_TERMINAL = "there is no terminal to ask on"
NO_ROW = "there is no row"
ENDS: Mapping[tuple[str, str], tuple[int, str]] = MappingProxyType(
    {
        ("docs/commands.md", "init villa/ --stack"): (1, "holds a `reconciler:` block already"),
        ("docs/commands.md", "plan villa/ --detailed-exitcode"): (2, "Plan: "),
        ("docs/commands.md", "fleet drift\n"): (2, "2 organizations: 2 pending."),
        ("docs/commands.md", "fleet drift --format"): (2, ""),
        ("docs/commands.md", "apply villa/\n"): (1, NO_TERMINAL),
        ("docs/commands.md", "fleet apply --wave canary"): (1, NO_TERMINAL),
        ("docs/commands.md", "fleet apply\n"): (1, NO_TERMINAL),
        ("docs/commands.md", "fleet undo --run"): (1, NO_TERMINAL),
        ("docs/commands.md", "undo villa/ --run"): (1, "20260701T101500123456-ab12"),
        ("docs/commands.md", "policy test --policies /etc"): (1, "/policies cannot be read"),
        ("docs/commands.md", "fleet doctor --keys"): (1, "keys.yaml cannot be read"),
        ("docs/commands.md", "--format html > m.html"): (1, NO_TERMINAL),
        ("docs/commands.md", "--to-key-file new --"): (1, NO_TERMINAL),
        ("docs/migrating.md", "new.key --allow"): (1, NO_TERMINAL),
        ("docs/commands.md", "import taxes.vat"): (1, NO_ROW),
        ("docs/export.md", "import taxes.vat"): (1, NO_ROW),
        ("docs/commands.md", "import contact_bookings"): (1, NO_ROW),
        ("docs/commands.md", "import contacts.jane 9c1f"): (1, "means the row 9c1f0e2a"),
        ("docs/migrating.md", "import sites.my-site"): (1, NO_ROW),
    }
)
"""By page, and a part of a command and the line's end: how it ends if not with 0, what it says.

Rows and runs have ids of their own where somebody else types the line; nobody can be asked here.
"""

UNTYPED: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("README.md", "make demo"): "needs a clone and a registry; the demo is typed elsewhere",
        ("README.md", "pipx install"): "needs a registry: tests/installed.py types it",
        ("docs/editor.md", "pipx install"): "needs a registry: tests/installed.py types it",
        ("docs/diagnosis.md", "pip install"): "needs a registry",
        ("CONTRIBUTING.md", ""): "runs the tests themselves",
        ("docs/fleet.md", "dask scheduler"): "needs three machines: tests/test_fleet_dask.py",
        ("docs/fleet.md", "--compact"): "shows 200 organizations: tests/test_made_fleet.py",
        ("docs/container.md", ""): "needs an engine for containers",
        ("docs/life.md", ""): "shows what others change meanwhile: tests play it and compare",
        (
            "docs/commands.md",
            "reconciler lsp",
        ): "serves until it is ended: tests/test_lsp_diagnostics.py",
    }
)
"""By page and a part of a command: why a session cannot be typed here."""
