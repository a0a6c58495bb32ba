"""A secret is in nothing that is printed; the code of a page stays, or it would not run."""

import re

from reconciler.render.hiding import HIDDEN, hiding_streams
from reconciler.render.html import plan_html
from tests.builders import change
from tests.pages import check_reaches_nothing
from tests.render_cases import document

SECRET = "filter"


def test_a_page_still_runs_where_a_secret_is_a_word_of_its_code() -> None:
    page = plan_html(document([change("create taxes.vat", label={"default": f"a {SECRET} b"})]))
    assert page.count(SECRET) > 20
    with hiding_streams() as hiding:
        hiding.add([SECRET])
        masked = hiding.masked(page)
    check_reaches_nothing(masked)
    [data] = re.findall(r'(?s)<script type="application/json" id="plan">(.*?)</script>', masked)
    assert f"a {HIDDEN} b" in data
    assert SECRET not in re.sub(r"(?s)<(script|style)>.*?</\1>", "", masked)
