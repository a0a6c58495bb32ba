"""Graphs: what they hold, where nodes stand, and that every language is written as it should be."""

import itertools
import random
from pathlib import Path
from xml.etree import ElementTree

import pytest

from reconciler.render.graph import (
    By,
    Edge,
    Graph,
    Node,
    around_node,
    fitting,
    folded,
    graph_dot,
    graph_mermaid,
    graph_of,
    graph_of_plan,
    graph_svg,
    groups_of,
    only_kinds,
)
from reconciler.render.graph.engine import LaidOut
from reconciler.render.graph.layout import HEIGHT, lay_out
from reconciler.render.html import graph_html
from reconciler.render.visible import visible
from tests.builders import configuration, foreign_id, lookup, ref, resource, row_ref
from tests.commandline import Finished, run
from tests.render_cases import NASTY, everything, many
from tests.sandbox_server import ROOT

VILLA = configuration(
    resource("contacts.jane"),
    resource("bookings.stay", creator_id=lookup("members", name="jane@example.com")),
    resource(
        "contact_bookings.jane--stay",
        contact_id=ref("contacts.jane"),
        booking_id=ref("bookings.stay"),
    ),
    resource("tasks.clean", booking_id=ref("bookings.stay"), other_id=ref("bookings.stay")),
    resource("tasks.gone", absent=True, booking_id=ref("bookings.stay")),
    resource("services.bread", parent_id=row_ref("services", foreign_id(1))),
    resource("seasons.summer"),
)  # fmt: skip
FOREIGN = f"services[{foreign_id(1)}]"


def graph(text: str) -> Graph:
    """Read ``"b.x>a.x c.x>b.x d.x"``."""
    parts = [part.split(">") for part in text.split()]
    names = dict.fromkeys(name for part in parts for name in part)
    nodes = {name: Node(name, name.partition(".")[0], name) for name in names}
    return Graph(nodes, tuple(Edge(p[0], p[1]) for p in parts if len(p) == 2))


def edges(drawn: Graph) -> list[str]:
    return [f"{e.source}>{e.target}" + (f" {e.label}" if e.label else "") for e in drawn.edges]


def test_a_configuration_is_drawn() -> None:
    drawn = graph_of(VILLA)
    assert edges(drawn) == [
        "bookings.stay>members[lookup] creator_id",
        "contact_bookings.jane--stay>contacts.jane contact_id",
        "contact_bookings.jane--stay>bookings.stay booking_id",
        "tasks.clean>bookings.stay booking_id, other_id",
        f"services.bread>{FOREIGN} parent_id",
    ]
    assert "tasks.gone" not in drawn.nodes
    outside = {name for name, node in drawn.nodes.items() if not node.known}
    assert outside == {"members[lookup]", FOREIGN}
    assert "jane@example.com" not in graph_svg(drawn) + graph_mermaid(drawn) + graph_dot(drawn)


def test_a_plan_is_drawn_with_what_its_changes_refer_to() -> None:
    drawn = graph_of_plan(everything())
    assert drawn.nodes["bookings.summer-stay"].action == "create"
    assert "contact_bookings.jane-doe--summer-stay>contacts.jane-doe contact_id" in edges(drawn)
    assert f"contact_bookings[{foreign_id(1)}]>contacts[{foreign_id(2)}]" in edges(drawn)


def test_kinds_stand_for_their_resources() -> None:
    drawn = folded(graph_of(VILLA), By.KIND)
    assert drawn.nodes["contacts"].label == "contacts: 1 resource"
    assert "contact_bookings>contacts 1" in edges(drawn)
    plan = folded(graph_of_plan(many(100)), By.KIND)
    assert plan.nodes["tasks"].label == "tasks: 20 to delete"


HOUSES = "link.{0}>houses.{0} link.{0}>extras.sauna price.{0}>houses.{0} rate.{0}>price.{0}"
PARK = " ".join(HOUSES.format(f"h{i}") for i in range(20))


@pytest.mark.parametrize(
    ("text", "by"),
    [
        (" ".join(f"tasks.t{i}" for i in range(80)), By.RESOURCE),
        (" ".join(f"tasks.t{i}" for i in range(81)), By.KIND),
        (PARK, By.GROUP),
        (" ".join(f"link.{n}>guests.{n} link.{n}>stays.{n}" for n in range(40)), By.KIND),
        (" ".join(HOUSES.format(f"h{i}") for i in range(100)), By.KIND),
    ],
    ids=["few", "of one kind", "of twenty houses", "of pairs", "of a hundred houses"],
)
def test_what_is_too_large_is_drawn_folded(text: str, by: By) -> None:
    assert fitting(graph(text)) == by


