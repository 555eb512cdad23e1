"""Elements as safe text."""

from __future__ import annotations

from markupsafe import Markup

from ..visible import visible


def tag(name: str, *children: str, **attributes: str | float | None) -> Markup:
    """An element; text and attribute values are escaped, `class_` is `class`, `stroke_width` is `stroke-width`.

    >>> tag("text", "a < b", class_="tick", x=1.5)
    Markup('<text class="tick" x="1.5">a &lt; b</text>')
    """
    written = Markup().join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), _value(value))
        for key, value in attributes.items()
        if value is not None
    )
    inside = Markup().join(child if isinstance(child, Markup) else visible(child) for child in children)
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(name), written, inside)  # noqa: S704 # the name is ours


def svg(height: int, *children: str, label: str = "", class_: str = "chart") -> Markup:
    """A picture as wide as its place. With a label it speaks to screen readers; without, the text beside it does."""
    spoken: dict[str, str] = {"role": "img", "aria_label": label} if label else {"aria_hidden": "true", "focusable": "false"}
    return tag("svg", *children, class_=class_, width="100%", height=height, **spoken)


def _value(value: str | float) -> str:
    return visible(value) if isinstance(value, str) else f"{value:.6g}"
