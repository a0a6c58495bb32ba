"""YAML as people write it on a bad day: every style there is, and comments everywhere."""

from dataclasses import dataclass, field
from random import Random

KINDS = ("contacts", "bookings", "contact_bookings", "services", "x-notes")
COLUMNS = ("email", "zip", "notes", "meta", "$ignore", "first_name", "fee", "order", "unknown")
TEXTS = (
    "Jane", "a b", "no", "0123", "12", "1.5", "true", "null", "~", "x: y", "a #b", "[x", "{y}",
    "- z", "${NAME}", "it's", 'say "hi"', "é😀", "https://example.com/a?b=c", "2026-07-04", "a, b",
    "&a", "*b", "!c", "%d", "@e", "`f", "a:", ":a", "?", "-", "a-b", "15:00", "#x", "<<", "=",
)  # fmt: skip
PLAIN = (
    "Jane", "a b", "no", "0123", "12", "1.5", "true", "null", "~", "${NAME}", "it's", "é😀",
    "https://example.com/a?b=c", "2026-07-04", "a-b", "15:00", "", "x#y", "a,b", "a:b",
)  # fmt: skip
IN_BRACKETS = tuple(text for text in PLAIN if not set(text) & set(",{}:") and text)


@dataclass(slots=True)
class Messy:
    """Writes a random file; ``comments`` are all comments it has, each with words of its own."""

    random: Random
    comments: list[str] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def file(self) -> str:
        """Write a whole file."""
        if self._sometimes(5):
            self.lines.append("---")
        for name in self.random.sample(KINDS, self.random.randint(1, 4)):
            self._space(0)
            if self._sometimes(12):
                self.lines.append(f"{name}:{self._beside()}")
            elif name == "contact_bookings":
                self._list(f"{name}:", self.random.choice([0, 2, 3]), 1)
            else:
                self._mapping(f"{name}:", self.random.choice([1, 2, 4]), 2, keyed=True)
        self._space(0)
        return "\n".join(self.lines) + self.random.choice(["", "\n", "\n\n\n"])

    def _mapping(self, head: str, indent: int, depth: int, *, keyed: bool = False) -> None:
        self.lines.append(f"{head}{self._anchor()}{self._beside()}")
        names = [f"key-{n}" for n in range(4)] if keyed else list(COLUMNS)
        for name in self.random.sample(names, self.random.randint(1, 4)):
            self._space(indent)
            if keyed:
                self._mapping(" " * indent + f"{name}:", indent + self.random.randint(1, 4), depth)
            else:
                self._value(" " * indent + f"{self._key(name)}:", indent, depth)

    def _list(self, head: str, indent: int, depth: int) -> None:
        self.lines.append(f"{head}{self._beside()}")
        for _ in range(self.random.randint(1, 3)):
            self._space(indent)
            dash = " " * indent + "-"
            if self._sometimes(2):
                inside = indent + 2
                before = len(self.lines)
                self._mapping("", inside, depth)
                opening, *rest = self.lines[before:]
                compact = not opening and rest[0].strip() and rest[0].strip()[0] != "#"
                if compact:
                    self.lines[before:] = [f"{dash} {rest[0].lstrip()}", *rest[1:]]
                else:
                    self.lines[before:] = [dash + opening, *rest]
            else:
                self._value(dash, indent, depth - 1)

    def _value(self, head: str, indent: int, depth: int) -> None:
        kind = self.random.choice(["plain", "quoted", "block", "folded", "flow", "map", "list"])
        if kind == "map" and depth > 0 and not head.endswith("-"):
            self._mapping(head, indent + self.random.randint(1, 4), depth - 1)
        elif kind == "list" and depth > 0 and not head.endswith("-"):
            self._list(head, indent + self.random.randint(0, 3), depth - 1)
        elif kind == "flow":
            self._flow_lines(head, indent, depth)
        elif kind in ("block", "folded"):
            self._block(head, indent, "|" if kind == "block" else ">")
        elif kind == "quoted" and self._sometimes(4):
            self.lines += [
                f'{head} "several',
                "",
                " " * (indent + 1) + f'   lines"{self._beside()}',
            ]
        elif kind == "plain" and self._sometimes(4):
            self.lines += [f"{head} several", " " * (indent + 2) + f"lines{self._beside()}"]
        elif kind == "plain" and self.anchors and self._sometimes(3):
            self.lines.append(f"{head} *{self.random.choice(self.anchors)}{self._beside()}")
        else:
            text = self._scalar(kind)
            self.lines.append(f"{head}{self._anchor()} {text}".rstrip() + self._beside())

    def _block(self, head: str, indent: int, mark: str) -> None:
        chomp, deep = self.random.choice(["", "-", "+"]), indent + self.random.randint(1, 4)
        first = self.random.choice(["text", "# no comment", "  deeper"])
        digit = str(deep - indent) if first.startswith(" ") or self._sometimes(4) else ""
        self.lines.append(f"{head} {mark}{digit}{chomp}{self._beside()}")
        self.lines += [" " * deep + line for line in (first, "more: text")]
        self.lines += [""] * self.random.randint(0, 2)

    def _flow_lines(self, head: str, indent: int, depth: int) -> None:
        if self._sometimes(2):
            self.lines.append(f"{head} {self._flow(depth)}{self._beside()}")
            return
        self.lines.append(f"{head} [{self._beside()}")
        for _ in range(self.random.randint(0, 3)):
            self._space(indent + 1)
            self.lines.append(" " * (indent + 1) + f"{self._flow(depth)},{self._beside()}")
        self._space(indent + 1)
        self.lines.append(" " * (indent + 1) + f"]{self._beside()}")

    def _flow(self, depth: int) -> str:
        kind = self.random.choice(["plain", "quoted", "map", "list"])
        if depth <= 0 or kind in ("plain", "quoted"):
            return self._scalar(kind, brackets=True)
        items = [self._flow(depth - 1) for _ in range(self.random.randint(0, 3))]
        if kind == "list":
            return f"[{', '.join(items)}]"
        names = map(self._key, self.random.sample(COLUMNS, len(items)))
        return f"{{{', '.join(f'{n}: {item}' for n, item in zip(names, items, strict=True))}}}"

    def _scalar(self, kind: str, *, brackets: bool = False) -> str:
        if kind == "plain" or (kind not in ("quoted",) and self._sometimes(2)):
            return self.random.choice(IN_BRACKETS if brackets else PLAIN)
        text = self.random.choice(TEXTS)
        if self._sometimes(2):
            return "'" + text.replace("'", "''") + "'"
        return '"' + text.replace('"', '\\"') + '"'

    def _key(self, name: str) -> str:
        return f'"{name}"' if self._sometimes(8) else name

    def _anchor(self) -> str:
        if not self._sometimes(10):
            return ""
        self.anchors.append(f"a{self.random.randint(0, 3)}")
        return f" &{self.anchors[-1]}"

    def _space(self, indent: int) -> None:
        self.lines += [""] * self.random.choice([0, 0, 0, 1, 2])
        while self._sometimes(4):
            self.lines.append(" " * self.random.choice([0, indent, indent, 7]) + self._comment())
            self.lines += [""] * self.random.choice([0, 0, 1])

    def _beside(self) -> str:
        return " " * self.random.randint(1, 3) + self._comment() if self._sometimes(5) else ""

    def _comment(self) -> str:
        self.comments.append(f"# comment {len(self.comments)}: 'x, {{y}}")
        return self.comments[-1]

    def _sometimes(self, times: int) -> bool:
        return self.random.randrange(times) == 0
