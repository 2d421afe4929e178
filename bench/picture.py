"""Draws results.json as an SVG: ratios to libcurl with their targets, and how the cost grows."""

import math
from html import escape

OURS, FLOOR, GOAL, GREY = "#2563a8", "#8a8f98", "#c2410c", "#444"
WIDTH, ROW, LEFT, BARS = 960, 22, 400, 480
PANEL, GAP = 220, 20


def _text(x, y, words, anchor="start", size=12, colour="#111"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" '
            f'fill="{colour}">{escape(words)}</text>')


def _line(x1, y1, x2, y2, colour, width=1.0):
    return (f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke="{colour}" stroke-width="{width}"/>')


def _ratio_rows(figures, top):
    """One bar per figure, as long as its ratio; whiskers are quartiles, the mark is the target."""
    longest = max(max(figure["ratio"]["ours"]["high"], figure["goal"] or 0) for figure in figures)
    scale = BARS / longest
    out = [_line(LEFT + scale, top - 6, LEFT + scale, top + ROW * len(figures), FLOOR)]
    for row, figure in enumerate(figures):
        y = top + row * ROW
        ratio = figure["ratio"]["ours"]
        out.append(_text(LEFT - 8, y + 11, figure["title"], "end"))
        out.append(f'<rect x="{LEFT}" y="{y}" width="{ratio["median"] * scale:.1f}" '
                   f'height="{ROW - 8}" fill="{OURS}"/>')
        out.append(_line(LEFT + ratio["low"] * scale, y + 7, LEFT + ratio["high"] * scale, y + 7,
                         "#111", 1.5))
        if figure["goal"]:
            x = LEFT + figure["goal"] * scale
            out.append(_line(x, y - 3, x, y + ROW - 5, GOAL, 2))
        out.append(_text(LEFT + max(ratio["high"], ratio["median"]) * scale + 6, y + 11,
                         f'{ratio["median"]:.2f}'))
    return out


def _panel(curve, left, top):
    """Cost over size on logarithmic axes: a line of slope 1 is linear growth."""
    points = curve["own"] + curve["curl"]
    xs, ys = ([math.log10(point[i]) for point in points] for i in (0, 1))
    spans = [(min(values), max(max(values) - min(values), 1e-9)) for values in (xs, ys)]

    def place(point):
        return (left + (math.log10(point[0]) - spans[0][0]) / spans[0][1] * PANEL,
                top + PANEL - (math.log10(point[1]) - spans[1][0]) / spans[1][1] * PANEL)

    out = [f'<rect x="{left}" y="{top}" width="{PANEL}" height="{PANEL}" fill="none" '
           f'stroke="#ccc"/>',
           _text(left, top - 22, curve["title"]),
           _text(left, top - 7, f'{curve["per"]}; end grows as n^{curve["exponent"]:.2f}',
                 size=11, colour=GREY)]
    for subject, colour in (("curl", FLOOR), ("own", OURS)):
        line = " ".join("{:.1f},{:.1f}".format(*place(point)) for point in curve[subject])
        out.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
    (least, _), (most, _) = curve["own"][0], curve["own"][-1]
    out.append(_text(left, top + PANEL + 14, f"{least:,}", size=11, colour=GREY))
    out.append(_text(left + PANEL, top + PANEL + 14, f'{most:,} {curve["unit"]}', "end", 11, GREY))
    out.append(_text(left + 4, top + 14, f"{10 ** (spans[1][0] + spans[1][1]):,.0f} µs", size=11,
                     colour=GREY))
    out.append(_text(left + 4, top + PANEL - 4, f"{10 ** spans[1][0]:,.0f} µs", size=11,
                     colour=GREY))
    return out


def draw(results):
    """The SVG text."""
    figures = [figure for figure in results["figures"] if "ours" in figure["ratio"]]
    curves_top = 90 + ROW * len(figures) + 60
    height = curves_top + (PANEL + 40 if results["curves"] else 0)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
           f'font-family="sans-serif"><rect width="100%" height="100%" fill="#fff"/>',
           _text(20, 30, "llm-bedrock against plain libcurl moving the same bytes", size=17),
           _text(20, 50, "bar: cost over libcurl's; black: quartiles; orange: target; grey: libcurl "
                 "itself", colour=GREY),
           *_ratio_rows(figures, 75)]
    for number, curve in enumerate(results["curves"]):
        out += _panel(curve, GAP + number * (PANEL + 2 * GAP - 24), curves_top)
    return "\n".join(out) + "\n</svg>\n"