def test_a_house_takes_in_what_belongs_to_it_alone() -> None:
    park = graph(f"{PARK} link.both>houses.h0 link.both>houses.h1 rate.both>link.both")
    groups = groups_of(park)
    assert groups.kind == "houses"
    assert {name for name, owner in groups.of.items() if owner == "houses.h0"} == {
        "houses.h0", "link.h0", "price.h0", "rate.h0"}  # fmt: skip
    drawn = folded(park, By.GROUP)
    shared = {"extras.sauna", "link.both", "rate.both"}
    assert drawn.nodes.keys() == {*shared, *(f"houses.h{i}" for i in range(20))}
    assert drawn.nodes["houses.h0"].label == "houses.h0 + 3"
    assert "houses.h0>extras.sauna 1" in edges(drawn)
    assert "link.both>houses.h0 1" in edges(drawn)
    assert "rate.both>link.both" in edges(drawn)


def test_a_house_that_refers_to_another_stays_its_own() -> None:
    groups = groups_of(graph("houses.a houses.b>houses.a x.a>houses.a x.b>houses.b y.b>x.b"))
    assert groups.of == {
        "houses.a": "houses.a", "houses.b": "houses.b",
        "x.a": "houses.a", "x.b": "houses.b", "y.b": "houses.b",
    }  # fmt: skip


def test_circles_belong_as_all_else() -> None:
    drawn = graph("h.a h.b x.1>h.a x.1>x.2 x.2>x.1 y.1>y.2 y.2>y.1 y.1>h.a y.2>h.b")
    assert groups_of(drawn).of == {"h.a": "h.a", "h.b": "h.b", "x.1": "h.a", "x.2": "h.a"}


def test_what_is_left_of_a_kind_is_one_box_where_it_is_much() -> None:
    tags = " ".join(f"tags.t{i}" for i in range(9))
    drawn = folded(graph(f"{PARK} {tags} labels.l1 labels.l2"), By.GROUP)
    assert drawn.nodes["tags"].label == "tags: 9 resources"
    assert {"labels.l1", "labels.l2"} < drawn.nodes.keys()


@pytest.mark.parametrize(
    ("name", "kept"),
    [("b", "a b c d"), ("a", "a b c d e"), ("d", "a b c d"), ("e", "a e"), ("x", "x")],
)
def test_around_a_node_are_those_it_hangs_on_and_those_that_hang_on_it(
    name: str, kept: str
) -> None:
    drawn = around_node(graph("b>a c>b d>c e>a x"), name)
    assert sorted(drawn.nodes) == kept.split()


def test_only_some_kinds() -> None:
    drawn = only_kinds(graph("a.x>b.x b.x>c.x"), ["a", "b"])
    assert (sorted(drawn.nodes), edges(drawn)) == (["a.x", "b.x"], ["a.x>b.x"])


