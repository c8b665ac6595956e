"""Pictures of what was measured, as SVG by hand: points with their range on a scale of powers of ten, and curves."""
import math
from xml.sax.saxutils import escape

WIDTH, LEFT, RIGHT, ROW, HEAD = 860, 250, 110, 22, 56
INK, PALE, OURS, THEIRS = "#222", "#ddd", "#0b6bcb", "#8a8a8a"
COLOURS = (OURS, "#c8511b", "#2e8540", "#7a3ea1", "#8a8a8a")
FONT = 'font-family="sans-serif" font-size="12"'


def text(x, y, words, anchor="start", more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{INK}" {more}>{escape(words)}</text>'


def line(x1, y1, x2, y2, colour=PALE, width=1):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="{width}"/>'


def dot(x, y, colour, size=4):
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size}" fill="{colour}"/>'


def picture(width, height, parts):
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
            f'{FONT}>\n<rect width="{width}" height="{height}" fill="white"/>\n' + "\n".join(parts) + "\n</svg>\n")


def short(value):
    """As few figures as tell it: 0.25, 13, 1,300, 10 k, 1 M."""
    for least, mark in ((1e6, " M"), (1e4, " k")):
        if value >= least:
            return f"{value / 10 ** (6 if mark == ' M' else 3):g}{mark}"
    return f"{value:,.0f}" if value >= 10 else f"{value:.3g}"


def decades(values):
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return range(low, max(high, low + 1) + 1)


def spot(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def dots(title, axis, groups):
    """`groups` are (heading, [(name, [least, middle, most], is_ours)]); one scale for all."""
    values = [value for _, rows in groups for _, three, _ in rows for value in three]
    if not values:
        return picture(WIDTH, HEAD, [text(16, 24, f"{title}: nothing was measured")])
    marks = decades(values)
    span = WIDTH - LEFT - RIGHT

    def at(value):
        return LEFT + span * (math.log10(value) - marks[0]) / (marks[-1] - marks[0])

    height = HEAD + sum(ROW * (len(rows) + 1.4) for _, rows in groups) + 40
    parts = [text(16, 24, title, more='font-size="16" font-weight="bold"')]
    bottom = height - 40
    for power in marks:
        parts += [line(at(10 ** power), HEAD - 12, at(10 ** power), bottom),
                  text(at(10 ** power), bottom + 16, short(10.0 ** power), "middle")]
    parts.append(text(LEFT + span / 2, bottom + 33, axis, "middle"))
    y = HEAD
    for heading, rows in groups:
        y += ROW * 0.4
        parts.append(text(16, y + 4, heading, more='font-weight="bold"'))
        for name, (least, middle, most), ours in rows:
            y += ROW
            colour = OURS if ours else THEIRS
            parts += [text(LEFT - 14, y + 4, name, "end"), line(LEFT, y, LEFT + span, y),
                      line(at(least), y, at(most), y, colour, 3), dot(at(middle), y, colour),
                      text(LEFT + span + 12, y + 4, spot(middle))]
        y += ROW
    return picture(WIDTH, math.ceil(height), parts)


def curves(title, across, up, lines):
    """`lines` are (name, [(x, y)]); both axes are powers of ten, so that what costs the same everywhere is level."""
    left, top, width, height = 80, 56, 560, 300
    xs, ys = ([point[i] for _, points in lines for point in points] for i in (0, 1))
    if not xs:
        return picture(WIDTH, HEAD, [text(16, 24, f"{title}: nothing was measured")])
    marks_x, marks_y = decades(xs), decades(ys)

    def place(x, y):
        return (left + width * (math.log10(x) - marks_x[0]) / (marks_x[-1] - marks_x[0]),
                top + height * (1 - (math.log10(y) - marks_y[0]) / (marks_y[-1] - marks_y[0])))

    parts = [text(16, 24, title, more='font-size="16" font-weight="bold"'),
             text(left + width / 2, top + height + 42, across, "middle"),
             text(0, 0, up, "middle", f'transform="translate(22 {top + height / 2}) rotate(-90)"')]
    for power in marks_x:
        x = place(10 ** power, 10 ** marks_y[0])[0]
        parts += [line(x, top, x, top + height), text(x, top + height + 20, short(10.0 ** power), "middle")]
    for power in marks_y:
        y = place(10 ** marks_x[0], 10 ** power)[1]
        parts += [line(left, y, left + width, y), text(left - 8, y + 4, short(10.0 ** power), "end")]
    ends = []
    for i, (name, points) in enumerate(lines):
        colour = COLOURS[i % len(COLOURS)]
        spots = [place(*point) for point in points]
        parts += [line(*one, *two, colour, 2) for one, two in zip(spots, spots[1:])]
        parts += [dot(*one, colour, 3) for one in spots]
        ends.append((spots[-1][1], name, colour, points[-1][1]))
    lowest = -math.inf
    for y, name, colour, value in sorted(ends):
        lowest = max(y + 4, lowest + 16)
        parts.append(f'<text x="{left + width + 14}" y="{lowest:.1f}" fill="{colour}">{escape(name)}: {spot(value)}</text>')
    return picture(WIDTH + 60, top + height + 60, parts)
