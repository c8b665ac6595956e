"""Rows of the report: what was measured, against what, and whether it is what was wanted."""
import json
import statistics
import time


MOST_FOREIGN = 0.10  # of all cores: beyond that a figure tells about the others, and is not judged


def number(value):
    """Three figures are as many as a range over a few repetitions can bear."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 100 else f"{value:.2f}"


def spread(values):
    if not values:
        return "–"
    middle = number(statistics.median(values))
    return middle if len(values) == 1 else f"{middle} ({number(min(values))}–{number(max(values))})"


class Row:
    """`ours` and `yardstick` hold one value a repetition, in pairs. The ratio says how good we are
    where more is better, and how much we cost where less is."""

    def __init__(self, figure, what, unit):
        self.figure, self.what, self.unit = figure, what, unit
        self.ours, self.yardstick, self.ratios = [], [], []
        self.bound, self.absent, self.foreign, self.notes = None, None, 0.0, {}

    def pair(self, ours, yardstick, less_is_better=False):
        self.ours.append(ours)
        self.yardstick.append(yardstick)
        self.ratios.append(yardstick / ours if less_is_better else ours / yardstick)

    def wants(self, at_least=None, at_most=None):
        """What the ratio, or the value where there is no yardstick, has to be."""
        if at_least is not None:
            self.bound = ("≥", at_least)
        elif at_most is not None:
            self.bound = ("≤", at_most)
        return self

    def met(self):
        """None where nothing is wanted."""
        if not self.bound:
            return None
        if self.absent or not self.ours or self.disturbed():
            return False
        value = statistics.median(self.ratios or self.ours)
        return value >= self.bound[1] if self.bound[0] == "≥" else value <= self.bound[1]

    def disturbed(self):
        return self.foreign > MOST_FOREIGN

    def verdict(self):
        if not self.bound:
            return "–"
        if self.disturbed() and not self.absent:
            return "disturbed"
        return "yes" if self.met() else "NO"

    def cells(self):
        wanted = f"{self.bound[0]} {self.bound[1]:g}" if self.bound else "–"
        what = f"{self.what} [{self.unit}]"
        if self.absent:
            return [self.figure, what, "absent", "", "", wanted, self.verdict()]
        return [self.figure, what, spread(self.ours), spread(self.yardstick), spread(self.ratios),
                wanted, self.verdict()]

    def told(self):
        disturbed = f"others took {self.foreign:.0%} of all cores meanwhile: not judged"
        return [*self.notes.items(), *([("absent", self.absent)] if self.absent else []),
                *([("disturbed", disturbed)] if self.disturbed() else [])]

    def as_json(self):
        return {"figure": self.figure, "what": self.what, "unit": self.unit, "ours": self.ours,
                "yardstick": self.yardstick, "ratios": self.ratios, "wanted": self.bound,
                "met": self.met(), "absent": self.absent, "foreign_load": self.foreign,
                "notes": self.notes}


HEADINGS = ["figure", "what", "ours", "yardstick", "ratio", "wanted", "met"]


def print_table(rows):
    cells = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(HEADINGS))]
    for line in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())
    print("Medians, and in parentheses the least and the most over the repetitions.")
    notes = [f"  {row.figure}: {name}: {text}" for row in rows for name, text in row.told()]
    print(*dict.fromkeys(notes), sep="\n")


def write(folder, facts, parts, pictures):
    """The parts as JSON, the pictures beside it; gives their names."""
    folder.mkdir(exist_ok=True)
    stem = time.strftime("%Y-%m-%d-%H%M%S")
    texts = {f"{stem}.json": json.dumps({"machine": facts, **parts}, indent=2, ensure_ascii=False) + "\n"}
    texts |= {f"{stem}-{name}.svg": picture for name, picture in pictures.items()}
    for name, text in texts.items():
        (folder / name).write_text(text)
    return list(texts)
