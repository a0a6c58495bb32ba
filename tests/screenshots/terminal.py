"""Pictures of plans on a terminal, and as GitHub shows them."""

import io
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from markdown_it import MarkdownIt
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from tests.chromium import Browser
from tests.screenshots.pictures import save
from tests.screenshots.villa import Command

LINES = 52
THEME = TerminalTheme(
    (13, 17, 23),
    (230, 237, 243),
    [(72, 79, 88), (255, 123, 114), (63, 185, 80), (210, 153, 34), (88, 166, 255), (188, 140, 255),
     (57, 197, 207), (230, 237, 243)],
)  # fmt: skip
PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; padding: 18px 22px; {style} }} {css}</style>{body}"""
TERMINAL = "background: #0d1117; color: #e6edf3; width: max-content;"
GITHUB = """font: 14px/1.5 "Liberation Sans", sans-serif; color: #1f2328; width: 800px;"""
GITHUB_CSS = """
h3 { font-size: 20px; margin: 0 0 12px; } h4 { margin: 18px 0 8px; font-size: 15px; }
p { margin: 0 0 12px; } ul { margin: 0; padding-left: 22px; }
code, pre { font-family: "DejaVu Sans Mono", monospace; font-size: 11.5px; }
:not(pre) > code { background: #818b981f; border-radius: 6px; padding: 2px 5px; }
table { border-collapse: collapse; margin-bottom: 14px; }
th, td { border: 1px solid #d1d9e0; padding: 4px 13px; } tr:nth-child(even) { background: #f6f8fa; }
pre code { background: none; padding: 0; } details { margin: 6px 0; } summary { cursor: pointer; }
pre { background: #f6f8fa; border-radius: 6px; padding: 12px 0; margin: 8px 0; line-height: 1.45; }
pre div { padding: 0 14px; } .in { background: #dafbe1; color: #116329; }
.out { background: #ffebe9; color: #82071e; } .mark { color: #953800; }
blockquote { border-left: 4px solid #9a6700; margin: 0 0 14px; padding: 2px 14px; }
blockquote.NOTE { border-color: #0969da; } blockquote.CAUTION { border-color: #cf222e; }
blockquote b { color: #9a6700; } blockquote.NOTE b { color: #0969da; }
"""


def terminal_pictures(browser: Browser, command: Command) -> None:
    """Take a plan as people see it on a terminal."""
    watched = command.watch("plan", "villa", "--out", "plan.json")
    _terminal(browser, watched, "plan-terminal")
    _terminal(browser, command.watch("plan", "villa", "--compact"), "plan-compact")


def _terminal(browser: Browser, text: str, name: str) -> None:
    lines = text.splitlines()
    if len(lines) > LINES:
        lines[LINES - 3 : -3] = [f"      … {len(lines) - LINES} more lines …"]
    console = Console(record=True, width=84, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi("\n".join(lines)))
    pre = "<pre style=\"font: 14px/1.35 'DejaVu Sans Mono', monospace; margin: 0\">{code}</pre>"
    body = console.export_html(theme=THEME, code_format=pre, inline_styles=True)
    _picture(browser, PAGE.format(style=TERMINAL, css="", body=body), name)


def markdown_picture(browser: Browser, text: str) -> None:
    """Take a plan as GitHub shows it."""
    body = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    body = re.sub(r"<blockquote>\s*<p>\[!(\w+)\]", r'<blockquote class="\1"><p><b>\1</b><br>', body)
    body = re.sub(r'(?s)<pre><code class="language-diff">(.*?)</code></pre>', _coloured, body)
    opened = iter(["<details open>"] * 2)
    body = re.sub("<details>(?=<summary><code>~)", lambda found: next(opened, found[0]), body)
    _picture(browser, PAGE.format(style=GITHUB, css=GITHUB_CSS, body=body), "plan-markdown", 1150)


def _coloured(block: re.Match[str]) -> str:
    sorts = {"+": "in", "-": "out", "!": "mark"}
    lines = block[1].rstrip("\n").split("\n")
    return "<pre>{}</pre>".format(
        "".join(
            f'<div class="{sorts.get(line[:1], "")}"><code>{line}</code></div>' for line in lines
        )
    )


def _picture(browser: Browser, page: str, name: str, height: int | None = None) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder, "page.html")
        file.write_text(page, encoding="utf-8")
        browser.open(file, width=900, height=height or 600)
        browser.run("document.fonts.ready.then(() => 1)")
        width, tall = cast(
            "list[int]",
            browser.run(
                "(() => { const r = document.body.getBoundingClientRect();"
                " return [Math.ceil(r.width), Math.ceil(r.height)] })()"
            ),
        )
        browser.open(file, width=width, height=min(tall, height or tall))
        save(browser, name)
