"""Expand a whole configuration: bounded first, then made, file by file."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain

from ...catalogue import Kind
from ...values.address import KEY_PATTERN, UUID_PATTERN
from ..load import Loaded, ProblemReport, Source
from ..load.nodes import Entry, MappingNode, Origin, SequenceNode, is_null
from .budget import Budget
from .defaults import Defaults, read_defaults
from .made import MadeBefore
from .make import Instance, Maker
from .names import DEFAULTS, TEMPLATES
from .origin import Place
from .part import Part
from .tell import Hint, Tell
from .template import Template, read_templates


def expanded(
    loaded: Loaded,
    kinds: Mapping[str, Kind],
    report: ProblemReport,
    hint: Hint,
    made_before: MadeBefore | None = None,
) -> tuple[Loaded, Defaults, tuple[str, ...]]:
    """Make what the instances say; gives it with the defaults, and the templates' names."""
    tell, before = Tell(report, hint), report.count
    found = read_templates(loaded, kinds, tell)
    templates = {name: template for name, template in found.items() if template}
    defaults = read_defaults(loaded, kinds, tell)
    maker = Maker(templates, kinds, tell)
    instances = [list(_instances(source, templates, tell)) for source in loaded.sources]
    budget = Budget(loaded.most_made, tell)
    if not budget.holds_instances(chain.from_iterable(instances), templates):
        instances, defaults = [[] for _ in instances], Defaults({}, {})
    if made_before and report.count == before:
        made_before.begin(loaded, kinds)
    else:
        made_before = None  # what is made now lacks something
    rest = iter(instances)
    layers = tuple(
        tuple(
            made
            for source in layer
            for made in _made(source, next(rest), set(found), maker, made_before)
        )
        for layer in loaded.layers
    )
    if defaults and not budget.holds_defaults(defaults, chain.from_iterable(layers)):
        defaults = Defaults({}, {})
    if report.count > before and layers:
        # names may be missing because nothing was made
        unknown = Source(loaded.folder, "", "", None, broken=True, made=True)
        layers = ((*layers[0], unknown), *layers[1:])
    return replace(loaded, layers=layers), defaults, tuple(found)


def _instances(source: Source, templates: Mapping[str, Template], tell: Tell) -> Iterator[Instance]:
    for name, entry in source.root.entries.items() if source.root else ():
        template = templates.get(name)
        if template is None or is_null(entry.value):
            continue
        if not isinstance(entry.value, MappingNode):
            hint = f"write {name}: {{some-key: {{…}}}}"
            tell.error("bad-argument", f"{name} takes a mapping of keys", entry.position, hint)
            continue
        for key, item in entry.value.entries.items():
            place = Place.of(item.key, item.origin)
            if not KEY_PATTERN.match(key) or UUID_PATTERN.match(key):
                message = f"{name}: {key!r} is not a valid key"
                hint = "write a-z, 0-9, '_' and single '-', as in summer-stay"
                tell.error("bad-key", message, place.position, hint)
                continue
            yield Instance(template, item.key, item.value, place)


def _made(
    source: Source,
    instances: list[Instance],
    names: set[str],
    maker: Maker,
    made_before: MadeBefore | None,
) -> tuple[Source, ...]:
    """Give what a file becomes, as it was made before where that is the same."""
    known = made_before.of(source) if made_before else None
    if known is not None:
        return known
    before = maker.tell.report.count
    made = tuple(_expanded(source, instances, names, maker))
    if made_before and maker.tell.report.count == before:
        made_before.keep(source, made)
    return made


def _expanded(
    source: Source, instances: list[Instance], names: set[str], maker: Maker
) -> Iterator[Source]:
    """Give a file without what is for templates, and what its instances make."""
    root = source.root
    if root is None:
        yield source
        return
    gone = names | {TEMPLATES, DEFAULTS}
    if gone.isdisjoint(root.entries):
        yield source
        return
    entries = {name: entry for name, entry in root.entries.items() if name not in gone}
    yield source._replace(root=MappingNode(entries, root.place))
    for instance in instances:
        for made in _roots(maker.make(instance)):
            yield Source(source.path, source.file, "", made, source.broken, made=True)


def _roots(parts: list[Part]) -> Iterator[MappingNode]:
    """Gather what was made by kind; what has the same key twice is not lost, but another root."""
    times: Counter[tuple[str, str]] = Counter()
    roots: list[dict[str, dict[str, Entry]]] = []
    # one root for each template that makes such links: they are told by their origin
    links: dict[tuple[str, Origin], list[Entry]] = {}
    for part in parts:
        if part.is_link:
            links.setdefault((part.kind, part.item.origin), []).append(part.item)
            continue
        number = times[part.kind, part.key]
        times[part.kind, part.key] += 1
        if number == len(roots):
            roots.append({})
        roots[number].setdefault(part.kind, {})[part.key] = part.item
    for sections in roots:
        yield MappingNode({kind: _section(section) for kind, section in sections.items()}, 0)
    for (kind, _), some in links.items():
        node = SequenceNode([item.value for item in some], some[0].key.start)
        yield MappingNode({kind: some[0]._replace(value=node)}, 0)


def _section(items: dict[str, Entry]) -> Entry:
    first = next(iter(items.values()))
    return first._replace(value=MappingNode(items, first.key.start))