LAYOUTS = {
    "nothing": "",
    "one": "a",
    "loose": " ".join(f"n{i}" for i in range(50)),
    "chain": "b>a c>b d>c",
    "long": "b>a c>b d>c d>a d>b",
    "star": " ".join(f"n{i}>hub" for i in range(30)),
    "cycle": "a>b b>c c>a d>a",
    "pair": "a>b b>a",
    "itself": "a>a b>a",
    "random": " ".join(
        f"n{i}>n{j}"
        for i, j in itertools.combinations(range(40), 2)
        if random.Random(i * 40 + j).random() < 0.05
    ),
    "deep": " ".join(f"n{i + 1}>n{i}" for i in range(2000)),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_no_node_covers_another(name: str) -> None:
    drawn = graph(LAYOUTS[name])
    layout = lay_out(drawn)
    assert layout.boxes.keys() == drawn.nodes.keys()
    boxes = sorted(layout.boxes.values(), key=lambda box: (box.y, box.x))
    for one, other in itertools.pairwise(boxes):
        assert other.y >= one.y + HEIGHT or other.x >= one.x + one.width or other.x < one.x
    assert all(box.x + box.width <= layout.width for box in boxes)
    assert all(box.y + HEIGHT <= layout.height for box in boxes)


@pytest.mark.parametrize("name", ["chain", "long", "star", "random", "deep"])
def test_what_is_referred_to_stands_left(name: str) -> None:
    drawn = graph(LAYOUTS[name])
    layout = lay_out(drawn)
    for edge in drawn.edges:
        source, target = layout.boxes[edge.source], layout.boxes[edge.target]
        assert target.x + target.width < source.x
    for route in layout.routes:
        xs = [x for x, _ in route.points]
        assert xs == sorted(xs, reverse=True)


def test_rows_that_could_cross_do_not() -> None:
    boxes = lay_out(graph("x1>a3 x2>a2 x3>a1 a1 a2 a3")).boxes
    heights = [[boxes[name].y for name in row.split()] for row in ("x1 x2 x3", "a3 a2 a1")]
    assert sorted(zip(*heights, strict=True)) == list(
        zip(sorted(heights[0]), sorted(heights[1]), strict=True)
    )


@pytest.mark.parametrize("name", LAYOUTS)
def test_svg_is_well_formed(name: str) -> None:
    drawn = graph(LAYOUTS[name])
    root = ElementTree.fromstring(graph_svg(drawn, LaidOut(lay_out(drawn), "a test")))
    nodes = [e for e in root.iter() if (e.get("class") or "").startswith("node")]
    assert len(nodes) == len(drawn.nodes)


def test_names_break_out_of_nothing() -> None:
    name = visible(NASTY) + '"\\'
    node = Node(name, "taxes", name)
    drawn = Graph({node.name: node}, (Edge(node.name, node.name, '"|x'),))
    ElementTree.fromstring(graph_svg(drawn))
    assert "<img" not in graph_svg(drawn) + graph_html(drawn, NASTY)
    assert graph_mermaid(drawn).splitlines()[1].count('"') == 2
    assert graph_dot(drawn).splitlines()[2].endswith('\\"\\\\"];')


# --- the command ------------------------------------------------------------------------------


def draw(*options: str, path: Path = ROOT / "examples" / "villa") -> Finished:
    return run("graph", path, *options, environment={})


@pytest.mark.parametrize(
    ("options", "begins", "holds"),
    [
        ([], "flowchart RL\n", '-->|"contact_id"|'),
        (["--format", "dot"], "digraph reconciler {\n", '"contacts.jane-doe"'),
        (["--format", "svg"], "<svg ", "contacts.jane-doe"),
        (["--format", "html"], "<!doctype html>", "67 resources, 75 references"),
        (["--format", "html", "--by", "kind"], "<!doctype html>", '"by":"kind"'),
        (["--by", "kind"], "flowchart RL\n", '"contacts: 3 resources"'),
        (["--kinds", "contacts,bookings"], "flowchart RL\n", "contacts.jane-doe"),
        (["--target", "contacts.jane-doe"], "flowchart RL\n", "contact_bookings.jane-doe--"),
    ],
)
def test_the_command_draws(options: list[str], begins: str, holds: str) -> None:
    done = draw(*options)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(begins)
    assert holds in done.out


def test_the_command_says_when_it_draws_kinds(tmp_path: Path) -> None:
    rows = "\n".join(f"  t{i}: {{type: on-top}}" for i in range(130))
    (tmp_path / "a.yaml").write_text(f"reconciler: {{stack: a-1}}\ntaxes:\n{rows}\n")
    done = draw(path=tmp_path)
    assert '"taxes: 130 resources"' in done.out
    assert "each box is a kind" in done.err
    assert draw("--by", "resource", path=tmp_path).out.count("taxes.t") == 130


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (
            ["--target", "contacts.nobody"],
            "there is no resource contacts.nobody\n  hint: name it as KIND.KEY",
        ),
        (["--kinds", "contcts"], "did you mean contacts?"),
        (["--kinds", "zzz"], "known: api_requests, "),
        (["--format", "png"], "'png' is not one of"),
    ],
)
def test_the_command_refuses(options: list[str], says: str) -> None:
    done = draw(*options)
    assert (done.code, done.out) == (1, "")
    assert says in done.err


def test_a_wrong_configuration_is_explained(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("reconciler: {stack: a-1}\ntaxes: {a: {percentag: 1}}\n")
    done = draw(path=tmp_path)
    assert done.code == 1
    assert "did you mean 'percentage'" in done.err
