"""A page of a PDF in fonts that it carries, and a few ways of setting text and charts on it.

fpdf2 draws it: pure Python, typed, and it embeds only the glyphs that are used. DejaVu Sans has Latin, Greek, Cyrillic
and the symbols of the report; a character that it lacks becomes an empty square.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fpdf import FPDF
from fpdf.fonts import TTFFont

from interviewer.adapters.report_charts import Chart, Ink, Label, Line
from interviewer.adapters.report_html import drawable

FONTS = Path(__file__).parent / "fonts"
FONT = "DejaVu"
MISSING_GLYPH = "□"
MARGIN = 18.0  # millimetres
MILLIMETRES = 0.25  # of one unit of a chart

Colour = tuple[int, int, int]
TEXT: Colour = (26, 34, 48)
QUIET: Colour = (86, 97, 115)
INKS: dict[Ink, Colour] = {"text": TEXT, "faint": (195, 204, 216), "now": (47, 93, 140), "before": (107, 118, 134)}
SHADES: dict[str, Colour] = {
    "covered": (213, 240, 227),
    "carried": (213, 240, 227),
    "partial": (252, 231, 203),
    "partly": (252, 231, 203),
    "hinted": (252, 231, 203),
    "contradicted": (250, 220, 220),
    "against": (250, 220, 220),
}
PLAIN: Colour = (237, 240, 244)


class Page(FPDF):
    """A4 in the fonts of the report, with a few ways of setting text. What the fonts lack is replaced on the way in."""

    def __init__(self, title: str) -> None:
        super().__init__(format="A4")
        self.add_font(FONT, "", FONTS / "DejaVuSans.ttf")
        self.add_font(FONT, "B", FONTS / "DejaVuSans-Bold.ttf")
        self._glyphs = frozenset(
            glyph for font in self.fonts.values() if isinstance(font, TTFFont) for glyph in font.cmap
        )
        self.set_title(self.shown(title))
        self.set_lang("en")
        self.set_margin(MARGIN)
        self.set_auto_page_break(True, MARGIN)
        self.add_page()

    def footer(self) -> None:
        self.set_y(-12)
        self.ink(QUIET, 8)
        self.cell(0, 5, f"{self.page_no()}", align="C")

    def shown(self, text: str) -> str:
        """The text in characters that the font has."""
        return "".join(
            c if ord(c) in self._glyphs or c == "\n" else MISSING_GLYPH for c in drawable(text).replace("\t", "    ")
        )

    def heading(self, text: str, size: float = 13) -> None:
        self.room_for(22)
        self.ln(3.5)
        self.start_section(self.shown(text))
        self.ink(TEXT, size, "B")
        self._lines(text, size * 0.48)
        self.ln(0.8)

    def text_lines(self, text: str, *, bold: bool = False) -> None:
        self.ink(TEXT, 10, "B" * bold)
        self._lines(text, 5)

    def quiet(self, text: str) -> None:
        self.ink(QUIET, 8.5)
        self._lines(text, 4.4)

    def quote(self, text: str, after: str = "") -> None:
        self.ink(TEXT, 9.5)
        left = self.l_margin
        self.set_left_margin(left + 4)
        self.set_x(self.l_margin)
        self._lines(f"“{text}”{'  ' * bool(after)}{after}", 4.8)
        self.set_left_margin(left)
        self.set_x(left)

    def signed(self, kind: str, text: str, after: str = "") -> None:
        """A shaded sign, symbol and word, with quiet words after it on the line."""
        self.room_for(16)
        self.set_fill_color(*SHADES.get(kind, PLAIN))
        self.ink(TEXT, 9)
        words = self.shown(text)
        self.cell(self.get_string_width(words) + 4, 5.4, words, fill=True)
        self.ink(QUIET, 8.5)
        self.cell(0, 5.4, f"  {self.shown(after)}", new_x="LMARGIN", new_y="NEXT")

    def answer(self, parts: Sequence[tuple[str, str | None, str]]) -> None:
        """An answer in pieces: words, what they are evidence for, and the points that they carried."""
        for words, kind, numbers in parts:
            shown = self.shown(words)
            self.ink(TEXT, 9.5, "B" * (kind is not None))
            self.write(5, shown)
            if numbers:
                self.ink(QUIET, 7.5)
                self.write(5, f" [{numbers}] ")
        self.ln(5.5)

    def chart(self, chart: Chart, left: float, top: float) -> None:
        """The chart with its upper left corner here, in millimetres."""
        for shape in chart.shapes:
            if isinstance(shape, Line):
                self._draw(shape, left, top)
            else:
                self._letter(shape, left, top)

    def _draw(self, line: Line, left: float, top: float) -> None:
        points = [(left + x * MILLIMETRES, top + y * MILLIMETRES) for x, y in line.points]
        ink = INKS[line.ink]
        self.set_draw_color(*ink)
        self.set_line_width(line.width * MILLIMETRES)
        if line.dashed:
            self.set_dash_pattern(dash=1.2, gap=0.8)
        if line.closed:
            self.set_fill_color(*ink)
            if line.fill:
                with self.local_context(fill_opacity=line.fill):
                    self.polygon(points, style="F")
            self.polygon(points, style="D")
        else:
            self.polyline(points, style="D")
        self.set_dash_pattern()

    def _letter(self, label: Label, left: float, top: float) -> None:
        self.ink(INKS[label.ink], label.size * MILLIMETRES * 2.9)
        words = self.shown(label.text)
        width = self.get_string_width(words)
        back = {"start": 0.0, "middle": width / 2, "end": width}[label.align]
        self.text(left + label.at[0] * MILLIMETRES - back, top + label.at[1] * MILLIMETRES, words)

    def ink(self, colour: Colour, size: float, style: str = "") -> None:
        self.set_text_color(*colour)
        self.set_font(FONT, style, size)

    def _lines(self, text: str, height: float) -> None:
        self.multi_cell(0, height, self.shown(text), align="L", new_x="LMARGIN", new_y="NEXT")

    def room_for(self, height: float) -> None:
        if self.will_page_break(height):
            self.add_page()
